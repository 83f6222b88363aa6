import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { SpecError } from '../../src/spec/issue.ts';
import { listExperiments, loadSpec, parseSpec } from '../../src/spec/load.ts';
import { resolveSpec } from '../../src/spec/resolve.ts';
import { profileNames } from '../../src/spec/schema.ts';

/** Everything that the text of a mistaken spec says. */
async function mistakesIn(text: string, file = 'x.yaml'): Promise<string> {
  try {
    await parseSpec(file, text);
  } catch (error) {
    if (error instanceof SpecError) return error.message;
    throw error;
  }
  throw new Error('the spec was accepted');
}

/** A valid spec with one line replaced, so that each case below shows only what is wrong. */
function tinySpec(
  change: Partial<Record<'data' | 'model' | 'training' | 'optimizers' | 'more', string>>,
): string {
  const parts = {
    data: 'data: { name: mnist }',
    model: 'model: { type: mlp, hidden: [8] }',
    training: 'training: { epochs: 2 }',
    optimizers: 'optimizers: { adam: {} }',
    more: 'seeds: [0]',
    ...change,
  };
  return [parts.data, parts.model, parts.training, parts.optimizers, parts.more].join('\n');
}

const broken: [string, string, string[]][] = [
  [
    'a misspelled key of the spec',
    tinySpec({ more: 'seed: [0]' }),
    ['x.yaml:5:1: unknown key "seed"; did you mean "seeds"?', '  seed: [0]', '  ^'],
  ],
  [
    'a key like no other',
    tinySpec({ training: 'training: { epochs: 2, patience: 3 }' }),
    [
      'x.yaml:3:24: unknown key "patience" in training; allowed: batchSize, epochs',
      '  training: { epochs: 2, patience: 3 }',
      '                         ^',
    ],
  ],
  [
    'a misspelled required key, which is not missing on top',
    tinySpec({ training: 'training: { epoch: 2 }' }),
    [
      'x.yaml:3:13: unknown key "epoch" in training; did you mean "epochs"?',
      '  training: { epoch: 2 }',
      '              ^',
    ],
  ],
  [
    'a missing key',
    tinySpec({ training: 'training: { batchSize: 2 }' }),
    [
      'x.yaml:3:1: missing key "epochs" in training: expected a whole number, at least 1',
      '  training: { batchSize: 2 }',
      '  ^',
    ],
  ],
  [
    'a missing section',
    tinySpec({ model: '# no model' }),
    [
      'x.yaml:1:1: missing key "model": expected one of logistic-regression, mlp, cnn, vae, file',
      '  data: { name: mnist }',
      '  ^',
    ],
  ],
  [
    'a key without a value',
    tinySpec({ training: 'training:\n  epochs:' }),
    [
      'x.yaml:4:3: training.epochs: expected a whole number, at least 1, found nothing',
      '    epochs:',
      '    ^',
    ],
  ],
  [
    'a text for a number',
    tinySpec({ training: 'training: { epochs: ten }' }),
    [
      'x.yaml:3:21: training.epochs: expected a whole number, at least 1, found "ten"',
      '  training: { epochs: ten }',
      '                      ^',
    ],
  ],
  [
    'a fraction for a whole number',
    tinySpec({ training: 'training: { epochs: 1.5 }' }),
    [
      'x.yaml:3:21: training.epochs: expected a whole number, at least 1, found 1.5',
      '  training: { epochs: 1.5 }',
      '                      ^',
    ],
  ],
  [
    'more examples than the data set has',
    tinySpec({ data: 'data: { name: mnist, trainExamples: 70000 }' }),
    [
      'x.yaml:1:37: data.trainExamples: expected a whole number from 1 to 60000, found 70000',
      '  data: { name: mnist, trainExamples: 70000 }',
      '                                      ^',
    ],
  ],
  [
    'an unknown data set',
    tinySpec({ data: 'data: { name: mnits }' }),
    [
      'x.yaml:1:15: data.name: expected one of mnist, cifar10, imdb, synthetic, found "mnits"; did you mean "mnist"?',
      '  data: { name: mnits }',
      '                ^',
    ],
  ],
  [
    'an unknown model, in short form',
    tinySpec({ model: 'model: logistic-regresion' }),
    [
      'x.yaml:2:8: model: expected one of logistic-regression, mlp, cnn, vae, file, found "logistic-regresion"; did you mean "logistic-regression"?',
      '  model: logistic-regresion',
      '         ^',
    ],
  ],
  [
    'a key of another model',
    tinySpec({ model: 'model:\n  type: logistic-regression\n  hidden: [3]' }),
    [
      'x.yaml:4:3: unknown key "hidden" in model; allowed: type, initialization, dropout',
      '    hidden: [3]',
      '    ^',
    ],
  ],
  [
    'a bad list item',
    tinySpec({ model: 'model: { type: mlp, hidden: [8, 0] }' }),
    [
      'x.yaml:2:33: model.hidden[1]: expected a whole number, at least 1, found 0',
      '  model: { type: mlp, hidden: [8, 0] }',
      '                                  ^',
    ],
  ],
  [
    'an initialization whose settings are missing',
    tinySpec({ model: 'model: { type: mlp, hidden: [8], initialization: normal }' }),
    [
      'x.yaml:2:34: missing key "deviation" in model.initialization: expected a number greater than 0',
      '  model: { type: mlp, hidden: [8], initialization: normal }',
      '                                   ^',
    ],
  ],
  [
    'a dropout rate of 1',
    tinySpec({ model: 'model: { type: mlp, hidden: [8], dropout: { hidden: 1 } }' }),
    [
      'x.yaml:2:53: model.dropout.hidden: expected a number from 0 up to, but not including, 1, found 1',
      '  model: { type: mlp, hidden: [8], dropout: { hidden: 1 } }',
      '                                                      ^',
    ],
  ],
  [
    'a model file without a leading dot',
    tinySpec({ model: 'model: { type: file, file: model.ts }' }),
    [
      'x.yaml:2:28: model.file: expected the path of a .ts, .js or .mjs file that starts with ./, ../ or /, found "model.ts"',
      '  model: { type: file, file: model.ts }',
      '                             ^',
    ],
  ],
  [
    'seeds that repeat',
    tinySpec({ more: 'seeds: [0, 1, 1]' }),
    [
      'x.yaml:5:8: seeds: expected a list of distinct whole numbers from 0 to 2147483647, such as [0, 1, 2], found [0, 1, 1]',
      '  seeds: [0, 1, 1]',
      '         ^',
    ],
  ],
  [
    'an unknown engine',
    tinySpec({ more: 'engine: tensorflw' }),
    [
      'x.yaml:5:9: engine: expected one of auto, reference, wasm, tensorflow, found "tensorflw"; did you mean "tensorflow"?',
      '  engine: tensorflw',
      '          ^',
    ],
  ],
  [
    'a misspelled hyper-parameter',
    tinySpec({ optimizers: 'optimizers:\n  adam:\n    bata1: 0.9' }),
    [
      'x.yaml:6:5: unknown key "bata1" in optimizers.adam; did you mean "beta1"?',
      '      bata1: 0.9',
      '      ^',
    ],
  ],
  [
    'a hyper-parameter of another rule',
    tinySpec({ optimizers: 'optimizers:\n  sgd:\n    epsilon: 1e-8' }),
    [
      'x.yaml:6:5: unknown key "epsilon" in optimizers.sgd; allowed: lr, rule, label, schedule, warmupSteps, weightDecay, grid, paperCurve, model',
      '      epsilon: 1e-8',
      '      ^',
    ],
  ],
  [
    'a hyper-parameter out of range',
    tinySpec({ optimizers: 'optimizers: { adam: { beta2: 1 } }' }),
    [
      'x.yaml:4:30: optimizers.adam.beta2: expected a number >= 0 and < 1, found 1',
      '  optimizers: { adam: { beta2: 1 } }',
      '                               ^',
    ],
  ],
  [
    'a hyper-parameter of the wrong type',
    tinySpec({ optimizers: 'optimizers: { adam: { biasCorrection: 0 } }' }),
    [
      'x.yaml:4:39: optimizers.adam.biasCorrection: expected true or false, found 0',
      '  optimizers: { adam: { biasCorrection: 0 } }',
      '                                        ^',
    ],
  ],
  [
    'an unknown optimizer',
    tinySpec({ optimizers: 'optimizers: { adm: {} }' }),
    [
      'x.yaml:4:15: unknown optimizer "adm": no shipped rule has this name, and the entry has no "rule"; did you mean "adam"?',
      '  optimizers: { adm: {} }',
      '                ^',
    ],
  ],
  [
    'an unknown rule',
    tinySpec({ optimizers: 'optimizers: { mine: { rule: my-rule.ts } }' }),
    [
      'x.yaml:4:29: unknown rule "my-rule.ts": expected one of sgd, momentum, nesterov, adagrad, rmsprop, adadelta, adam, adamax, nadam, amsgrad, or a file such as ./my-rule.ts',
      '  optimizers: { mine: { rule: my-rule.ts } }',
      '                              ^',
    ],
  ],
  [
    'a rule file that is not there',
    tinySpec({ optimizers: 'optimizers: { mine: { rule: /nowhere/mine.ts } }' }),
    [
      'x.yaml:4:29: optimizers.mine.rule: no such file: /nowhere/mine.ts',
      '  optimizers: { mine: { rule: /nowhere/mine.ts } }',
      '                              ^',
    ],
  ],
  [
    'no optimizers',
    tinySpec({ optimizers: 'optimizers: {}' }),
    [
      'x.yaml:4:13: optimizers: expected a map from names to settings, such as { adam: { lr: 0.001 } }, found an empty map',
      '  optimizers: {}',
      '              ^',
    ],
  ],
  [
    'a name that cannot be one',
    tinySpec({ optimizers: 'optimizers: { my.rule: { rule: sgd } }' }),
    [
      'x.yaml:4:15: optimizers: expected a name of letters, digits, - and _ that starts with a letter, found "my.rule"',
      '  optimizers: { my.rule: { rule: sgd } }',
      '                ^',
    ],
  ],
  [
    'a schedule with epochs in the wrong order',
    tinySpec({ optimizers: 'optimizers: { adam: { schedule: { type: step-drop, epochs: [60, 30] } } }' }),
    [
      'x.yaml:4:60: optimizers.adam.schedule.epochs: expected a list of ascending epochs, such as [30, 60, 80], found [60, 30]',
      '  optimizers: { adam: { schedule: { type: step-drop, epochs: [60, 30] } } }',
      '                                                             ^',
    ],
  ],
  [
    'weight decay without a mode',
    tinySpec({ optimizers: 'optimizers: { adam: { weightDecay: { rate: 1e-4 } } }' }),
    [
      'x.yaml:4:23: missing key "mode" in optimizers.adam.weightDecay: expected one of l2, decoupled, decoupled-lr',
      '  optimizers: { adam: { weightDecay: { rate: 1e-4 } } }',
      '                        ^',
    ],
  ],
  [
    'an unknown profile',
    tinySpec({ more: 'profiles: { quik: {} }' }),
    [
      'x.yaml:5:13: unknown key "quik" in profiles; did you mean "quick"?',
      '  profiles: { quik: {} }',
      '              ^',
    ],
  ],
  [
    'a range error inside a profile, said once',
    tinySpec({ more: 'profiles: { smoke: { data: { trainExamples: 60001 }, training: { epochs: 0 } } }' }),
    [
      'x.yaml:5:45: data.trainExamples: expected a whole number from 1 to 60000, found 60001',
      '  profiles: { smoke: { data: { trainExamples: 60001 }, training: { epochs: 0 } } }',
      '                                              ^',
      'x.yaml:5:74: profiles.smoke.training.epochs: expected a whole number, at least 1, found 0',
      '  profiles: { smoke: { data: { trainExamples: 60001 }, training: { epochs: 0 } } }',
      '                                                                           ^',
    ],
  ],
  [
    'unknown optimizers in a profile',
    tinySpec({ more: 'profiles: { smoke: { only: [adma], optimizers: { sgd: { lr: 1 } } } }' }),
    [
      'x.yaml:5:29: unknown optimizer "adma": this experiment has adam; did you mean "adam"?',
      '  profiles: { smoke: { only: [adma], optimizers: { sgd: { lr: 1 } } } }',
      '                              ^',
      'x.yaml:5:50: unknown optimizer "sgd": this experiment has adam',
      '  profiles: { smoke: { only: [adma], optimizers: { sgd: { lr: 1 } } } }',
      '                                                   ^',
    ],
  ],
  [
    'a key that stands twice',
    tinySpec({ more: 'seeds: [0]\nseeds: [1]' }),
    ['x.yaml:6:1: the key "seeds" stands here a second time', '  seeds: [1]', '  ^'],
  ],
  [
    'a text that is not YAML, without what follows from it',
    tinySpec({ optimizers: 'optimizers: { adam: { lr: 1 }', more: 'sed: [0]' }),
    [
      'x.yaml:5:1: not valid YAML: flow map in block collection must be sufficiently indented and end with a }',
      '  sed: [0]',
      '  ^',
    ],
  ],
  [
    'two documents',
    tinySpec({ more: '---\nseeds: [0]' }),
    [
      'x.yaml:5:1: a second YAML document starts here: a spec is one document, so remove it or give it its own file',
      '  ---',
      '  ^',
    ],
  ],
  [
    'the other keys of an unknown data set',
    tinySpec({ data: 'data: { name: mnits, trainExamples: 0, tests: 3 }' }),
    [
      'x.yaml:1:15: data.name: expected one of mnist, cifar10, imdb, synthetic, found "mnits"; did you mean "mnist"?',
      '  data: { name: mnits, trainExamples: 0, tests: 3 }',
      '                ^',
      'x.yaml:1:37: data.trainExamples: expected a whole number, at least 1, found 0',
      '  data: { name: mnits, trainExamples: 0, tests: 3 }',
      '                                      ^',
      'x.yaml:1:40: unknown key "tests" in data; allowed: name, trainExamples, testExamples, binarize, whitening, words, values',
      '  data: { name: mnits, trainExamples: 0, tests: 3 }',
      '                                         ^',
    ],
  ],
  [
    'an empty file',
    '',
    [
      'x.yaml:1:1: expected a map with the keys name, title, paper, data, model, training, evaluation, engine, seeds, optimizers, grid, variants, profiles, tune, recover, found nothing',
      '  ',
      '  ^',
    ],
  ],
  [
    'a list',
    '- adam',
    [
      'x.yaml:1:1: expected a map with the keys name, title, paper, data, model, training, evaluation, engine, seeds, optimizers, grid, variants, profiles, tune, recover, found ["adam"]',
      '  - adam',
      '  ^',
    ],
  ],
  [
    'a model file that is not there',
    tinySpec({ model: 'model: { type: file, file: /nowhere/model.ts }' }),
    [
      'x.yaml:2:28: model.file: no such file: /nowhere/model.ts',
      '  model: { type: file, file: /nowhere/model.ts }',
      '                             ^',
    ],
  ],
];

