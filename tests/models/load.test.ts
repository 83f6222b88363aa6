import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { reference } from '../../src/engines/reference/index.ts';
import { loadModelFile } from '../../src/models/index.ts';
import { optimizers } from '../../src/optimizers/index.ts';
import { openTrial } from '../../src/training/trial.ts';
import { dataOf, record, smallRun } from '../training/runs.ts';

const folder = mkdtempSync(join(tmpdir(), 'adam-repro-model-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

describe('a model from a user’s file', () => {
  it('trains like the shipped model that it repeats', async () => {
    const path = file(
      'logreg.ts',
      `import { classify, dense, flatten, type Model } from 'adam-repro';
       export const model: Model = (input, context) =>
         classify(dense(context, flatten(input.x), input.classes, 'output', { type: 'zeros' }), input);`,
    );
    const shipped = smallRun('adam', {
      model: { type: 'logistic-regression', initialization: { type: 'zeros' }, dropout: { input: 0 } },
    });
    const parts = { dataset: dataOf(shipped), optimizer: optimizers.adam, engine: reference };
    const own = await openTrial(shipped, { ...parts, model: await loadModelFile(path) });
    expect(await record(own)).toEqual(await record(await openTrial(shipped, parts)));
  });

  it.each([
    ['no function', 'export const model = 3;', /exports no model: export one/],
    ['nothing', 'export {};', /exports no model: export one/],
    ['a syntax error', 'export const model = (', /cannot be loaded: /],
  ])('with %s is refused in one sentence', async (name, text, message) => {
    await expect(loadModelFile(file(`${name.replaceAll(' ', '-')}.ts`, text))).rejects.toThrow(message);
  });
});
