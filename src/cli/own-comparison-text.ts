import { cost, percent } from './format.ts';
import type { ComparedOptimizer, OwnComparison } from './own-comparison.ts';
import { renderTable } from './table.ts';

/** The table of a comparison, and a sentence on what is not in it. `command` computes the rest. */
export function comparisonText(
  { experiment, criterion, baseline, rows, missing }: OwnComparison,
  command: string,
): string {
  const shown = criterion === 'test-error' ? percent : cost;
  const settings = rows.some(({ setting }) => setting !== '');
  const table = renderTable(
    [
      { title: 'rank', align: 'right' },
      { title: 'optimizer' },
      ...(settings ? [{ title: 'best setting' }] : []),
      { title: `${criterion},\nmedian (range)` },
      { title: 'seeds', align: 'right' },
      { title: 'ms per\nstep', align: 'right' },
      ...(baseline === null ? [] : [{ title: `of\n${baseline}`, align: 'right' as const }]),
      { title: 'memory\nof SGD', align: 'right' },
    ],
    rows.map((row) => [
      row.rank === null ? '-' : String(row.rank),
      row.own ? `${row.optimizer} (yours)` : row.optimizer,
      ...(settings ? [row.setting] : []),
      valueText(row, shown),
      String(row.complete + row.diverged),
      row.secondsPerStep === null ? '-' : (1000 * row.secondsPerStep).toPrecision(3),
      ...(baseline === null ? [] : [row.timesBaseline === null ? '-' : `${row.timesBaseline.toFixed(2)}x`]),
      `${row.stateSlots + 1}x`,
    ]),
  );
  const open = missing.map(({ optimizer, runs, of }) => `${optimizer} (${runs} of ${of})`).join(', ');
  return [
    `Beside the others in ${experiment}, by ${criterion}; memory counts parameters and state:`,
    table,
    ...(missing.length === 0 ? [] : [`Runs that are not done: ${open}. They are computed by: ${command}`]),
  ].join('\n\n');
}

function valueText({ value, diverged }: ComparedOptimizer, shown: (x: number) => string): string {
  const lost = diverged === 0 ? '' : `${diverged} diverged`;
  if (value === null) return lost;
  const { median, min, max } = value;
  const range = min === max ? '' : ` (${shown(min)} to ${shown(max)})`;
  return `${shown(median)}${range}${lost === '' ? '' : `, ${lost}`}`;
}
