import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseSpec } from '../../src/spec/load.ts';
import { addedOptimizer, type Overrides } from '../../src/spec/overrides.ts';
import { resolveSpec } from '../../src/spec/resolve.ts';

const file = fileURLToPath(new URL('fixtures/own-rule.ts', import.meta.url));
const text = `
data: { name: synthetic }
model: { type: logistic-regression, initialization: zeros }
training: { batchSize: 100, epochs: 1 }
optimizers: { adam: {}, sgd: {} }
profiles: { quick: { only: [sgd] } }
`;
const resolved = async (overrides: Overrides) =>
  resolveSpec(await parseSpec('some.yaml', text), { overrides, engine: 'reference' });

describe('addedOptimizer', () => {
  it.each([
    ['./mine.ts', 'mine', './mine.ts'],
    ['mine.ts', 'mine', './mine.ts'],
    ['a/../mine.ts', 'mine', './mine.ts'],
    ['fast=rules/mine.mjs', 'fast', './rules/mine.mjs'],
    ['../up.js', 'up', '../up.js'],
  ])('%s is %s from %s', (typed, name, rule) => {
    expect(addedOptimizer(typed)).toEqual({ name, rule });
  });
});

describe('a rule added to a spec', () => {
  it('comes beside what the profile selects', async () => {
    const { optimizers, files, cuts } = await resolved({ optimizer: [`own=${file}`] });
    expect(optimizers.map(({ name }) => name)).toEqual(['sgd', 'own']);
    expect(files.rules).toEqual({ own: file });
    expect(cuts).toContain('1 of 2 optimizers (without adam)');
  });

  it('can be run alone, and set like any other', async () => {
    const overrides = { optimizer: [`own=${file}`], only: 'own', set: ['optimizers.own.lr=0.5'] };
    const { runs } = await resolved(overrides);
    expect(runs.map(({ optimizer, optimizerSettings }) => [optimizer, optimizerSettings.hyper.lr])).toEqual([
      ['own', 0.5],
    ]);
  });

  it('changes no run of the others', async () => {
    const plain = await resolved({ only: 'adam' });
    const beside = await resolved({ only: 'adam', optimizer: [file] });
    expect(beside.runs).toEqual(plain.runs);
  });

  it.each([
    [[`adam=${file}`], 'there is an optimizer "adam" already'],
    [[`own=${file}`, `own=${file}`], 'there is an optimizer "own" already'],
    [['own=./nowhere.ts'], 'no such file'],
    [['own=./mine.txt'], 'expected one of sgd'],
  ])('refuses %j', async (optimizer, message) => {
    await expect(resolved({ optimizer })).rejects.toThrow(message);
  });
});