describe('a broken spec names file, line, column and what to do', () => {
  it.each(broken)('%s', async (_, text, message) => {
    expect(await mistakesIn(text)).toBe(message.join('\n'));
  });
});

describe('all mistakes at once', () => {
  const text = tinySpec({
    data: 'data: { name: mnst }',
    training: 'training: { epochs: 0 }',
    optimizers: 'optimizers:\n  adam: { bata1: 0.9 }\n  sdg: {}',
    more: 'enginee: wasm',
  });

  it('are sorted by position', async () => {
    const places = [...(await mistakesIn(text)).matchAll(/^x\.yaml:(\d+):/gm)].map(([, line]) =>
      Number(line),
    );
    expect(places).toEqual([1, 3, 5, 6, 7]);
  });

  it('are there as data', async () => {
    const error = await parseSpec('x.yaml', text).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    const { issues, exitCode } = error as SpecError;
    expect(exitCode).toBe(2);
    expect(issues[2]).toEqual({
      code: 'unknown-key',
      path: ['optimizers', 'adam', 'bata1'],
      message: 'unknown key "bata1" in optimizers.adam',
      suggestion: 'beta1',
      file: 'x.yaml',
      line: 5,
      column: 11,
      sourceLine: '  adam: { bata1: 0.9 }',
    });
  });

  it('point below a line with tabs, CRLF and non-ASCII text', async () => {
    const windows = tinySpec({ more: "title: 'ü'\t# ü\r\nengine:\tx\r\n" });
    expect(await mistakesIn(windows)).toBe(
      'x.yaml:6:9: engine: expected one of auto, reference, wasm, tensorflow, found "x"\n  engine:\tx\n         \t^',
    );
  });
});

