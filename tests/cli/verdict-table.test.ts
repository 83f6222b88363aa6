import picocolors from 'picocolors';
import { describe, expect, it } from 'vitest';
import { claims, verdictOf } from '../../src/claims/index.ts';
import { type Judged, verdictTable } from '../../src/cli/verdict-table.ts';

const paint = picocolors.createColors(false);

function judged(id: string, changes: Partial<Judged> = {}): Judged {
  const claim = claims.find((one) => one.id === id)!;
  return { ...verdictOf(claim, undefined), command: 'adam-repro run it', ...changes };
}

const sample = [
  judged('A6-any', { verdict: 'not reproduced', ours: 'the regret grows as T on both losses of the paper' }),
  judged('A14-10', { verdict: "contradicted by the paper's own figure", reason: 'as its numbers say' }),
  judged('A7', { verdict: 'reproduced', ours: 'epoch 46: Adam 0.257, SGDNesterov 0.266, AdaGrad 0.446' }),
];

describe('the table of verdicts', () => {
  it.each([80, 120])('says what each claim states, within %i columns', (columns) => {
    const lines = verdictTable(sample, paint, columns).split('\n');
    expect(lines.filter((line) => line.length > columns)).toEqual([]);
    const text = lines.join(' ').replaceAll(/ +/g, ' ');
    for (const { claim } of sample) expect(text).toContain(`${claim.id} ${claim.statement}`);
  });

  it('has verdict, paper and ours below the statement, one claim after the other', () => {
    const lines = verdictTable(sample, paint, 120).split('\n');
    expect(lines.slice(0, 2).map((line) => line.split(/ {2,}/))).toEqual([
      ['claim'],
      ['', 'verdict', 'paper', 'ours'],
    ]);
    const firsts = lines.filter((line) => /^\w/.test(line)).map((line) => line.split(' ', 1)[0]);
    expect(firsts).toEqual(['claim', 'A6-any', 'A14-10', 'A7']);
    const ours = lines[1]!.indexOf('ours');
    const row = lines.find((line) => line.startsWith('    not reproduced'))!;
    expect(row.slice(ours)).toMatch(/^the regret grows/);
    expect(lines).toContain('    (as its numbers say)');
  });

  it('gives the command of a claim that was not run in one line', () => {
    const command = `adam-repro run mnist-logreg ${'--variant tuned '.repeat(8)}`;
    expect(verdictTable([judged('A7', { command })], paint, 80)).toContain(`\n    ${command}`);
  });
});
