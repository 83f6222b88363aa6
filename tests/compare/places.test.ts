import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { placePairs, placesIn } from '../../src/compare/index.ts';

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

describe('the places of two folders', () => {
  const place = (name: string) => {
    const [experiment, profile] = name.split('/') as [string, string];
    return { resultsFolder: 'results', experiment, profile };
  };
  const pairs = (a: string[], b: string[]) =>
    placePairs(a.map(place), b.map(place)).map((pair) =>
      [pair.a, pair.b].map(({ experiment, profile }) => `${experiment}/${profile}`).join(' '),
    );

  it.each([
    ['experiment and profile', ['x/paper', 'y/paper'], ['y/paper', 'x/quick'], ['y/paper y/paper']],
    [
      'profile alone, of one experiment each',
      ['x/paper', 'x/quick'],
      ['x-tuned/quick'],
      ['x/quick x-tuned/quick'],
    ],
    [
      'profile alone, in each of them',
      ['x/paper', 'x/quick'],
      ['x-tuned/paper', 'x-tuned/quick'],
      ['x/paper x-tuned/paper', 'x/quick x-tuned/quick'],
    ],
    ['nothing, where there is one each', ['x/paper'], ['y/quick'], ['x/paper y/quick']],
    ['nothing else', ['x/paper', 'x/quick'], ['y/paper', 'z/paper'], []],
  ])('are paired by %s', (_, a, b, expected) => expect(pairs(a, b)).toEqual(expected));
});
