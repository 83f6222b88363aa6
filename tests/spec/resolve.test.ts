import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runId } from '../../src/spec/hash.ts';
import { listExperiments, loadSpec, parseSpec } from '../../src/spec/load.ts';
import { type ResolveOptions, requestedEngine, resolveSpec } from '../../src/spec/resolve.ts';
import { profileNames } from '../../src/spec/schema.ts';
import { showSpec } from '../../src/spec/show.ts';

const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));

async function resolveTiny(options: Partial<ResolveOptions> = {}) {
  return resolveSpec(await loadSpec(fixture('tiny.yaml')), { engine: 'reference', ...options });
}

describe('resolveSpec', () => {
  it('fills in every default', async () => {
    const { runs } = await resolveTiny({ profile: 'paper' });
    expect(runs[0]).toEqual({
      experiment: 'tiny',
      optimizer: 'adam',
      seed: 0,
      engine: 'reference',
      data: { name: 'synthetic', trainExamples: 64, testExamples: 32 },
      model: {
        type: 'mlp',
        hidden: [4],
        activation: 'relu',
        initialization: { type: 'glorot-uniform' },
        dropout: { input: 0, hidden: 0 },
      },
      batchSize: 16,
      epochs: 6,
      evaluation: { every: 1, batchSize: 1000 },
      optimizerSettings: {
        rule: 'adam',
        hyper: expect.objectContaining({
          lr: 0.01,
          beta1: 0.9,
          beta2: 0.999,
          epsilon: 1e-8,
          biasCorrection: true,
        }),
        // The one period of a cosine lasts as long as the run.
        schedule: { type: 'cosine', epochs: 6 },
        warmupSteps: 0,
        weightDecay: null,
      },
    });
    expect(runs[1]!.optimizerSettings).toEqual({
      rule: 'sgd',
      hyper: { lr: 1e-4 },
      schedule: { type: 'constant' },
      warmupSteps: 3,
      weightDecay: { mode: 'l2', rate: 0.1 },
    });
  });

  it('lists runs seed by seed', async () => {
    const { runs } = await resolveTiny();
    expect(runs.map((run) => `${run.seed} ${run.optimizer}`)).toEqual([
      '0 adam',
      '0 slow',
      '1 adam',
      '1 slow',
    ]);
    expect(new Set(runs.map(runId)).size).toBe(4);
  });

  it('takes the quick profile unless told otherwise, and says what a profile changes', async () => {
    const quick = await resolveTiny();
    expect(quick.profile).toBe('quick');
    expect(quick.cuts).toEqual(['2 of 6 epochs', 'adam.lr 0.02 instead of 0.01']);
    expect(quick.runs[0]!.optimizerSettings).toMatchObject({ schedule: { type: 'cosine', epochs: 2 } });
    const smoke = await resolveTiny({ profile: 'smoke' });
    expect(smoke.cuts).toEqual(['1 of 6 epochs', '1 of 2 seeds', '1 of 2 optimizers (without slow)']);
    expect(smoke.runs.map((run) => run.optimizer)).toEqual(['adam']);
    expect((await resolveTiny({ profile: 'paper' })).cuts).toEqual([]);
  });

  it('groups thousands in the cuts of a shipped spec', async () => {
    const experiment = await resolveSpec(await loadSpec('mnist-mlp'), { profile: 'smoke', engine: 'wasm' });
    expect(experiment.cuts).toEqual([
      '1 of 200 epochs',
      '1,280 of 60,000 training examples',
      '512 of 10,000 test examples',
    ]);
  });

  it('gives labels in the order of the spec', async () => {
    expect((await resolveTiny()).optimizers).toEqual([
      { name: 'adam', label: 'adam' },
      { name: 'slow', label: 'Slow SGD' },
    ]);
  });

  it('makes a changed rule or model file a new run', async () => {
    const sha256 = (name: string) =>
      createHash('sha256')
        .update(readFileSync(fixture(name)))
        .digest('hex');
    const { runs } = await resolveSpec(await loadSpec(fixture('own-files.yaml')), { engine: 'reference' });
    expect(runs[0]!.model).toEqual({ type: 'file', file: './own-model.ts', digest: sha256('own-model.ts') });
    expect(runs[0]!.optimizerSettings.ruleDigest).toBe(sha256('own-rule.ts'));
  });
});

