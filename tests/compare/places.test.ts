import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { placesIn } from '../../src/compare/index.ts';

const root = mkdtempSync(join(tmpdir(), 'adam-repro places-'));
afterAll(() => rmSync(root, { recursive: true }));
for (const place of ['mnist/quick', 'mnist/paper', 'ravine/paper']) {
  mkdirSync(join(root, place), { recursive: true });
  for (const file of ['curves.csv', 'runs.csv']) writeFileSync(join(root, place, file), '');
}
mkdirSync(join(root, 'empty/paper/runs'), { recursive: true });

const found = (folder: string) =>
  placesIn(join(root, folder)).map(({ experiment, profile }) => `${experiment}/${profile}`);

describe('the places of tables', () => {
  it.each([
    ['', ['mnist/paper', 'mnist/quick', 'ravine/paper']],
    ['mnist', ['mnist/paper', 'mnist/quick']],
    ['mnist/quick', ['mnist/quick']],
  ])('in "%s"', (folder, expected) => {
    expect(found(folder)).toEqual(expected);
    expect(placesIn(join(root, folder)).map((place) => place.resultsFolder)).toEqual(
      expected.map(() => root),
    );
  });

  it('are refused where there are none', () => {
    expect(() => found('empty')).toThrow('there are no results in');
    expect(() => found('nowhere')).toThrow('is no folder');
  });
});
