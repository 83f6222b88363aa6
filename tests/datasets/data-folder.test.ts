import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataFolder } from '../../src/datasets/data-folder.ts';

describe('dataFolder', () => {
  it.each([
    ['unset', undefined, resolve('data')],
    ['empty', '', resolve('data')],
    ['relative', 'shared/sets', resolve('shared/sets')],
    ['absolute', resolve('/srv/sets'), resolve('/srv/sets')],
  ])('%s', (_, value, expected) => {
    expect(dataFolder({ ADAM_REPRO_DATA: value })).toBe(expected);
  });
});
