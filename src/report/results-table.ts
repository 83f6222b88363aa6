import type { Line } from '../figures/lines.ts';
import { lastOf, type Quantity, quantitiesOf, type ResultTables } from '../results/read-tables.ts';
import { isFinished, type RunInfo } from '../results/run-info.ts';
import { spreadOf } from '../statistics.ts';
import { type Html, html } from './html.ts';
import { durationText, numberText } from './numbers.ts';
import { legendMark, region } from './parts.ts';

/** What stands in a column: at most this many, the ones that answer most first. */
const preferred = [
  'train minibatch-cost',
  'train cost',
  'test cost',
  'test error',
  'train rare-cost',
  'train regret',
  'train distance',
  'train step-length',
  'train largest-step',
  'train squared-distance',
  'train squared-distance-of-ema',
  'train squared-distance-of-mean',
];
const mostColumns = 4;
/** A grid's table has the best settings only. */
export const mostRows = 30;

/** Last values of every curve: median over the seeds, with the least and the greatest. */
export function resultsTable(lines: readonly Line[], tables: ResultTables, caption: string): Html {
  const columns = columnsOf(tables);
  const [first] = columns;
  const shown =
    lines.length <= mostRows || first === undefined
      ? lines
      : [...lines]
          .sort((a, b) => lastMedian(a, tables, first) - lastMedian(b, tables, first))
          .slice(0, mostRows);
  const hasRemarks = shown.some(({ group }) => remarkOn(group.runs) !== '');
  const cut =
    shown.length === lines.length
      ? ''
      : ` The ${shown.length} best of ${lines.length} settings by ${textOf(first!)}; all are in the CSV files.`;
  return region(
    `Last values: ${caption}`,
    html`<table class="numbers">
<caption>Last values: ${caption} Median over the finished seeds, below it least and greatest.${cut}</caption>
<thead><tr><th scope="col">curve</th><th scope="col">seeds</th>${columns.map(
      (quantity) => html`<th scope="col">${textOf(quantity)}</th>`,
    )}<th scope="col">time per run</th>${hasRemarks ? html`<th scope="col">remark</th>` : ''}</tr></thead>
<tbody>${shown.map((line) => rowOf(line, tables, columns, hasRemarks))}</tbody>
</table>`,
  );
}

function rowOf(
  { label, style, group }: Line,
  tables: ResultTables,
  columns: readonly Quantity[],
  hasRemarks: boolean,
): Html {
  const done = group.runs.filter(({ status }) => status === 'complete');
  const seconds = group.runs.flatMap(({ seconds: s }) =>
    s === undefined ? [] : [s.train + s.evaluate + s.other],
  );
  return html`<tr><th scope="row">${legendMark(style)} ${label}</th><td>${group.runs.length}</td>${columns.map(
    (quantity) => html`<td>${spreadCell(done, tables, quantity)}</td>`,
  )}<td>${seconds.length === 0 ? '-' : durationText(spreadOf(seconds).median)}</td>${hasRemarks ? html`<td class="words">${remarkOn(group.runs)}</td>` : ''}</tr>\n`;
}

function spreadCell(runs: readonly RunInfo[], tables: ResultTables, quantity: Quantity): Html {
  const values = lastValues(runs, tables, quantity);
  if (values.length === 0) return html`-`;
  const { median, min, max } = spreadOf(values);
  const spread =
    values.length === 1 ? '' : html` <span class="spread">${numberText(min)} to ${numberText(max)}</span>`;
  return html`${numberText(median)}${spread}`;
}

function lastValues(runs: readonly RunInfo[], tables: ResultTables, quantity: Quantity): number[] {
  return runs.flatMap((run) => lastOf(tables, run, quantity)?.value ?? []).filter(Number.isFinite);
}

/** Infinite where nothing is finished. */
function lastMedian({ group }: Line, tables: ResultTables, quantity: Quantity): number {
  const done = group.runs.filter(({ status }) => status === 'complete');
  const values = lastValues(done, tables, quantity);
  return values.length === 0 ? Number.POSITIVE_INFINITY : spreadOf(values).median;
}

/** Diverged and unfinished runs are in none of the values, and are said. */
function remarkOn(runs: readonly RunInfo[]): string {
  const of = (n: number, what: string): string =>
    runs.length === 1 ? what : `${n} of ${runs.length} ${what}`;
  const diverged = runs.filter(({ status }) => status === 'diverged');
  const open = runs.filter((run) => !isFinished(run));
  return [
    ...(diverged.length === 0
      ? []
      : [
          `${of(diverged.length, 'diverged')} after epoch ${diverged.map((run) => run.epochsDone).join(', ')}`,
        ]),
    ...(open.length === 0
      ? []
      : [
          `${of(open.length, 'not finished')}: epoch ${open.map((run) => `${run.epochsDone} of ${run.epochs}`).join(', ')}`,
        ]),
  ].join('; ');
}

function columnsOf(tables: ResultTables): Quantity[] {
  const place = (quantity: Quantity): number => {
    const at = preferred.indexOf(textOf(quantity));
    return at === -1 ? preferred.length : at;
  };
  return quantitiesOf(tables)
    .sort((a, b) => place(a) - place(b))
    .slice(0, mostColumns);
}

const textOf = ({ split, metric }: Quantity): string => `${split} ${metric}`;
