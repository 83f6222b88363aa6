import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { adamRepro, temporaryFolder } from '../../cli/built.ts';

/**
 * The real installation: hundreds of megabytes through pip and npm, and the machine's compiler. It runs where
 * ADAM_REPRO_STORE names a folder to install to, which CI keeps and the conformance suite uses afterwards.
 */
const { ADAM_REPRO_STORE: store } = process.env;

describe.skipIf(!store)('engine install tensorflow, for real', () => {
  const cwd = temporaryFolder();
  const run = (...args: string[]) => {
    const ended = adamRepro([...args, '--json'], { cwd, env: { ADAM_REPRO_STORE: store } });
    return { ...ended, document: JSON.parse(ended.stdout) as Record<string, unknown> };
  };

  it('passes its self-test, leaves nothing else, and answers at once the second time', {
    timeout: 300_000,
  }, () => {
    const first = run('engine', 'install', 'tensorflow');
    expect(first.stderr).not.toContain('error');
    expect(first.status).toBe(0);
    const { folder, install } = first.document as {
      folder: string;
      install: { selfTest: { checks: string[] } };
    };
    expect(install.selfTest.checks).toContain('training steps agree with the reference engine');
    expect(existsSync(join(folder, 'install.json'))).toBe(true);
    expect(readdirSync(store!).filter((name) => name.startsWith('.tmp-'))).toEqual([]);

    const second = run('engine', 'install', 'tensorflow');
    expect(second.document).toMatchObject({ already: true, folder });
    // Neither pip nor npm nor a compiler was started.
    expect(second.stderr).toBe('');
  });

  it('is listed as the one in use', () => {
    const { document } = run('engine', 'list');
    expect(document.engines).toContainEqual(expect.objectContaining({ name: 'tensorflow', ok: true }));
    expect(document.installs).toContainEqual(
      expect.objectContaining({ state: 'in use', tensorflow: '2.21.0' }),
    );
  });
});
