import type { ClaimVerdict } from '../../src/claims/index.ts';

/** docs/claims.md, made from the claims themselves and the verdicts on them. */
export function claimsPage(judged: readonly ClaimVerdict[]): string {
  return `${head}\n${papers.map((paper) => section(paper, judged)).join('\n')}`;
}

const papers = [
  ['A', 'Adam (Kingma & Ba 2015)'],
  ['B', 'AdamW (Loshchilov & Hutter 2019)'],
  ['C', "Ruder's overview (2017)"],
] as const;

const head = `# Claims

\`adam-repro verify\` judges each of these by the results in the folder. Criteria and thresholds are code in \`src/claims/\`;
nothing but \`curves.csv\`, \`runs.csv\`, the shipped specs and the papers' digitised curves goes in. This page is made from that code
(\`npx vitest run tests/claims -u\` writes it anew).

| verdict | meaning |
| ------- | ------- |
| reproduced | the criterion holds |
| better than the paper | it holds, and Adam's cost (or number of epochs) is more than 10 % below the paper's; costs with tuned settings only, since those as drawn were fitted to the paper's curve |
| not reproduced | it does not hold |
| inconclusive | too short a profile, too few seeds, runs that are missing, or a threshold within two standard errors |
| contradicted by the paper's own figure | the paper's digitised numbers fail the criterion; ours are shown beside it |
| not run | there are no results; the command is shown |

The longest profile counts that decides (paper, quick, smoke); \`smoke\` decides nothing. With several seeds a threshold has to be
met by two standard errors; a run that diverged counts as infinite and is never left out. A comparison of optimizers is judged
with the settings as drawn, and again (\`-tuned\`) with each optimizer at its own best settings, on at least three seeds. Where the
two differ, that is the finding: the settings made the figure.

Runs count that have the settings of the experiment's shipped spec, on whatever engine, and are no longer than it says; what was
tried with \`--set\` beside them does not. Of an optimizer that has finished runs in other settings only, these are judged, and the
verdict says so.

The verdicts below are those on \`results/reference\`, as \`experiments/verdicts.json\` records them; \`verify --strict\` compares with
these.
`;

function section([letter, title]: (typeof papers)[number], judged: readonly ClaimVerdict[]): string {
  const rows = judged.filter(({ claim }) => claim.id.startsWith(letter)).map(row);
  return `## ${title}\n\n| claim | statement | verdict | source | judged by | thresholds | the paper shows |\n| --- | --- | --- | --- | --- | --- | --- |\n${rows.join('\n')}\n`;
}

function row({ claim, verdict }: ClaimVerdict): string {
  const { id, statement, source, needs, thresholds, paper } = claim;
  const { experiment, variant, profile } = needs;
  const by = `${experiment}${variant === 'tuned' ? ' (tuned)' : ''}, ${profile}`;
  const numbers = Object.entries(thresholds).map(
    ([name, value]) => `${name} ${Number(value.toPrecision(4))}`,
  );
  const shown = paper?.().value ?? '-';
  const cells = [id, statement, `**${verdict}**`, source, by, numbers.join(', ') || '-', shown];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
