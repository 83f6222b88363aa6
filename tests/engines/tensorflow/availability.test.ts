import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { engineAvailability, loadEngine } from '../../../src/engines/index.ts';
import { tensorflow } from '../../../src/engines/tensorflow/index.ts';
import { findOfficial } from '../../../src/engines/tensorflow/install/locate.ts';
import { optimizers, resolveHyper, traceRule } from '../../../src/optimizers/index.ts';
import { ruleProgram } from '../../../src/optimizers/rule-program.ts';

// Where npm has installed the official package the engine is there.
describe.skipIf(findOfficial() !== null)('without TensorFlow', () => {
  let store: string;
  beforeEach(() => {
    store = mkdtempSync(join(tmpdir(), 'adam-repro-test-'));
    vi.stubEnv('ADAM_REPRO_STORE', store);
    vi.stubEnv('ADAM_REPRO_TENSORFLOW', '');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(store, { recursive: true });
  });

  it('the engine says why and what to do', async () => {
    const remedy = expect.stringContaining('adam-repro engine install tensorflow');
    expect(await engineAvailability('tensorflow')).toMatchObject({ ok: false, remedy });
    await expect(loadEngine('tensorflow')).rejects.toThrow('TensorFlow is not installed');
    const program = ruleProgram(traceRule(optimizers.sgd, resolveHyper(optimizers.sgd)), 3);
    await expect(tensorflow.compile(program)).rejects.toThrow('TensorFlow is not installed');
  });
});