describe('shipped experiments', () => {
  it('mnist-logreg has the settings behind figure 1 left', async () => {
    const { runs } = await resolveSpec(await loadSpec('mnist-logreg'), { profile: 'paper', engine: 'wasm' });
    expect(runs.map((run) => [run.optimizer, run.epochs, run.optimizerSettings.hyper.lr])).toEqual([
      ['adagrad', 46, 0.001],
      ['sgd-nesterov', 46, 0.01],
      ['adam', 46, 0.001],
    ]);
    expect(runs[1]!.optimizerSettings).toMatchObject({
      rule: 'nesterov',
      hyper: { momentum: 0.9 },
      schedule: { type: 'constant' },
      weightDecay: { mode: 'l2', rate: 3e-4 },
    });
    expect(runs[2]!.optimizerSettings).toMatchObject({
      schedule: { type: 'inverse-sqrt', per: 'epoch' },
      weightDecay: { mode: 'l2', rate: 1e-4 },
    });
  });
});

describe('overrides', () => {
  it('win over the spec and over the profile', async () => {
    const { runs, cuts } = await resolveTiny({
      overrides: {
        set: [
          'optimizers.adam.lr=3e-4',
          'optimizers.slow.schedule={ type: step-drop, epochs: [1] }',
          'model.hidden=[8, 8]',
        ],
        seeds: '5, 7',
        epochs: '3',
        engine: 'wasm',
      },
    });
    expect(runs.map((run) => [run.optimizer, run.seed, run.epochs, run.engine])).toEqual([
      ['adam', 5, 3, 'wasm'],
      ['slow', 5, 3, 'wasm'],
      ['adam', 7, 3, 'wasm'],
      ['slow', 7, 3, 'wasm'],
    ]);
    expect(runs[0]!.optimizerSettings.hyper.lr).toBe(3e-4);
    expect(runs[1]!.optimizerSettings.schedule).toEqual({ type: 'step-drop', epochs: [1], factor: 0.1 });
    expect(cuts).toEqual([
      '3 of 6 epochs',
      'seeds 5, 7 instead of 0, 1',
      'model.hidden [8,8] instead of [4]',
      'adam.lr 0.0003 instead of 0.01',
      'slow.schedule.type step-drop instead of constant',
      'slow.schedule.epochs [1] instead of the default',
      'slow.schedule.factor 0.1 instead of the default',
    ]);
  });

  it('reach into a short form', async () => {
    const text =
      'data: { name: mnist }\nmodel: logistic-regression\ntraining: { epochs: 1 }\noptimizers: { adam: {} }';
    const overrides = { set: ['model.dropout.input=0.5', 'optimizers.adam.schedule.type=cosine'] };
    const { runs } = await resolveSpec(await parseSpec('x.yaml', text), { engine: 'wasm', overrides });
    expect(runs[0]!.model).toMatchObject({ type: 'logistic-regression', dropout: { input: 0.5 } });
    expect(runs[0]!.optimizerSettings.schedule).toEqual({ type: 'cosine', epochs: 1 });
  });

  it("select optimizers in the order of the spec, instead of the profile's selection", async () => {
    const { runs } = await resolveTiny({ profile: 'smoke', overrides: { only: 'slow,adam' } });
    expect(runs.map((run) => run.optimizer)).toEqual(['adam', 'slow']);
  });

  it('add an optimizer, whose file is looked up in the working folder', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'overrides-'));
    const before = process.cwd();
    try {
      process.chdir(folder);
      writeFileSync(
        'mine.ts',
        readFileSync(fixture('own-rule.ts'), 'utf8').replaceAll('../../..', fixture('../../..')),
      );
      const { files, optimizers, cuts } = await resolveTiny({
        overrides: { set: ['optimizers.mine.rule=./mine.ts', 'optimizers.rmsprop={}'], only: 'mine,rmsprop' },
      });
      expect(files.rules).toEqual({ mine: join(process.cwd(), 'mine.ts') });
      expect(optimizers.map(({ name }) => name)).toEqual(['mine', 'rmsprop']);
      expect(cuts).toContain('mine, rmsprop added');
    } finally {
      process.chdir(before);
      rmSync(folder, { recursive: true });
    }
  });

  const refused: [string, ResolveOptions['overrides'], string][] = [
    [
      'a misspelled optimizer',
      { set: ['optimizers.adm.lr=3e-4'] },
      '--set optimizers.adm.lr=3e-4: unknown optimizer "adm": no shipped rule has this name, and the entry has no "rule"; did you mean "adam"?',
    ],
    [
      'a misspelled hyper-parameter',
      { set: ['optimizers.adam.bta1=0.5'] },
      '--set optimizers.adam.bta1=0.5: unknown key "bta1" in optimizers.adam; did you mean "beta1"?',
    ],
    [
      'a misspelled section',
      { set: ['trainig.epochs=3'] },
      '--set trainig.epochs=3: unknown key "trainig"; did you mean "training"?',
    ],
    [
      'a range error',
      { set: ['optimizers.adam.lr=-1'] },
      '--set optimizers.adam.lr=-1: optimizers.adam.lr: expected a number >= 0, found -1',
    ],
    [
      'no value',
      { set: ['optimizers.adam.lr'] },
      '--set optimizers.adam.lr: expected a path and a YAML value, such as optimizers.adam.lr=3e-4',
    ],
    [
      'a value that is not YAML',
      { set: ['seeds=[1'] },
      '--set seeds=[1: expected a path and a YAML value, such as optimizers.adam.lr=3e-4',
    ],
    [
      'a path into a list',
      { set: ['model.hidden.0=3'] },
      '--set model.hidden.0=3: model.hidden is no map: set the whole of it, such as [1, 2]',
    ],
    [
      'a selection by --set',
      { set: ['only=adam'] },
      '--set only=adam: unknown key "only"; allowed: name, title, paper, data, model, training, evaluation, engine, seeds, optimizers, grid',
    ],
    [
      'epochs in words',
      { epochs: 'ten' },
      '--epochs ten: training.epochs: expected a whole number, at least 1, found "ten"',
    ],
    [
      'a seed that is none',
      { seeds: '0,-1' },
      '--seeds 0,-1: seeds[1]: expected a whole number from 0 to 2147483647, found -1',
    ],
    [
      'an unknown engine',
      { engine: 'wsm' },
      '--engine wsm: engine: expected one of auto, reference, wasm, tensorflow, found "wsm"; did you mean "wasm"?',
    ],
    [
      'an unknown selection',
      { only: 'adam,slwo' },
      '--only adam,slwo: unknown optimizer "slwo": this experiment has adam, slow; did you mean "slow"?',
    ],
    ['an empty selection', { only: ',' }, '--only ,: expected names of optimizers, such as adam,adagrad'],
  ];
  it.each(refused)('refuse %s', async (_, overrides, message) => {
    const refusal = await resolveTiny({ overrides }).catch((error: unknown) => error);
    expect((refusal as Error).message).toBe(message);
  });

  it('are all refused at once, and leave the places in the file as they are', async () => {
    const text = [
      'data: { name: mnist }',
      'model: logistic-regression',
      'training: { epochs: 1 }',
      'optimizers:',
      '  adam:',
      '    beta1: 0.5',
    ].join('\n');
    const overrides = { set: ['optimizers.adam.rule=sgd'], epochs: '0' };
    const refusal = resolveSpec(await parseSpec('x.yaml', text), { engine: 'wasm', overrides });
    await expect(refusal).rejects.toThrow(
      [
        'x.yaml:6:5: unknown key "beta1" in optimizers.adam; allowed: lr, rule, label, schedule, warmupSteps, weightDecay, grid, paperCurve, model',
        '      beta1: 0.5',
        '      ^',
        '--epochs 0: training.epochs: expected a whole number, at least 1, found 0',
      ].join('\n'),
    );
  });
});

