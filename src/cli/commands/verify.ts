import type { Command } from 'commander';
import type { Claim, Verdict } from '../../claims/index.ts';
import { EXIT, UsageError } from '../../errors.ts';
import type { Context } from '../context.ts';
import { count } from '../format.ts';
import { helpText } from '../help-text.ts';
import type { Paint } from '../output.ts';
import { resultsOption } from '../results-option.ts';
import { coloured, type Judged, verdictTable } from '../verdict-table.ts';
import { writeFile } from '../write-file.ts';

interface VerifyOptions {
  readonly output: string;
  readonly csv?: string;
  readonly strict?: boolean;
}

export function addVerify(program: Command, context: Context): void {
  const { output } = context;
  program
    .command('verify [claim...]')
    .summary("whether the papers' claims hold in the results")
    .description(
      helpText(
        "Judges the papers' claims by the results in the folder: for each claim the paper's value, ours and a verdict. Nothing is trained. A CLAIM is an id such as A7, which stands for A7-tuned too, or a letter: A for the Adam paper, B for AdamW, C for Ruder's overview. With -v the criterion's numbers.",
        [
          ['adam-repro verify'],
          ['adam-repro verify A7 -v', 'with thresholds and arithmetic'],
          ['adam-repro verify -o results/reference --strict'],
        ],
      ),
    )
    .option('--csv <file>', 'write the table there as CSV too')
    .option('--strict', 'exit code 3 where a verdict is worse than the recorded one')
    .addOption(resultsOption())
    .action(async (wanted: string[], { output: folder, csv, strict = false }: VerifyOptions) => {
      const { claims, judgeClaims, readRecorded, worseThanRecorded, commandFor } = await import(
        '../../claims/index.ts'
      );
      const judged: Judged[] = [];
      for (const result of await judgeClaims(selectClaims(claims, wanted), folder)) {
        judged.push({ ...result, command: await commandFor(result.claim.needs) });
      }
      const worse = worseThanRecorded(judged, readRecorded());
      if (csv !== undefined) writeFile(csv, await csvOf(judged));
      output.result({ claims: judged.map(document), worse }, () =>
        output.settings.verbose
          ? judged.map((result) => details(result, output.paint)).join('\n\n')
          : verdictTable(judged, output.paint, output.noteSize.columns),
      );
      output.note(`\n${countText(judged)}`);
      if (!output.settings.verbose) output.note('Thresholds and arithmetic: adam-repro verify CLAIM -v');
      if (!strict) return;
      for (const { id, verdict, recorded } of worse) output.warn(`${id}: ${verdict}, and was ${recorded}.`);
      if (worse.length > 0) context.exitCode = EXIT.strict;
    });
}

/** In the order of the papers. */
function selectClaims(claims: readonly Claim[], wanted: readonly string[]): readonly Claim[] {
  if (wanted.length === 0) return claims;
  const matches = (word: string, { id }: Claim): boolean =>
    /^[abc]$/i.test(word)
      ? id.startsWith(word.toUpperCase())
      : id.toLowerCase() === word.toLowerCase() || id.toLowerCase().startsWith(`${word.toLowerCase()}-`);
  const unknown = wanted.find((word) => !claims.some((claim) => matches(word, claim)));
  if (unknown !== undefined) {
    throw new UsageError(`unknown claim "${unknown}"; there are ${claims.map(({ id }) => id).join(', ')}.`);
  }
  return claims.filter((claim) => wanted.some((word) => matches(word, claim)));
}

function details(
  { claim, paper, ours, profile, verdict, reason, arithmetic, command }: Judged,
  paint: Paint,
) {
  const { id, statement, source, thresholds } = claim;
  const lines: [string, string | undefined][] = [
    ['source', source],
    [
      'thresholds',
      Object.entries(thresholds)
        .map(([name, value]) => `${name} ${value}`)
        .join(', ') || undefined,
    ],
    ['paper', paper],
    ['ours', ours],
    ['profile', profile],
    ['verdict', coloured(verdict, paint) + (reason === undefined ? '' : ` (${reason})`)],
    ['command', command],
  ];
  const shown = lines.flatMap(([title, text]) =>
    text === undefined ? [] : [`  ${title.padEnd(10)}  ${text}`],
  );
  const checks = arithmetic.map((line, i) => `  ${(i === 0 ? 'arithmetic' : '').padEnd(10)}  ${line}`);
  return [`${paint.bold(id)}  ${statement}`, ...shown, ...checks].join('\n');
}

function countText(judged: readonly Judged[]): string {
  const counts = new Map<Verdict, number>();
  for (const { verdict } of judged) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  return `${count(judged.length, 'claim')}: ${[...counts].map(([verdict, n]) => `${n} ${verdict}`).join(', ')}.`;
}

const document = ({ claim, verdict, paper, ours, profile, reason, arithmetic, command }: Judged) => ({
  id: claim.id,
  statement: claim.statement,
  source: claim.source,
  experiment: claim.needs.experiment,
  variant: claim.needs.variant,
  verdict,
  paper: paper ?? null,
  ours: ours ?? null,
  profile: profile ?? null,
  reason: reason ?? null,
  thresholds: claim.thresholds,
  arithmetic,
  command,
});

async function csvOf(judged: readonly Judged[]): Promise<string> {
  const { stringify } = await import('csv-stringify/sync');
  const rows = judged.map((result) => {
    const { thresholds, arithmetic, ...row } = document(result);
    return { ...row, thresholds: JSON.stringify(thresholds), arithmetic: arithmetic.join('\n') };
  });
  return stringify(rows, { header: true });
}