describe('loadSpec', () => {
  it('finds every shipped experiment by name, and each resolves in every profile', async () => {
    expect(listExperiments()).toEqual(expect.arrayContaining(['mnist-logreg', 'mnist-mlp']));
    for (const name of listExperiments()) {
      const spec = await loadSpec(name);
      for (const profile of profileNames) {
        const experiment = await resolveSpec(spec, { profile, engine: 'wasm' });
        expect(experiment.runs.length).toBeGreaterThan(0);
        // Some problems are so small that all of it is quick.
        const whole = profile === 'paper' || experiment.runs[0]!.model.type === 'problem';
        if (profile === 'paper' || !whole) expect(experiment.cuts.length === 0).toBe(whole);
      }
    }
  });

  it('names the nearest experiment', async () => {
    await expect(loadSpec('mnist-mpl')).rejects.toThrow(
      /^unknown experiment "mnist-mpl"; did you mean "mnist-mlp"\? Shipped are .*mnist-logreg, mnist-mlp.*; a spec of your own is named by its path, such as \.\/my-spec\.yaml\.$/,
    );
    await expect(loadSpec('mnist-mpl')).rejects.toBeInstanceOf(UsageError);
  });

  it('says which file is missing', async () => {
    await expect(loadSpec('./gone.yaml')).rejects.toThrow(
      'cannot read the spec ./gone.yaml: there is no such file.',
    );
    await expect(loadSpec('gone.yml')).rejects.toThrow(
      'cannot read the spec gone.yml: there is no such file.',
    );
    await expect(loadSpec(tmpdir())).rejects.toThrow(`cannot read the spec ${tmpdir()}: it is a folder.`);
  });

  it('finds files next to the spec, from any folder', async () => {
    const file = fileURLToPath(new URL('fixtures/own-files.yaml', import.meta.url));
    const folder = mkdtempSync(join(tmpdir(), 'elsewhere '));
    const before = process.cwd();
    try {
      process.chdir(folder);
      const { files, runs } = await resolveSpec(await loadSpec(file), { engine: 'reference' });
      expect(files.model).toBe(join(file, '../own-model.ts'));
      expect(files.rules).toEqual({ mine: join(file, '../own-rule.ts') });
      expect(runs[0]!.optimizerSettings).toMatchObject({
        rule: './own-rule.ts',
        hyper: { lr: 0.1, strength: 3 },
      });
      writeFileSync('näme.yaml', tinySpec({}));
      await expect(loadSpec('näme.yaml')).rejects.toThrow(
        `näme.yaml:1:1: the file's name "näme" cannot name the experiment: add "name:" with a name of letters`,
      );
      writeFileSync('mine.yml', tinySpec({}));
      expect((await loadSpec('mine.yml')).name).toBe('mine');
    } finally {
      process.chdir(before);
      rmSync(folder, { recursive: true });
    }
  });
});
