import { describe, expect, it } from 'vitest';
import { listExperiments, loadSpec, parseSpec } from '../../src/spec/load.ts';
import type { Overrides } from '../../src/spec/overrides.ts';
import { resolveSpec } from '../../src/spec/resolve.ts';
import {
  candidateMaker,
  combinations,
  planRecover,
  planTune,
  recoverCandidates,
  rungSizes,
} from '../../src/tuning/index.ts';
import type { SearchKind } from '../../src/tuning/table.ts';

const tiny = `
paper: { key: adam, figure: 1-left }
data: { name: synthetic }
model: { type: mlp, hidden: [4] }
training: { epochs: 40 }
optimizers:
  adam: { paperCurve: Adam }
  sgd: { label: SGDNesterov }
  rmsprop: {}
profiles:
  smoke: { training: { epochs: 2 } }
`;

async function open(more: string, overrides: Overrides = {}, profile: 'paper' | 'smoke' = 'paper') {
  const spec = await parseSpec('tiny.yaml', tiny + more);
  const resolve = (changes: Overrides = {}) =>
    resolveSpec(spec, { profile, engine: 'wasm', overrides: { ...overrides, ...changes } });
  return { spec, resolve, experiment: await resolve() };
}

/** Of figure 4, whose grid is over learning rate and betas. */
async function openGrid(optimizers: string) {
  const grid = 'grid: { beta1: [0.9], beta2: [0.999], lr: [1e-3, 1e-2] }';
  const text = `
paper: { key: adam, figure: '4' }
data: { name: synthetic }
model: { type: mlp, hidden: [4] }
training: { epochs: 10 }
optimizers:
  adam: { ${grid} }
  uncorrected: { rule: adam, biasCorrection: false, ${grid} }
recover:
  rungs: [10]
  shared: { training.batchSize: [50, 100] }
  optimizers: { ${optimizers} }
`;
  const spec = await parseSpec('grid.yaml', text);
  const resolve = (overrides: Overrides = {}) =>
    resolveSpec(spec, { profile: 'paper', engine: 'wasm', overrides });
  return { spec, resolve, experiment: await resolve() };
}

const recoverSection = `
recover:
  rungs: [3, 10, 40]
  shared: { model.dropout.hidden: [0, 0.5] }
  optimizers:
    adam: { lr: [1e-3, 1e-2], weightDecay.rate: [1e-4] }
    sgd: { lr: { log: [1e-2, 1], points: 5 } }
    rmsprop: { lr: [1] }
`;

describe('the plan of tune', () => {
  it('is seven learning rates around the default where the spec says nothing', async () => {
    const { spec, experiment } = await open('');
    const { plan, epochs } = planTune(spec, experiment, { search: [], extend: false });
    expect(Object.keys(plan.axes)).toEqual(['adam', 'sgd', 'rmsprop']);
    expect(plan.axes.adam![0]!.values).toHaveLength(7);
    expect(plan.axes.adam![0]!.values[3]).toBe(0.001);
    expect(plan.criterion).toEqual({ name: 'minibatch-cost', lastEpochs: 1 });
    expect(epochs).toBeUndefined();
  });

  it('follows the spec, and the command line before it', async () => {
    const section = `
tune:
  criterion: test-error
  epochs: 5
  optimizers: { adam: { lr: [1, 2] }, sgd: { lr: [3, 4] } }`;
    const { spec, experiment } = await open(section);
    const search = [{ path: 'adam.lr', values: [5, 6] }];
    const { plan, epochs, leftOut } = planTune(spec, experiment, { search, extend: true });
    expect(plan.axes.adam![0]!.values).toEqual([5, 6]);
    expect(plan.axes.sgd![0]!.values).toEqual([3, 4]);
    expect([plan.criterion.name, epochs, leftOut]).toEqual(['test-error', 5, ['rmsprop']]);
  });

  it('gives every optimizer the same number of trials', async () => {
    const { spec, experiment } = await open('');
    const search = [{ path: 'adam.beta1', values: [0, 0.9] }];
    expect(() => planTune(spec, experiment, { search, extend: false })).toThrow('adam 14, sgd 7, rmsprop 7');
  });

  it('needs a search space for one of the optimizers at least', async () => {
    const section = 'tune: { optimizers: { adam: { lr: [1, 2] } } }';
    const { spec, experiment } = await open(section, { only: 'sgd' });
    expect(() => planTune(spec, experiment, { search: [], extend: false })).toThrow(
      'none of sgd has a search space: add it to tune.optimizers, or give --search sgd.lr=[...].',
    );
  });

  it('has optimizers only, since every other setting is one of the problem', async () => {
    const { spec, experiment } = await open('');
    const search = [{ path: 'training.batchSize', values: [1] }];
    expect(() => planTune(spec, experiment, { search, extend: false })).toThrow('"training.batchSize"');
  });
});

