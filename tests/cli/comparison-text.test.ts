import { describe, expect, it } from 'vitest';
import { comparisonText } from '../../src/cli/comparison-text.ts';
import { compareTables } from '../../src/compare/index.ts';
import { type MadeUpRun, madeUp } from '../claims/made-up.ts';

const run = (optimizer: string, seed: number, values: readonly number[], more: Partial<MadeUpRun> = {}) => ({
  ...{ optimizer, seed, hyper: {}, ...more },
  values: { 'minibatch-cost': values.map((value, i) => [i + 1, value] as const) },
});
const place = { resultsFolder: 'results', experiment: 'sample', profile: 'paper' };
const text = (a: MadeUpRun[], b: MadeUpRun[]) =>
  comparisonText({ a: place, b: place, ...compareTables(madeUp(a), madeUp(b)) });

describe('the text of a comparison', () => {
  it('names the engine where an optimizer has several', () => {
    const runs = [run('adam', 0, [1]), run('adam', 0, [2], { engine: 'reference' })];
    const shown = text(runs, [...runs].reverse());
    expect(shown).toMatch(/^adam engine=wasm +1 .* same/m);
    expect(shown).toMatch(/^adam engine=reference +1 .* same/m);
  });

  it('names the seeds that only one side has', () => {
    const shown = text(
      [run('adam', 0, [1]), run('adam', 1, [2])],
      [run('adam', 1, [2]), run('adam', 2, [3])],
    );
    expect(shown).toMatch(/^adam +1 .* same +one seed/m);
    expect(shown).toContain('\nSeeds of adam left out: 0 only in A; 2 only in B');
  });

  it('says where no seed is common', () => {
    expect(text([run('adam', 0, [1])], [run('adam', 3, [2])])).toContain(
      '\nNo seed of adam in common: 0 in A; 3 in B',
    );
  });

  it('names what is left out or cannot be compared', () => {
    const late = { ...run('sgd', 0, []), values: { 'minibatch-cost': [[2, 1] as const] } };
    const begun = run('adam', 1, [], { status: 'interrupted' });
    const shown = text([run('adam', 0, [1]), begun, run('sgd', 0, [1])], [run('adam', 0, [1]), late]);
    expect(shown).toMatch(/^adam +1 /m);
    expect(shown).toContain('Left out of A, without a value to compare: 1 run of adam');
    expect(shown).toContain('Not comparable, as A and B have no epoch in common: sgd');
  });

  it('says which side diverged', () => {
    const diverged = run('adam', 0, [1], { status: 'diverged' });
    expect(text([run('adam', 0, [1, 2])], [diverged])).toMatch(/^adam +2 +2\S* +diverged +diverged in B /m);
    expect(text([diverged], [run('adam', 0, [1, 2])])).toMatch(/^adam +2 +diverged +2\S* +diverged in A /m);
    expect(text([diverged], [diverged])).toMatch(/^adam +1 +diverged +diverged +same /m);
  });

  it('does not say that nothing has a like where it has one', () => {
    const late = { ...run('sgd', 0, []), values: { 'minibatch-cost': [[2, 1] as const] } };
    expect(text([run('sgd', 0, [1])], [late])).not.toContain('No run of A has a like in B.');
    expect(text([run('sgd', 0, [1])], [run('adam', 0, [1])])).toContain('No run of A has a like in B.');
  });
});
