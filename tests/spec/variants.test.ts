import { describe, expect, it } from 'vitest';
import { runId } from '../../src/spec/hash.ts';
import { parseSpec } from '../../src/spec/load.ts';
import { type ResolveOptions, resolveSpec } from '../../src/spec/resolve.ts';
import { showSpec } from '../../src/spec/show.ts';

const lines = [
  'name: tiny',
  'paper: { key: adam, figure: 1-left, note: As drawn. }',
  'data: { name: synthetic, trainExamples: 40 }',
  'model: { type: mlp, hidden: [4], dropout: { hidden: 0.5 } }',
  'training: { batchSize: 10, epochs: 3 }',
  'optimizers:',
  '  adam: { lr: 1e-3, schedule: cosine, grid: { beta1: [0, 0.9] } }',
  '  sgd: { lr: 0.1 }',
  '  momentum: {}',
  'variants:',
  '  tuned:',
  '    note: Each at its best.',
  '    seeds: [0, 1]',
  '    only: [adam, sgd]',
  '    model: { hidden: [5] }',
  '    optimizers: { adam: { lr: 0.02, beta1: 0.5 }, sgd: { lr: 0.3 } }',
  '  logistic:',
  '    model: logistic-regression',
  '  short:',
  '    training: { epochs: 1 }',
  'profiles:',
  '  quick: { training: { epochs: 2 }, optimizers: { sgd: { lr: 0.4 } } }',
];
const text = lines.join('\n');

async function resolved(options: Partial<ResolveOptions> = {}, spec = text) {
  return resolveSpec(await parseSpec('x.yaml', spec), { engine: 'reference', profile: 'paper', ...options });
}

describe('variants', () => {
  it('change the top level, which is the variant as-drawn', async () => {
    const drawn = await resolved();
    expect(drawn).toMatchObject({ name: 'tiny', baseName: 'tiny', variant: 'as-drawn' });
    expect(drawn.paper?.note).toBe('As drawn.');
    expect(drawn.runs.map(({ optimizer }) => optimizer)).toEqual(['adam', 'adam', 'sgd', 'momentum']);
    const tuned = await resolved({ variant: 'tuned' });
    expect(tuned).toMatchObject({ name: 'tiny-tuned', baseName: 'tiny', variant: 'tuned', cuts: [] });
    const epochs = await resolved({ variant: 'short' });
    expect(epochs.cuts).toEqual(['1 of 3 epochs']);
    expect(tuned.paper).toEqual({ key: 'adam', figure: '1-left', note: 'Each at its best.' });
    expect(
      tuned.runs.map(({ experiment, seed, optimizer, optimizerSettings: { hyper } }) => [
        experiment,
        seed,
        optimizer,
        hyper.lr,
      ]),
    ).toEqual([
      ['tiny-tuned', 0, 'adam', 0.02],
      ['tiny-tuned', 0, 'sgd', 0.3],
      ['tiny-tuned', 1, 'adam', 0.02],
      ['tiny-tuned', 1, 'sgd', 0.3],
    ]);
    expect(tuned.runs[0]!.model).toMatchObject({ hidden: [5], dropout: { hidden: 0.5 } });
    expect(tuned.runs[0]!.optimizerSettings.schedule).toEqual({ type: 'cosine', epochs: 3 });
  });

  it('come before the profile, whose cuts are against the paper profile of the same variant', async () => {
    const { runs, cuts } = await resolved({ variant: 'tuned', profile: 'quick' });
    expect(runs[1]!.optimizerSettings.hyper.lr).toBe(0.4);
    expect(cuts).toEqual(['2 of 3 epochs', 'sgd.lr 0.4 instead of 0.3']);
  });

  it('with profiles of their own have none of the spec', async () => {
    const own = text.replace(
      '    note: Each at its best.',
      '    profiles: { smoke: { optimizers: { sgd: { lr: 0.7 } } } }',
    );
    const of = async (profile: 'smoke' | 'quick', variant: string) => {
      const { runs } = await resolved({ variant, profile }, own);
      return runs.find(({ optimizer }) => optimizer === 'sgd')!.optimizerSettings.hyper.lr;
    };
    expect(await of('smoke', 'tuned')).toBe(0.7);
    expect(await of('quick', 'tuned')).toBe(0.3);
    expect(await of('smoke', 'as-drawn')).toBe(0.1);
    expect(await of('quick', 'as-drawn')).toBe(0.4);
  });

  it('replace the whole model by one of another type', async () => {
    const { runs } = await resolved({ variant: 'logistic' });
    expect(runs[0]!.model).toMatchObject({ type: 'logistic-regression' });
  });

  it('are written out as specs of their own', async () => {
    const experiment = await resolved({ variant: 'tuned' });
    const shown = await resolved({ profile: 'quick' }, showSpec(experiment));
    expect(shown.runs.map(runId)).toEqual(experiment.runs.map(runId));
  });

  it('are named where there is none of the name', async () => {
    await expect(resolved({ variant: 'tuend' })).rejects.toThrow(
      'unknown variant "tuend" of tiny: it has as-drawn, tuned, logistic, short; did you mean "tuned"?',
    );
  });
});