describe('the plan of recover', () => {
  it('has the optimizers with a curve in the figure, by paperCurve or by label', async () => {
    const { spec, experiment } = await open(recoverSection);
    const { plan, leftOut } = planRecover(spec, experiment, { search: [] });
    expect(Object.values(plan.curves).map(({ name }) => name)).toEqual(['Adam', 'SGDNesterov']);
    expect(Object.keys(plan.axes)).toEqual(['adam', 'sgd']);
    expect(leftOut).toEqual(['rmsprop']);
    expect(plan.shared).toEqual([{ path: 'model.dropout.hidden', values: [0, 0.5] }]);
    expect([plan.rungs, plan.finalists]).toEqual([[3, 10, 40], 3]);
  });

  it('takes axes, rungs and the share from the command line', async () => {
    const { spec, experiment } = await open(recoverSection);
    const search = [
      { path: 'adam.momentum', values: [1] },
      { path: 'model.hidden', values: [[8]] },
    ];
    const { plan } = planRecover(spec, experiment, { search, rungs: [2], keep: 0.9 });
    expect(plan.axes.adam!.map(({ path }) => path)).toEqual(['lr', 'weightDecay.rate', 'momentum']);
    expect(plan.shared.map(({ path }) => path)).toEqual(['model.dropout.hidden', 'model.hidden']);
    expect([plan.rungs, plan.keep]).toEqual([[2], 0.9]);
  });

  it('ends with the length of a smaller profile', async () => {
    const { spec, experiment } = await open(recoverSection, {}, 'smoke');
    expect(planRecover(spec, experiment, { search: [] }).plan.rungs).toEqual([2]);
  });

  it('does not train where the last rung ends before a curve begins', async () => {
    const figure = recoverSection.replace('[3, 10, 40]', '[2]');
    const { spec, experiment } = await open(figure);
    const late = experiment.optimizers.map((optimizer) => {
      const { paperCurve } = optimizer;
      const points = paperCurve?.points.filter(({ x }) => x >= 3) ?? [];
      return paperCurve === undefined ? optimizer : { ...optimizer, paperCurve: { ...paperCurve, points } };
    });
    expect(() => planRecover(spec, { ...experiment, optimizers: late }, { search: [] })).toThrow(
      'the last rung is 2 epochs long, and the curve of adam begins at epoch 4, that of sgd at epoch 4: ' +
        'give longer --rungs, or more --epochs.',
    );
  });

  it('has one target for each point that a figure over a grid shows', async () => {
    const { spec, experiment } = await openGrid(
      'adam: { beta1: [0.9], beta2: [0.999], lr: [1e-3, 2e-3, 1e-2] }',
    );
    const { plan, leftOut, pointsLeftOut } = planRecover(spec, experiment, { search: [] });
    expect(pointsLeftOut).toBe(1);
    expect(plan.overGrid).toEqual(['adam']);
    // The paper's learning rates are half a decade apart.
    expect(Object.entries(plan.curves).map(([name, { points }]) => [name, points[0]])).toEqual([
      ['adam beta1 0.9, beta2 0.999, lr 0.001', { x: 9, y: 107 }],
      ['adam beta1 0.9, beta2 0.999, lr 0.01', { x: 9, y: 117.9 }],
    ]);
    expect(leftOut).toEqual(['uncorrected']);
    expect(rungSizes(plan)).toEqual([{ adam: 4 }]);
  });

  it('searches nothing for one point alone, and nothing before the figure begins', async () => {
    const other = await openGrid('adam: { beta1: [0.9], beta2: [0.999], lr: [1e-3], epsilon: [1e-8, 1] }');
    expect(() => planRecover(other.spec, other.experiment, { search: [] })).toThrow(
      "the paper's figure is over beta1, beta2, lr, and adam.epsilon is none of them: choose one value for all points with --set.",
    );
    const { spec, experiment } = await openGrid('adam: { beta1: [0.9], beta2: [0.999], lr: [1e-3] }');
    expect(() => planRecover(spec, experiment, { search: [], rungs: [9] })).toThrow(
      "the last rung is 9 epochs long, and the figure's first marker at these points is at epoch 10: ",
    );
  });

  it('says where the figure has none of the points, and looks at the values of those too', async () => {
    const { spec, resolve, experiment } = await openGrid('adam: { beta1: [0.9], beta2: [0.5], lr: [1e-3] }');
    expect(() => planRecover(spec, experiment, { search: [] })).toThrow(
      "the paper's figure has no marker at any of the points that are searched",
    );
    const search = [
      { path: 'adam.beta2', values: [0.999] },
      { path: 'adam.lr', values: [1e-3, 'fast'] },
    ];
    const { plan } = planRecover(spec, experiment, { search });
    const candidate = candidateMaker({ kind: 'recover', spec, resolve, changes: {}, evaluates: false });
    await expect(recoverCandidates(plan, candidate)).rejects.toThrow('lr');
  });

  it('has settings of one optimizer under its name, and of those that are run', async () => {
    const { spec, experiment } = await open(recoverSection);
    const search = [{ path: 'optimizers.adam.beta2', values: [0.99, 0.999] }];
    expect(() => planRecover(spec, experiment, { search })).toThrow(
      'optimizers.adam.beta2 is a setting of one optimizer, and no shared one: search it as adam.beta2.',
    );
    const { experiment: adam } = await open(recoverSection, { only: 'adam' });
    const other = { search: [{ path: 'sgd.lr', values: [1] }] };
    const message = '--search sgd.lr is a setting of sgd, which --only leaves out.';
    expect(() => planRecover(spec, adam, other)).toThrow(message);
    expect(() => planTune(spec, adam, { ...other, extend: false })).toThrow(message);
  });

  it('says what is missing', async () => {
    const without = await open('');
    expect(() => planRecover(without.spec, without.experiment, { search: [] })).toThrow(
      'has no section "recover"',
    );
    const other = await open(recoverSection, { only: 'rmsprop' });
    expect(() => planRecover(other.spec, other.experiment, { search: [] })).toThrow('has a curve');
  });
});

