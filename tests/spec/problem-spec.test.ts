import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseSpec } from '../../src/spec/load.ts';
import { type ResolveOptions, resolveSpec } from '../../src/spec/resolve.ts';
import { showSpec } from '../../src/spec/show.ts';

const text = `
problem: beale
training: { steps: 30 }
optimizers:
  sgd: { lr: 0.001 }
  far: { rule: adam, problem: { start: [0, 2] }, steps: 10, every: 5, schedule: cosine }
  other: { rule: adam, problem: { type: saddle }, grid: { problem.start: [[1, 0.1], [1, 0.2]] } }
profiles:
  smoke: { training: { steps: 3 } }
`;
const resolve = async (spec: string, options: Partial<ResolveOptions> = {}) =>
  resolveSpec(await parseSpec('/spec/paths.yaml', spec), { engine: 'wasm', profile: 'paper', ...options });

async function mistakes(spec: string): Promise<string[]> {
  try {
    await parseSpec('/spec/paths.yaml', spec);
    return [];
  } catch (error) {
    return (error as { issues: { message: string }[] }).issues.map(({ message }) => message);
  }
}

describe('a spec with a problem', () => {
  it('is resolved to runs whose epochs are steps, in float64 whatever the machine has', async () => {
    const { runs, engine } = await resolve(text);
    expect(engine).toBe('reference');
    expect(runs[0]).toMatchObject({
      engine: 'reference',
      data: { name: 'none', trainExamples: 1, testExamples: 0 },
      model: { type: 'problem', problem: { type: 'beale', start: [1, 1.6] } },
      batchSize: 1,
      epochs: 30,
      evaluation: { every: 1 },
    });
  });

  it('lets an entry have a task of its own', async () => {
    const { runs } = await resolve(text);
    expect(runs[1]).toMatchObject({
      model: { problem: { type: 'beale', start: [0, 2] } },
      epochs: 10,
      evaluation: { every: 5 },
      optimizerSettings: { schedule: { type: 'cosine', epochs: 10 } },
    });
    expect(runs[1]!.optimizerSettings.hyper).not.toHaveProperty('steps');
    expect(runs.slice(2).map(({ model }) => model)).toEqual(
      [0.1, 0.2].map((y) => ({ type: 'problem', problem: { type: 'saddle', start: [1, y] } })),
    );
  });

  it('has profiles and overrides like any other', async () => {
    const { runs, cuts } = await resolve(text, { profile: 'smoke' });
    expect(runs[0]!.epochs).toBe(3);
    expect(cuts).not.toEqual([]);
    const set = ['training.steps=7', 'problem.start=[2, 2]'];
    const changed = (await resolve(text, { overrides: { set, only: 'sgd' } })).runs;
    expect(changed).toHaveLength(1);
    expect(changed[0]).toMatchObject({ epochs: 7, model: { problem: { start: [2, 2] } } });
  });

  it('is cut short by steps', async () => {
    expect((await resolve(text, { profile: 'smoke' })).cuts).toContain('3 of 30 steps');
  });

  it('is shown so that it gives the same runs again', async () => {
    const experiment = await resolve(text);
    const shown = showSpec(experiment);
    expect(parse(shown)).not.toHaveProperty('data');
    expect((await resolve(shown)).runs).toEqual(experiment.runs);
  });

  it.each([
    [text.replace('beale', 'beal'), 'problem: expected one of ravine, beale'],
    [
      text.replace('problem: beale', 'problem: { type: beale, start: [1] }'),
      'problem.start: expected two numbers',
    ],
    [text.replace('steps: 30', 'epochs: 30'), 'unknown key "epochs" in training'],
    [`${text}data: { name: mnist }\n`, 'unknown key "data"'],
    [text.replace('{ type: saddle }', '{ type: saddle, depth: 3 }'), 'unknown key "depth"'],
    [text.replace('start: [0, 2]', 'start: here'), 'optimizers.far.problem.start: expected two numbers'],
    [text.replace('lr: 0.001', 'lr: 0.001, model: { hidden: [3] }'), 'optimizers.sgd.model: '],
    [`${text}engine: wasm\n`, 'engine: expected one of auto, reference'],
  ])('is refused where it makes no sense: %#', async (spec, message) => {
    expect(await mistakes(spec)).toEqual(expect.arrayContaining([expect.stringContaining(message)]));
  });

  it('is not mixed with a network: entries of other specs have no steps of their own', async () => {
    const network = `
data: { name: synthetic }
model: logistic-regression
training: { epochs: 1 }
optimizers: { sgd: { steps: 3 } }
`;
    expect(await mistakes(network)).toEqual([
      expect.stringContaining('unknown key "steps" in optimizers.sgd'),
    ]);
  });
});
