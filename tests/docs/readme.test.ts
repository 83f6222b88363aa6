import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ClaimVerdict, claims, judgeClaims, type Verdict, verdicts } from '../../src/claims/index.ts';
import { engineRatios } from './engine-ratios.ts';
import { expectGenerated, markdownTable } from './generated.ts';
import { root } from './root.ts';

/** What a reader wants to know first; every claim is in docs/claims.md. */
const headlines = 'A7 A7-tuned A8 A9 A9-tuned A10 A11 A12 A13-10 A14-10 B2 B3 B4 C1 C3 C5 C5-tuned'.split(
  ' ',
);

/** None of these is left out, whatever the claim. */
const surprises: readonly Verdict[] = [
  'better than the paper',
  "contradicted by the paper's own figure",
  'not reproduced',
];

const isShown = ({ claim, verdict }: ClaimVerdict): boolean =>
  headlines.includes(claim.id) || surprises.includes(verdict);

function verdictPart(judged: readonly ClaimVerdict[]): string {
  const counts = verdicts
    .map((verdict) => [judged.filter((each) => each.verdict === verdict).length, verdict] as const)
    .filter(([count]) => count > 0)
    .map(([count, verdict]) => `${count} ${verdict}`);
  const rows = judged
    .filter(isShown)
    .map(({ claim, verdict, ours }) => [claim.id, claim.statement, ours ?? '-', `**${verdict}**`]);
  return `Of ${judged.length} claims: ${counts.join(', ')}.\n\n${markdownTable(['claim', 'what the paper says', 'measured', 'verdict'], rows)}`;
}

describe('README.md', () => {
  const text = readFileSync(join(root, 'README.md'), 'utf8');

  it('begins with the two commands', () => {
    const [fence, run, test, end] = text.split('\n');
    expect([fence, end]).toEqual(['```', '```']);
    expect([run, test].map((line) => line!.replace(/\s+#.*/, ''))).toEqual([
      'npm ci && npx adam-repro run mnist-mlp',
      'npm ci && npm test',
    ]);
  });

  it('has the verdicts of verify on results/reference, and the measured ratios of the engines', async () => {
    const judged = await judgeClaims(claims, join(root, 'results/reference'));
    await expectGenerated('README.md', { verdicts: verdictPart(judged), engines: engineRatios() });
  });

  it('links to files that are there', () => {
    const links = [...text.matchAll(/(?:\]\(|src="|href=")([^)"#:]+)(?=[)"#])/g)].map((match) => match[1]!);
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter((link) => !existsSync(join(root, link)))).toEqual([]);
  });

  it('shows a figure within the first screen', () => {
    const line = text.split('\n').findIndex((each) => each.includes('docs/figures/'));
    expect(line).toBeGreaterThan(0);
    expect(line).toBeLessThan(25);
  });
});

describe('CITATION.cff, CHANGELOG.md', () => {
  const { version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

  it('name the version and licence of package.json', () => {
    const citation = readFileSync(join(root, 'CITATION.cff'), 'utf8');
    expect(citation).toContain('cff-version: 1.2.0\n');
    expect(citation).toContain(`\nversion: ${version}\n`);
    expect(citation).toContain(`\nlicense: ${license}\n`);
    expect(readFileSync(join(root, 'CHANGELOG.md'), 'utf8')).toContain(version);
  });
});