describe('a problem', () => {
  const beale = async () => {
    const spec = await loadSpec('beale');
    const resolve = (overrides: Overrides = {}) =>
      resolveSpec(spec, { profile: 'paper', engine: 'reference', overrides });
    return { spec, resolve };
  };

  it('is tuned by its cost, over steps', async () => {
    const { spec, resolve } = await beale();
    const experiment = await resolve();
    expect(experiment.epochs).toBe(400);
    const { plan, epochs } = planTune(spec, experiment, { search: [], extend: false });
    expect(plan.criterion).toEqual({ name: 'train-cost', lastEpochs: 1 });
    expect(epochs).toBe(100);
  });

  it('has trials of one length, whatever its entries have', async () => {
    const { spec, resolve } = await beale();
    const options = { kind: 'tune', spec, resolve, changes: {}, evaluates: true } as const;
    const lengths = async (steps?: number) => {
      const candidate = candidateMaker({ ...options, ...(steps && { steps }) });
      const candidates = await Promise.all(['sgd', 'adam'].map((name) => candidate(name, { lr: 0.01 }, {})));
      return candidates.map(({ runs: [run] }) => run!.epochs);
    };
    expect(await lengths()).toEqual([4000, 400]);
    expect(await lengths(50)).toEqual([50, 50]);
  });

  it.each(['saddle', 'properties'])('%s has no least cost, and nothing to tune', async (name) => {
    const spec = await loadSpec(name);
    const experiment = await resolveSpec(spec, { profile: 'paper', engine: 'reference' });
    expect(() => planTune(spec, experiment, { search: [], extend: false })).toThrow(
      `${name} has no least cost, so there is nothing to tune`,
    );
  });

  it.each(['steps', 'every', 'problem.start'])('is not made easier by a search of %s', async (path) => {
    const { spec, resolve } = await beale();
    const search = [{ path: `adam.${path}`, values: [1, 2] }];
    const request = { search, extend: false };
    const experiment = await resolve({ only: 'adam' });
    expect(() => planTune(spec, experiment, request)).toThrow(
      `adam.${path} changes what adam is tried on: leave it out.`,
    );
  });

  it('has no curve to recover settings from', async () => {
    const { spec, resolve } = await beale();
    const experiment = await resolve();
    expect(() => planRecover(spec, experiment, { search: [] })).toThrow(
      'beale is a problem, of which the papers have no curve to recover settings from',
    );
  });
});