describe('requestedEngine', () => {
  it('is what the command line says, or the spec, or auto', async () => {
    const spec = await loadSpec(fixture('tiny.yaml'));
    expect(requestedEngine(spec)).toBe('auto');
    expect(requestedEngine(spec, { engine: 'reference' })).toBe('reference');
    expect(requestedEngine(spec, { set: ['engine=wasm'] })).toBe('wasm');
  });
});

describe('showSpec', () => {
  it.each([...listExperiments(), fixture('tiny.yaml')])(
    '%s: the shown spec has the same runs',
    async (name) => {
      const spec = await loadSpec(name);
      for (const profile of profileNames) {
        const experiment = await resolveSpec(spec, { profile, engine: 'wasm' });
        const shown = await parseSpec('saved-as-something-else.yaml', showSpec(experiment));
        for (const again of profileNames) {
          const { runs, title, optimizers } = await resolveSpec(shown, {
            profile: again,
            engine: 'reference',
          });
          expect(runs.map(runId)).toEqual(experiment.runs.map(runId));
          expect({ title, optimizers }).toEqual({
            title: experiment.title,
            optimizers: experiment.optimizers,
          });
        }
      }
    },
  );

  it('writes every default', async () => {
    const text = showSpec(await resolveTiny({ profile: 'smoke' }));
    expect(text).toMatch(
      /^# tiny, profile smoke, with every default written out\.\n# Against the paper profile: 1 of 6 epochs; /,
    );
    expect(text).toContain('    beta2: 0.999\n');
    expect(text).toContain('    weightDecay: null\n');
  });
});
