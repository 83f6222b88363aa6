import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT, UsageError } from '../../src/errors.ts';
import { loadOptimizerFile, trajectory } from '../../src/optimizers/index.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'adam-repro-load-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

const rule = (update: string, more = '') => `defineOptimizer({
  name: 'mine', reference: 'none', hyper: { lr: 0.5 }, state: { m: 0 }, ${more}
  update: ({ p, g, m }, h, { lr }) => (${update}),
})`;
const sound = rule('{ m: g, step: multiply(lr, g) }');
const imports = `import { defineOptimizer, multiply, tensorLeaf } from 'adam-repro';\n`;

describe('a rule from a user file', () => {
  it('is TypeScript with imports of its own, and runs like a shipped one', async () => {
    const file = fileURLToPath(new URL('fixtures/sign-momentum.ts', import.meta.url));
    const optimizer = await loadOptimizerFile(file);
    const path = await trajectory(optimizer, {}, { start: [1], gradients: [[3], [-8]] });
    expect(path.map((p) => p[0])).toEqual([0.75, 1]);
    await expect(trajectory(optimizer, { beta: 1 }, { start: [1], gradients: [[1]] })).rejects.toThrow(
      'sign-momentum: beta is 1, but it must be a number >= 0 and < 1.',
    );
  });

  it.each([
    ['named.js', `export const optimizer = ${sound}; export const other = ${sound};`],
    ['default.mjs', `export default ${sound}; export const other = ${sound};`],
    ['only.ts', `const lr: number = 1;\nexport const anyName = ${sound}; export { lr };`],
  ])('is found in %s', async (name, text) => {
    expect((await loadOptimizerFile(written(name, imports + text))).name).toBe('mine');
  });

  it.each([
    ['none.ts', 'export const lr = 1;', 'exports no optimizer: export one'],
    ['two.ts', `export const a = ${sound}; export const b = ${sound};`, 'exports several optimizers (a, b)'],
    ['syntax.ts', 'export const = 3;', 'cannot be loaded: ParseError: Unexpected token (line 2, column 13)'],
    ['throws.ts', 'throw new Error("no luck");', 'cannot be loaded: no luck'],
    ['missing-import.ts', `import './nowhere.ts';`, 'cannot be loaded: '],
    [
      'no-lr.ts',
      'export const optimizer = defineOptimizer({ name: "x", hyper: {}, update: () => ({ step: 0 }) });',
      'Optimizer x has no learning rate',
    ],
    [
      'trace.ts',
      `export const optimizer = ${rule('g.missing.part')};`,
      'Optimizer mine: its update function fails: ',
    ],
    ['no-step.ts', `export const optimizer = ${rule('{ m: g }')};`, 'Optimizer mine: update returns no step'],
    [
      'slot.ts',
      `export const optimizer = ${rule('{ m: g, v: g, step: g }')};`,
      'update returns v, which is no state slot',
    ],
    [
      'no-slot.ts',
      `export const optimizer = ${rule('{ step: g }')};`,
      'update does not return the next value of m',
    ],
    [
      'operator.ts',
      `export const optimizer = ${rule('{ m: g, step: lr * g }')};`,
      'computes step from NaN, which * or +',
    ],
    [
      'inside.ts',
      `export const optimizer = ${rule('{ m: g, step: multiply(lr, h.rate) }')};`,
      'computes step from undefined',
    ],
    [
      'object.ts',
      `export const optimizer = ${rule('{ m: {}, step: g }')};`,
      'computes m from an object that is no expression',
    ],
    [
      'scalars.ts',
      `export const optimizer = ${rule('{ m: g, step: g }', 'scalars: () => ({ c: 1 / 0 }),')};`,
      'the scalar c is Infinity',
    ],
    [
      'reserved.ts',
      `export const optimizer = ${rule('{ m: g, step: g }', 'scalars: () => ({ lr: 1 }),')};`,
      '"lr" cannot be the name of a scalar',
    ],
  ])('%s is one clear sentence', async (name, text, message) => {
    const file = written(name, imports + text);
    const error = await loadOptimizerFile(file).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as UsageError).exitCode).toBe(EXIT.usage);
    expect((error as Error).message).toContain(message);
    expect((error as Error).message).toContain(file);
    expect((error as Error).message).not.toContain('\n');
  });

  it('a path that is wrong is named', async () => {
    await expect(loadOptimizerFile('./nowhere.ts')).rejects.toThrow(
      './nowhere.ts does not exist: check the path.',
    );
    await expect(loadOptimizerFile('./rule.yaml')).rejects.toThrow('name a .ts, .js or .mjs file');
  });
});
