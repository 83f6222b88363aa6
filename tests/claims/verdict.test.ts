import { describe, expect, it } from 'vitest';
import { atLeast } from '../../src/claims/checks.ts';
import { asDrawn, type Claim, NotEnough } from '../../src/claims/claim.ts';
import {
  commandFor,
  judgeClaim,
  type ReadEvidence,
  verdictOf,
  worseThanRecorded,
} from '../../src/claims/index.ts';
import type { ResultTables } from '../../src/results/read-tables.ts';
import { type MadeUpRun, madeUp } from './made-up.ts';

const toy = (change: Partial<Claim> = {}): Claim => ({
  ...{
    id: 'A99',
    statement: 'x is at least 1',
    source: 'nowhere',
    needs: asDrawn('toy'),
    thresholds: { one: 1 },
  },
  judge: ({ rows }) => {
    if (rows.length === 0) throw new NotEnough('no row');
    return { ours: `x ${rows[0]!.value}`, checks: [atLeast('x', rows[0]!.value, 1)] };
  },
  ...change,
});
const tables = (x: number, profile = 'paper') =>
  madeUp([{ optimizer: 'o', values: { x: [[1, x]] } }], profile);
const empty = (profile = 'paper') => madeUp([{ optimizer: 'o', values: {} }], profile);
const folder =
  (found: Record<string, ResultTables>): ReadEvidence =>
  async (_, profile) =>
    found[profile] && { tables: found[profile], otherSettings: [] };

describe('a verdict', () => {
  it('follows the criterion, on the profile that the claim needs', () => {
    expect(verdictOf(toy(), tables(2))).toMatchObject({
      verdict: 'reproduced',
      ours: 'x 2 (1 seed)',
      arithmetic: ['x 2; at least 1: holds'],
    });
    expect(verdictOf(toy(), tables(0)).verdict).toBe('not reproduced');
    expect(verdictOf(toy(), undefined).verdict).toBe('not run');
    expect(verdictOf(toy(), empty())).toMatchObject({ verdict: 'inconclusive', reason: 'no row' });
  });

  it('says how many seeds stand behind it, unless they change nothing', () => {
    const ours = (change: Partial<MadeUpRun>[]) =>
      verdictOf(toy(), madeUp(change.map((run) => ({ optimizer: 'o', values: { x: [[1, 2]] }, ...run }))))
        .ours;
    expect(ours([{ seed: 0 }, { seed: 1 }])).toBe('x 2 (2 seeds)');
    expect(ours([{ model: { type: 'problem' } }])).toBe('x 2');
  });

  it.each(['smoke', 'quick'])('is open on %s where the paper profile is needed', (profile) => {
    for (const x of [0, 2]) expect(verdictOf(toy(), tables(x, profile)).verdict).toBe('inconclusive');
  });

  it('of smoke is open for every claim', () => {
    const short = toy({ needs: asDrawn('toy', 'quick') });
    expect(verdictOf(short, tables(2, 'smoke')).verdict).toBe('inconclusive');
    expect(verdictOf(short, tables(2, 'quick')).verdict).toBe('reproduced');
  });

  it('says what the paper itself contradicts, with and without results', () => {
    const contradicted = toy({ paper: () => ({ value: '0', holds: false }) });
    for (const found of [undefined, tables(0), tables(2)]) {
      expect(verdictOf(contradicted, found).verdict).toBe("contradicted by the paper's own figure");
    }
    expect(verdictOf(contradicted, tables(0)).reason).toBe('the claim fails in ours too');
  });

  it('names the optimizers whose settings are not those of the spec', () => {
    const run = { values: { x: [[1, 2]] as const }, model: { type: 'problem' } };
    const two = madeUp([
      { ...run, optimizer: 'o' },
      { ...run, optimizer: 'p' },
    ]);
    const ours = (found: ResultTables, others: string[]) => verdictOf(toy(), found, others).ours;
    expect(ours(two, [])).toBe('x 2');
    expect(ours(two, ['p'])).toBe("x 2 (settings other than the spec's: p)");
    expect(ours(two, ['o', 'p'])).toBe("x 2 (settings other than the spec's)");
    expect(ours(tables(2), ['o'])).toBe("x 2 (1 seed; settings other than the spec's)");
  });

  it('is taken from the longest profile that decides', async () => {
    const claim = toy({ needs: asDrawn('toy', 'quick') });
    const read = folder({ paper: empty(), quick: tables(2, 'quick'), smoke: tables(0, 'smoke') });
    expect(await judgeClaim(claim, read)).toMatchObject({ verdict: 'reproduced', profile: 'quick' });
    expect((await judgeClaim(claim, folder({}))).verdict).toBe('not run');
  });

  it('is worse than the recorded one only further down the list', () => {
    const judged = [verdictOf(toy(), tables(0))];
    expect(worseThanRecorded(judged, { A99: 'reproduced' })).toEqual([
      { id: 'A99', verdict: 'not reproduced', recorded: 'reproduced' },
    ]);
    expect(worseThanRecorded(judged, { A99: 'not reproduced' })).toEqual([]);
    expect(worseThanRecorded(judged, {})).toEqual([]);
    expect(worseThanRecorded([verdictOf(toy(), tables(2))], { A99: 'inconclusive' })).toEqual([]);
  });
});

describe('the command of a claim', () => {
  it('runs the variant, or finds its settings where none are shipped', async () => {
    const needs = { experiment: 'mnist-logreg', variant: 'tuned', profile: 'paper', seeds: 2 } as const;
    expect(await commandFor(needs)).toBe('adam-repro run mnist-logreg --variant tuned -p paper --seeds 0,1');
    expect(await commandFor({ ...needs, experiment: 'saddle' })).toBe('adam-repro tune saddle');
    expect(await commandFor(asDrawn('beale', 'quick'))).toBe('adam-repro run beale -p quick');
  });
});
