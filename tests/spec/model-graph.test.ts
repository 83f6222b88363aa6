import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { describeExample } from '../../src/datasets/example.ts';
import { makeSynthetic } from '../../src/datasets/synthetic.ts';
import { UserError } from '../../src/errors.ts';
import { SpecError } from '../../src/spec/issue.ts';
import { parseSpec } from '../../src/spec/load.ts';
import { resolveSpec } from '../../src/spec/resolve.ts';
import { showSpec } from '../../src/spec/show.ts';

const folder = mkdtempSync(join(tmpdir(), 'model graph '));
afterAll(() => rmSync(folder, { recursive: true }));

const specOf = (model: string, optimizers = '{ adam: {} }', engine = 'wasm') =>
  `data: { name: synthetic }\nmodel: ${model}\ntraining: { epochs: 1 }\noptimizers: ${optimizers}\nengine: ${engine}`;

async function messageOf(text: string): Promise<string> {
  const error = await parseSpec(join(folder, 'x.yaml'), text).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(SpecError);
  return (error as Error).message;
}

const files: [string, string, RegExp][] = [
  ['no-export', 'export const lr = 1;', /no-export\.ts exports no model: export one/],
  ['no-cost', 'export const model = () => ({});', /no-cost\.ts: The model returns no cost: /],
  [
    'throws',
    '\n\nexport const model = (input) => input.y.shape;',
    /throws\.ts:3: The model fails while its graph is built: Cannot read properties of undefined/,
  ],
  [
    'logits',
    `import { classify, dense, flatten } from 'adam-repro';
     export const model = (i, c) => classify(dense(c, flatten(i.x), 7, 'o', { type: 'zeros' }), i);`,
    /logits\.ts:2: The logits have 7 values, the data 10 classes: they must be as many/,
  ],
  [
    'exits',
    'process.exit(0); export const model = () => ({});',
    /exits\.ts cannot be loaded: it calls process\.exit, which would end adam-repro/,
  ],
];

describe('a model is built when its spec is read', () => {
  it.each(files)('%s.ts is a mistake of the spec with its place', async (name, text, message) => {
    writeFileSync(join(folder, `${name}.ts`), text);
    const said = await messageOf(specOf(`{ type: file, file: ./${name}.ts }`));
    expect(said).toMatch(message);
    expect(said).toMatch(/^[^\n]*x\.yaml:2:28: model\.file: /);
    expect(said.split('\n')).toHaveLength(3);
  });

  it('a shipped model that does not fit the data is one too', async () => {
    expect(await messageOf(specOf('{ type: cnn, channels: [4], dense: 8 }'))).toContain(
      'x.yaml:2:8: model: The model cnn needs images, but the examples have shape [784]: set model.image',
    );
  });

  it('a folder is no file', async () => {
    mkdirSync(join(folder, 'd.ts'));
    const at = join(folder, 'd.ts');
    expect(await messageOf(specOf('{ type: file, file: ./d.ts }'))).toContain(
      `model.file: not a file, but a folder or a device: ${at}`,
    );
    expect(await messageOf(specOf('logistic-regression', '{ a: { rule: ./d.ts } }'))).toContain(
      `optimizers.a.rule: not a file, but a folder or a device: ${at}`,
    );
  });

  it('assumes the data that there are', () => {
    const { train, classes } = makeSynthetic(1, 1);
    const example = describeExample({ name: 'synthetic', trainExamples: 1, testExamples: 1 });
    expect(train.inputs.shape).toEqual(example.shape);
    expect(example.bytes).toBe(train.inputs.data.length);
    expect(classes).toBe(10);
  });
});

describe('a run that cannot fit into memory', () => {
  const refusal = async (model: string, engine: string) => {
    const spec = await parseSpec('x.yaml', specOf(model, '{ adam: {} }', engine));
    return resolveSpec(spec, { engine: 'wasm' }).catch((thrown: unknown) => thrown);
  };

  it('is refused with the limit of wasm', async () => {
    const error = await refusal('{ type: mlp, hidden: [99999999] }', 'wasm');
    expect(error).toBeInstanceOf(UserError);
    // 3 * (795 * 99,999,999 + 10) numbers, and activations of 1000 * 99,999,999, of 4 bytes each.
    expect((error as Error).message).toBe(
      'This model needs at least 1,261 GiB of memory (238,499,997,645 numbers of parameters and optimizer state), ' +
        'and the wasm engine can have 4 GiB: make the model or the batches smaller, or take another engine.',
    );
  });

  it.each(['reference', 'tensorflow'])('is refused with the memory of the machine on %s', async (engine) => {
    expect(((await refusal('{ type: mlp, hidden: [99999999, 99999999] }', engine)) as Error).message).toMatch(
      /^This model needs at least [\d,.]+ GiB of memory .*, and this machine has [\d,.]+ GiB: make the model or the batches smaller\.$/,
    );
  });

  it('is resolved where results are only compared with it', async () => {
    const spec = await parseSpec('x.yaml', specOf('{ type: mlp, hidden: [99999999] }'));
    expect((await resolveSpec(spec, { engine: 'wasm', isRun: false })).runs).toHaveLength(1);
  });
});

describe('showSpec with files of its own', () => {
  it('says where to save it, and gives the same runs there', async () => {
    writeFileSync(
      join(folder, 'fine.ts'),
      `import { classify, dense, flatten } from 'adam-repro';
       export const model = (i, c) => classify(dense(c, flatten(i.x), i.classes, 'o', { type: 'zeros' }), i);`,
    );
    const spec = await parseSpec(join(folder, 'x.yaml'), specOf('{ type: file, file: ./fine.ts }'));
    const experiment = await resolveSpec(spec, { engine: 'wasm' });
    const shown = showSpec(experiment);
    expect(shown).toContain(`# Save it in ${folder}: the files it names are looked up beside it.\n`);
    const again = await resolveSpec(await parseSpec(join(folder, 'y.yaml'), shown), { engine: 'wasm' });
    expect(again.runs).toEqual(experiment.runs);
    const plain = await resolveSpec(await parseSpec('x.yaml', specOf('logistic-regression')), {
      engine: 'wasm',
    });
    expect(showSpec(plain)).not.toContain('# Save it');
  });
});
