import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Measurement } from '../../src/tuning/candidate.ts';
import { addToTable, readTable, type TablePlace, tablePath } from '../../src/tuning/table.ts';
import { type FakeCurve, fakeSearch } from './fake-search.ts';

let resultsFolder: string;
beforeEach(() => {
  resultsFolder = mkdtempSync(join(tmpdir(), 'adam-repro tuning-'));
});
afterEach(() => rmSync(resultsFolder, { recursive: true, force: true }));

const place = (changes: Partial<TablePlace> = {}): TablePlace => ({
  kind: 'recover',
  resultsFolder,
  experiment: 'tiny',
  profile: 'paper',
  ...changes,
});
const content = { optimizers: ['sgd', 'adam'] };

async function measurement(optimizer: string, lr: number, value?: number, epochs = 3): Promise<Measurement> {
  const curve: FakeCurve = () => 1;
  const candidate = await fakeSearch(curve, { epochs }).candidate(optimizer, { lr }, {});
  const common = { candidate, epochs, ids: [`${optimizer}${lr}${epochs}`] };
  if (value === undefined) return { ...common, status: 'diverged' };
  return {
    ...common,
    status: 'complete',
    values: { value, median: value / 2, max: 2 * value },
    range: [value, value],
  };
}

const summary = (at = place()) =>
  readTable(at).map(({ optimizer, settings, epochs, distance, status }) =>
    [optimizer, settings, epochs, distance, status].join(' '),
  );

describe('the table of a search', () => {
  it('has a row for each candidate: the longest runs of each optimizer first, then the best', async () => {
    addToTable(place(), content, [
      await measurement('adam', 1),
      await measurement('adam', 2, 0.5),
      await measurement('adam', 3, 0.25),
      await measurement('adam', 3, 0.75, 10),
      await measurement('sgd', 4, 0.1),
    ]);
    expect(summary()).toEqual([
      'sgd {"lr":4} 3 0.1 complete',
      'adam {"lr":3} 10 0.75 complete',
      'adam {"lr":3} 3 0.25 complete',
      'adam {"lr":2} 3 0.5 complete',
      'adam {"lr":1} 3  diverged',
    ]);
    expect(readTable(place())[0]).toMatchObject({ median: '0.05', largest: '0.2', seeds: '0', shared: '{}' });
  });

  it('keeps what other searches have found, and replaces what was measured again', async () => {
    addToTable(place(), content, [await measurement('adam', 1, 0.5), await measurement('adam', 2, 0.25)]);
    addToTable(place(), content, [await measurement('adam', 1, 0.125), await measurement('sgd', 1, 1)]);
    expect(summary()).toEqual([
      'sgd {"lr":1} 3 1 complete',
      'adam {"lr":1} 3 0.125 complete',
      'adam {"lr":2} 3 0.25 complete',
    ]);
    const once = readFileSync(tablePath(place()), 'utf8');
    addToTable(place(), content, [await measurement('sgd', 1, 1)]);
    expect(readFileSync(tablePath(place()), 'utf8')).toBe(once);
    expect(readdirSync(dirname(tablePath(place())))).toEqual(['tiny-recover.csv']);
  });

  it('keeps the whole experiment, its profiles and the kinds of search apart', () => {
    expect(tablePath(place())).toBe(join(resultsFolder, 'tuning', 'tiny-recover.csv'));
    expect(tablePath(place({ profile: 'smoke' }))).toBe(
      join(resultsFolder, 'tuning', 'tiny-recover-smoke.csv'),
    );
    expect(tablePath(place({ kind: 'tune' }))).toBe(join(resultsFolder, 'tuning', 'tiny-tune.csv'));
  });

  it('names what was minimized, so that one run may stand for two criteria', async () => {
    const at = place({ kind: 'tune' });
    for (const criterion of ['test-error', 'minibatch-cost']) {
      addToTable(at, { ...content, criterion }, [await measurement('adam', 1, 0.5)]);
    }
    expect(readTable(at).map(({ criterion, value }) => [criterion, value])).toEqual([
      ['minibatch-cost', '0.5'],
      ['test-error', '0.5'],
    ]);
  });

  it.each(['a,b\n1,2\n', '', '"'])('never writes over a file that is something else (%j)', async (text) => {
    mkdirSync(dirname(tablePath(place())));
    writeFileSync(tablePath(place()), text);
    const found = [await measurement('adam', 1, 1)];
    expect(() => addToTable(place(), content, found)).toThrow('is no table of recover');
    expect(readFileSync(tablePath(place()), 'utf8')).toBe(text);
  });
});
