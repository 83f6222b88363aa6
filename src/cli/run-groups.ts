import { groupBy } from '../group-by.ts';
import type { RunSummary } from './cost-table.ts';
import { clock, cost, percent } from './format.ts';
import type { Paint } from './output.ts';
import { renderTable } from './table.ts';

/** Above it, tables have one line per optimizer instead of one per run. */
export const mostLines = 30;

/**
 * What became of many runs, by optimizer: how many, and the best of those that are complete by each measure.
 *
 * @param told for each run what tells it apart from others of its optimizer and seed.
 */
export function groupTable(runs: readonly RunSummary[], paint: Paint, told: readonly string[]): string {
  const groups = groupBy(
    runs.map((run, i) => ({ run, told: told[i] ?? '' })),
    ({ run }) => run.optimizer,
  );
  const rows = [...groups].map(([optimizer, members]) => {
    const having = (...statuses: RunSummary['status'][]): number =>
      members.filter(({ run }) => statuses.includes(run.status)).length;
    const failed = having('failed');
    const seconds = members.reduce((sum, { run }) => sum + (run.seconds ?? 0), 0);
    const measure = members.some(({ run }) => run.testError !== null) ? 'testError' : 'minibatchCost';
    const best = bestBy(members, measure);
    return [
      optimizer,
      String(members.length),
      paint.green(String(having('complete'))),
      String(having('diverged')),
      String(having('pending', 'running', 'interrupted')),
      failed > 0 ? paint.red(String(failed)) : '0',
      shown(bestBy(members, 'minibatchCost')?.run.minibatchCost, cost),
      shown(bestBy(members, 'testError')?.run.testError, percent),
      seconds === 0 ? '-' : clock(seconds),
      best === undefined ? '-' : best.told || `seed ${best.run.seed}`,
    ];
  });
  const counts = ['runs', 'complete', 'diverged', 'open', 'failed'];
  return renderTable(
    [
      { title: 'optimizer' },
      ...counts.map((title) => ({ title, align: 'right' as const })),
      { title: 'lowest mini-\nbatch cost', align: 'right' },
      { title: 'lowest test\nerror', align: 'right' },
      { title: 'time', align: 'right' },
      { title: 'best run' },
    ],
    rows,
  );
}

const shown = (value: number | null | undefined, format: (value: number) => string): string =>
  value === null || value === undefined ? '-' : format(value);

interface Member {
  readonly run: RunSummary;
  readonly told: string;
}

function bestBy(members: readonly Member[], measure: 'minibatchCost' | 'testError'): Member | undefined {
  const value = ({ run }: Member): number => run[measure] ?? Number.POSITIVE_INFINITY;
  return members
    .filter((member) => member.run.status === 'complete' && value(member) < Number.POSITIVE_INFINITY)
    .reduce<Member | undefined>((a, b) => (a === undefined || value(b) < value(a) ? b : a), undefined);
}
