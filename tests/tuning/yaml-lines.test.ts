import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { entryLines, indented, nestedLines } from '../../src/tuning/yaml-lines.ts';
import { fakeSearch } from './fake-search.ts';

const context = fakeSearch(() => 1);

describe('lines for the spec', () => {
  it('are the entries with the settings that were searched, a map of which a part was searched as a whole', async () => {
    const settings = { lr: 1e-3, 'weightDecay.rate': 0.5, schedule: { type: 'inverse-sqrt', per: 'epoch' } };
    const candidate = await context.candidate('adam', settings, {});
    const lines = entryLines([{ candidate, epochs: 1, ids: [], status: 'complete' }], () => 'the best of 3');
    expect(lines).toEqual([
      'optimizers:',
      '  adam: # the best of 3',
      '    lr: 0.001',
      '    weightDecay: { mode: l2, rate: 0.5 }',
      '    schedule: { type: inverse-sqrt, per: epoch }',
    ]);
    expect(parse(indented(lines).join('\n'))).toHaveProperty('optimizers.adam.lr', 0.001);
  });

  it('name the normalised rate of a weight decay without the rate that it was made into', async () => {
    const settings = { 'weightDecay.normalized': 0.4 };
    const { runs, ...candidate } = await context.candidate('adam', settings, {});
    const weightDecay = { mode: 'decoupled', rate: 0.2, normalized: 0.4 } as const;
    const made = runs.map((run) => ({
      ...run,
      optimizerSettings: { ...run.optimizerSettings, weightDecay },
    }));
    const best = { candidate: { ...candidate, runs: made }, epochs: 1, ids: [], status: 'complete' } as const;
    expect(entryLines([best], () => 'x').at(-1)).toBe(
      '    weightDecay: { mode: decoupled, normalized: 0.4 }',
    );
  });

  it('have what an entry sets beside its rule, such as its own model', async () => {
    const settings = { lr: 0.1, 'model.activation': 'relu', 'model.dropout.input': 0.2 };
    const candidate = await context.candidate('adam', settings, {});
    const lines = entryLines([{ candidate, epochs: 1, ids: [], status: 'complete' }], () => 'x');
    expect(lines.slice(-2)).toEqual([
      '    lr: 0.1',
      '    model: { activation: relu, dropout: { input: 0.2 } }',
    ]);
  });

  it('are nested maps for paths of the spec', () => {
    const shared = { 'model.dropout.input': 0.2, 'model.initialization': 'zeros', 'training.batchSize': 64 };
    expect(parse(nestedLines(shared).join('\n'))).toEqual({
      model: { dropout: { input: 0.2 }, initialization: 'zeros' },
      training: { batchSize: 64 },
    });
    expect(nestedLines({})).toEqual([]);
  });

  it('say that there is none', async () => {
    const candidate = await context.candidate('adam', { weightDecay: null }, {});
    const lines = entryLines([{ candidate, epochs: 1, ids: [], status: 'complete' }], () => 'x');
    expect(lines.at(-1)).toBe('    weightDecay: null');
  });
});
