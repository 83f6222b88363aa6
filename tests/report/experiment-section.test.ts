import { expect, it } from 'vitest';
import { placeOf } from '../../src/report/experiment-section.ts';

const placeIn = (paper: { key: string; figure: string } | null): string =>
  placeOf({ experiment: { paper } } as Parameters<typeof placeOf>[0]);

it('says where in a paper an experiment belongs, also where that is no figure', () => {
  expect(placeIn({ key: 'adam', figure: '1-left' })).toBe('Adam 2015, figure 1 left');
  expect(placeIn({ key: 'adamw', figure: 'S3' })).toBe('AdamW 2019, figure S3');
  expect(placeIn({ key: 'ruder', figure: '4.10' })).toBe("Ruder's overview 2017, section 4.10");
  expect(placeIn({ key: 'adam', figure: 'properties' })).toBe('Adam 2015, properties');
  expect(placeIn(null)).toBe('no figure of a paper');
});
