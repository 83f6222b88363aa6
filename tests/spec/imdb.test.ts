import { describe, expect, it } from 'vitest';
import { SpecError } from '../../src/spec/issue.ts';
import { loadSpec, parseSpec } from '../../src/spec/load.ts';
import { resolveSpec } from '../../src/spec/resolve.ts';

const specOf = (data: string, model = 'logistic-regression') => `
data: ${data}
model: ${model}
training: { epochs: 1 }
optimizers: { adam: {} }
`;
const resolved = async (text: string) => resolveSpec(await parseSpec('x.yaml', text), { engine: 'wasm' });
const messageOf = async (text: string): Promise<string> => {
  const error = await parseSpec('x.yaml', text).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(SpecError);
  return error.message;
};

describe('data: imdb', () => {
  it('counts whether each of the 10,000 most frequent words occurs, unless it is told otherwise', async () => {
    const [all, some] = await Promise.all(
      ['{ name: imdb }', '{ name: imdb, words: 500, values: count, trainExamples: 64, testExamples: 8 }'].map(
        async (data) => (await resolved(specOf(data))).runs[0]!.data,
      ),
    );
    const sizes = { trainExamples: 25_000, testExamples: 25_000 };
    expect(all).toEqual({ name: 'imdb', ...sizes, words: 10_000, values: 'binary' });
    expect(some).toMatchObject({ trainExamples: 64, words: 500, values: 'count' });
  });

  it.each([
    ['{ name: imdb, words: 10001 }', 'data.words: expected a whole number from 1 to 10000, found 10001'],
    ['{ name: imdb, values: tfidf }', 'data.values: expected one of binary, count, found "tfidf"'],
    ['{ name: imdb, testExamples: 25001 }', 'a whole number from 1 to 25000, found 25001'],
    ['{ name: mnist, words: 100 }', 'unknown key "words" in data'],
  ])('refuses %s', async (data, message) => {
    expect(await messageOf(specOf(data))).toContain(message);
  });

  it('goes with logistic regression and with fully connected networks', async () => {
    const mlp = '{ type: mlp, hidden: [3], dropout: { input: 0.5 } }';
    for (const model of ['{ type: logistic-regression, dropout: { input: 0.5 } }', mlp]) {
      expect((await resolved(specOf('{ name: imdb }', model))).runs).toHaveLength(1);
    }
  });

  it.each([
    ['cnn', '{ type: cnn, channels: [2], dense: 4, image: [100, 100, 1] }'],
    ['vae', '{ type: vae, hidden: 4, latent: 2 }'],
  ])('is refused with a %s', async (name, model) => {
    expect(await messageOf(specOf('{ name: imdb }', model))).toContain(
      `x.yaml:3:8: model: The model ${name} takes no bags of words, as the data are: use logistic-regression or mlp`,
    );
  });
});

describe('the experiment imdb-logreg', () => {
  it('has every optimizer with and without dropout, all else being equal', async () => {
    const spec = await loadSpec('imdb-logreg');
    const { runs } = await resolveSpec(spec, { engine: 'wasm', profile: 'paper' });
    const without = runs.filter(({ optimizer }) => optimizer.endsWith('-no-dropout'));
    expect([runs.length, without.length]).toEqual([8, 4]);
    for (const run of without) {
      const twin = runs.find(({ optimizer }) => `${optimizer}-no-dropout` === run.optimizer)!;
      expect(run.optimizerSettings).toEqual(twin.optimizerSettings);
      expect(run.model).toMatchObject({ dropout: { input: 0 } });
      expect(twin.model).toEqual({ ...run.model, dropout: { input: 0.5 } });
    }
  });
});
