import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type ClaimVerdict,
  claims,
  commandFor,
  evidenceIn,
  judgeClaim,
  resultsName,
  verdictOf,
} from '../../src/claims/index.ts';
import { readTables } from '../../src/results/read-tables.ts';
import { claimsPage } from './claims-page.ts';

const root = join(import.meta.dirname, '../..');
const reference = join(root, 'results/reference');

/** On results/reference. */
const read = evidenceIn(reference);
const judged: ClaimVerdict[] = [];
for (const claim of claims) judged.push(await judgeClaim(claim, read));

describe('claims', () => {
  it('have an id of their own, in the order of the papers', () => {
    const ids = claims.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.map((id) => id[0]).join('')).toMatch(/^A+B+C+$/);
  });

  it('name experiments that are shipped', async () => {
    for (const { needs } of claims) expect(await commandFor(needs)).toMatch(/^adam-repro (run|tune) /);
  });

  it('are described in docs/claims.md, with their verdicts', async () => {
    await expect(claimsPage(judged)).toMatchFileSnapshot(join(root, 'docs/claims.md'));
  });
});

describe('results/reference', () => {
  it('gives the recorded verdicts', async () => {
    const recorded = Object.fromEntries(judged.map(({ claim, verdict }) => [claim.id, verdict]));
    const text = `${JSON.stringify(recorded, null, 2)}\n`;
    await expect(text).toMatchFileSnapshot(join(root, 'experiments/verdicts.json'));
  });

  it('has no runs in other settings than those of the specs', async () => {
    const needs = new Map(claims.map((claim) => [resultsName(claim.needs), claim.needs]));
    for (const [name, need] of needs) {
      const evidence = await read(need, 'paper');
      const tables = readTables(reference, name, 'paper');
      expect(evidence?.otherSettings ?? []).toEqual([]);
      expect(evidence?.tables.runs.length).toBe(tables?.runs.length);
    }
  });

  it('says nothing as long as it is called smoke', () => {
    const known = new Map<string, ReturnType<typeof readTables>>();
    for (const claim of claims) {
      const name = resultsName(claim.needs);
      if (!known.has(name)) known.set(name, readTables(reference, name, 'paper'));
      const tables = known.get(name);
      if (tables === undefined) continue;
      const { verdict } = verdictOf(claim, { ...tables, profile: 'smoke' });
      expect(['inconclusive', "contradicted by the paper's own figure"]).toContain(verdict);
    }
  });
});