describe('a candidate', () => {
  const maker = async (kind: SearchKind, section: string, evaluates = false) => {
    const { spec, resolve } = await open(section);
    return candidateMaker({ kind, spec, resolve, changes: { seeds: '3,4' }, evaluates });
  };

  it('is the experiment with its settings in place, once for each seed, under the name of the search', async () => {
    const candidate = await maker('recover', recoverSection);
    const { runs } = await candidate('sgd', { lr: 0.5 }, { 'model.dropout.hidden': 0.5 });
    expect(runs.map(({ seed, experiment, epochs }) => [seed, experiment, epochs])).toEqual([
      [3, 'tiny-recover', 40],
      [4, 'tiny-recover', 40],
    ]);
    expect(runs[0]).toMatchObject({
      optimizer: 'sgd',
      evaluation: { every: 0 },
      model: { dropout: { hidden: 0.5 } },
      optimizerSettings: { hyper: { lr: 0.5 } },
    });
  });

  it('is evaluated at the end where the criterion needs it', async () => {
    const candidate = await maker('tune', '', true);
    expect((await candidate('sgd', {}, {})).runs[0]!.evaluation.every).toBe(40);
  });

  it('that makes no sense is a mistake in the place where its value stands', async () => {
    const candidate = await maker('recover', recoverSection);
    const wrong = candidate('adam', { 'weightDecay.rate': 1e-4 }, {});
    await expect(wrong).rejects.toThrow(/^tiny\.yaml:\d+:\d+: missing key "mode"/);
    await expect(candidate('adam', { lrr: 1 }, {})).rejects.toThrow(
      '--search adam.lrr: unknown key "lrr" in optimizers.adam; did you mean "lr"?',
    );
    await expect(candidate('adam', {}, { 'model.depth': 1 })).rejects.toThrow('--search model.depth: ');
  });

  it('at a point of a figure has the settings of that point in place of the grid', async () => {
    const { spec, resolve } = await openGrid('adam: { beta1: [0.9], beta2: [0.999], lr: [1e-3] }');
    const candidate = candidateMaker({ kind: 'recover', spec, resolve, changes: {}, evaluates: false });
    const { runs } = await candidate('uncorrected', { beta1: 0.9, beta2: 0.999, lr: 0.01 }, {});
    expect(runs.map(({ optimizerSettings: { hyper } }) => [hyper.lr, hyper.biasCorrection])).toEqual([
      [0.01, false],
    ]);
  });

  it('is one point of a grid, not all of it', async () => {
    const candidate = await maker('tune', 'grid: { training.batchSize: [64, 128] }\n');
    await expect(candidate('adam', {}, {})).rejects.toThrow('has a grid');
  });
});