const broken: [string, string[], string][] = [
  [
    'a value that is wrong in this variant only, with its place',
    ['    optimizers: { sgd: { lr: -1 } }'],
    'x.yaml:13:30: optimizers.sgd.lr: expected a number >= 0, found -1',
  ],
  [
    'a key',
    ['    optimisers: {}'],
    'x.yaml:13:5: unknown key "optimisers" in variants.bad; did you mean "optimizers"?',
  ],
  [
    'an optimizer',
    ['    only: [adm]'],
    'x.yaml:13:12: unknown optimizer "adm": this experiment has adam, sgd, momentum; did you mean "adam"?',
  ],
  [
    'an optimizer in a profile of its own',
    ['    profiles: { smoke: { only: [adm] } }'],
    'x.yaml:13:33: unknown optimizer "adm": this experiment has adam, sgd, momentum; did you mean "adam"?',
  ],
  [
    'a value in a profile of its own',
    ['    profiles: { quick: { training: { epochs: 0 } } }'],
    'x.yaml:13:46: variants.bad.profiles.quick.training.epochs: expected a whole number, at least 1, found 0',
  ],
  [
    'a key of the model',
    ['    model: { hiden: [4] }'],
    'x.yaml:13:14: unknown key "hiden" in model; did you mean "hidden"?',
  ],
  [
    'a model that lacks something',
    ['    model: { type: cnn, channels: [4] }'],
    'x.yaml:13:5: missing key "dense" in model: expected a whole number, at least 1',
  ],
  [
    'a grid',
    ['    grid: { training.epochs: [1, 0] }'],
    'x.yaml:13:34: training.epochs: expected a whole number, at least 1, found 0',
  ],
];

describe('a mistake in a variant', () => {
  const base = lines.slice(0, 9);
  it.each(broken)('is found when the spec is read: %s', async (_, variant, message) => {
    const spec = [...base, 'variants:', '  good: {}', '  bad:', ...variant, 'seeds: [0]'].join('\n');
    const refusal = (await parseSpec('x.yaml', spec).catch((error: unknown) => error)) as Error;
    expect(refusal.message.split('\n').filter((line) => line.startsWith('x.yaml'))).toEqual([message]);
  });

  it('may be its name, or a note that belongs nowhere', async () => {
    const named = [...base, 'variants: { as-drawn: {} }'].join('\n');
    await expect(parseSpec('x.yaml', named)).rejects.toThrow(
      'x.yaml:10:13: the variant "as-drawn" is the top level of the spec: choose another name',
    );
    const noted = [...base.filter((line) => !line.startsWith('paper')), 'variants: { mine: { note: Hm. } }'];
    await expect(parseSpec('x.yaml', noted.join('\n'))).rejects.toThrow(
      'x.yaml:9:21: variants.mine.note: it takes the place of paper.note, and the spec names no paper',
    );
  });
});