describe('the sections of a spec', () => {
  it.each([
    ['tune: { optimizers: { adma: { lr: [1] } } }', 'unknown optimizer "adma"'],
    ['recover: { rungs: [1], optimizers: { adma: { lr: [1] } } }', 'did you mean "adam"?'],
    ['recover: { rungs: [3, 3], optimizers: {} }', 'a list of ascending numbers of epochs'],
    ['recover: { optimizers: {} }', 'missing key "rungs"'],
    ['tune: { optimizers: { adam: { lr: 1 } } }', 'a list of values, such as [0.9, 0.99], or a range'],
    ['tune: { optimizers: { adam: { lr: { log: [1, 1], points: 3 } } } }', 'two ascending numbers'],
    ['tune: { criterion: cost, optimizers: {} }', 'one of minibatch-cost, train-cost'],
    ['tune: { steps: 5, optimizers: {} }', 'unknown key "steps" in tune'],
  ])('refuse %s', async (section, message) => {
    await expect(parseSpec('tiny.yaml', tiny + section)).rejects.toThrow(message);
  });

  it.each([
    ['tune: { epochs: 5, optimizers: {} }', 'unknown key "epochs" in tune'],
    ['tune: { criterion: test-error, optimizers: {} }', 'tune.criterion: '],
    ['recover: { rungs: [1], optimizers: {} }', 'unknown key "recover"'],
  ])('of a problem refuse %s', async (section, message) => {
    const problem = 'problem: ravine\ntraining: { steps: 10 }\noptimizers: { adam: {} }\n';
    await expect(parseSpec('tiny.yaml', problem + section)).rejects.toThrow(message);
  });

  it('refuse a curve that the figure does not have', async () => {
    const text = tiny.replace('paperCurve: Adam', 'paperCurve: Adm');
    await expect(parseSpec('tiny.yaml', text)).rejects.toThrow('did you mean "Adam"?');
  });

  it.each(listExperiments())('of %s are searches of settings that make sense', async (name) => {
    const spec = await loadSpec(name);
    const { tune, recover } = spec.source.data as Record<SearchKind, unknown>;
    if (!tune && !recover) return;
    const resolve = (changes: Overrides = {}) =>
      resolveSpec(spec, { profile: 'paper', engine: 'wasm', overrides: changes });
    const experiment = await resolve();
    const search: [] = [];
    const plans = [
      ...(tune ? [{ kind: 'tune' as const, ...planTune(spec, experiment, { search, extend: false }) }] : []),
      ...(recover ? [{ kind: 'recover' as const, ...planRecover(spec, experiment, { search }) }] : []),
    ];
    for (const setting of plans) {
      const { kind, plan, leftOut } = setting;
      // The figure has no curve for some of them, and recover cannot search these.
      const without = experiment.optimizers.filter(
        ({ name: optimizer, paperCurve }) =>
          paperCurve === undefined && !('overGrid' in plan && plan.overGrid?.includes(optimizer)),
      );
      expect(leftOut).toEqual(kind === 'recover' ? without.map((optimizer) => optimizer.name) : []);
      const isProblem = experiment.runs[0]!.model.type === 'problem';
      const epochs = 'epochs' in setting && !isProblem ? setting.epochs : undefined;
      const changes = epochs === undefined ? {} : { epochs: String(epochs) };
      const candidate = candidateMaker({ kind, spec, resolve, changes, evaluates: false });
      for (const [optimizer, axes] of Object.entries(plan.axes)) {
        const first = Object.assign({}, ...axes.map(({ path, values }) => ({ [path]: values[0] })));
        for (const { path, values } of axes) {
          for (const value of values) await candidate(optimizer, { ...first, [path]: value }, {});
        }
        for (const shared of 'shared' in plan ? combinations(plan.shared) : []) {
          await candidate(optimizer, first, shared);
        }
      }
      const sizes = Object.values(plan.axes).map((axes) => combinations(axes).length);
      if (kind === 'tune') expect(new Set(sizes).size).toBe(1);
    }
  });
});
