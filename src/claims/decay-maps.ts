import type { ResultTables } from '../results/read-tables.ts';
import type { SeedGroup } from '../results/seed-groups.ts';
import { mean } from '../statistics.ts';
import { atLeast, atMost, below, type Check, type SeedValues } from './checks.ts';
import { asDrawn, type Claim, NotEnough } from './claim.ts';
import { settingGroups, valueAt } from './evidence.ts';
import { number } from './number.ts';

/** Figures 1 and 2 of the AdamW paper: test errors over learning rate and decay. */

interface Cell {
  readonly lr: number;
  readonly decay: number;
  /** Mean test error over the seeds in percent, infinite where a run diverged. */
  readonly error: number;
  readonly errors: SeedValues;
}

function cellsOf(tables: ResultTables, optimizer: string): Cell[] {
  return settingGroups(tables, optimizer).map((group) => {
    const errors = testErrors(tables, group, optimizer);
    const [lr, decay] = [group.settings.get('lr'), group.settings.get('weightDecay.rate') ?? 0].map(Number);
    return { lr: lr!, decay: decay!, error: mean(errors.bySeed.values()), errors };
  });
}

function testErrors(tables: ResultTables, { runs }: SeedGroup, name: string): SeedValues {
  const values = runs.map(
    (run) => [run.seed, 100 * valueAt(tables, run, 'error', run.epochs, 'test')] as const,
  );
  return { name, bySeed: new Map(values) };
}

const bestCell = (cells: readonly Cell[]): Cell => cells.reduce((a, b) => (b.error < a.error ? b : a));

const circled = 10;
const basinAlongAxes = 0.4;
const diagonalBasin = 0.6;

const basins: Claim = {
  id: 'B3',
  statement:
    'Decoupled decay separates learning rate and decay: the basin lies along the axes, with L2 on the diagonal.',
  source: 'AdamW, section 4.2, figure 2',
  needs: asDrawn('adamw-decay-heatmap'),
  thresholds: { circled, basinAlongAxes, diagonalBasin },
  paper: () => ({
    value: 'rank correlation: SGD -0.91, Adam -0.79; SGDW -0.11, AdamW 0.09 (circles, digitised)',
  }),
  judge(tables) {
    const rho = (optimizer: string): number => {
      const cells = cellsOf(tables, optimizer);
      if (cells.length < 2 * circled)
        throw new NotEnough(`${cells.length} cells of ${optimizer}; at least ${2 * circled}`);
      const top = [...cells].sort((a, b) => a.error - b.error).slice(0, circled);
      return rankCorrelation(
        top.map(({ lr }) => lr),
        top.map(({ decay }) => decay),
      );
    };
    const [sgd, adam, sgdw, adamw] = ['sgd-l2', 'adam-l2', 'sgdw', 'adamw'].map(rho) as [
      number,
      number,
      number,
      number,
    ];
    return {
      ours: `rank correlation: SGD ${number(sgd)}, Adam ${number(adam)}; SGDW ${number(sgdw)}, AdamW ${number(adamw)}`,
      checks: [
        atLeast('SGD with L2: |rank correlation| over the ten best cells', Math.abs(sgd), diagonalBasin),
        atLeast('Adam with L2', Math.abs(adam), diagonalBasin),
        atMost('SGDW', Math.abs(sgdw), basinAlongAxes),
        atMost('AdamW', Math.abs(adamw), basinAlongAxes),
      ],
    };
  },
};

const lowerError: Claim = {
  id: 'B4',
  statement: 'AdamW generalises better than Adam with L2, each at its best learning rate and decay.',
  source: 'AdamW, section 4.2, figure 2',
  needs: { ...asDrawn('adamw-decay-heatmap'), seeds: 3 },
  thresholds: {},
  paper: () => ({ value: 'test error about 3.9 % (AdamW), 5.0 % (Adam); read by eye', holds: true }),
  judge(tables) {
    const [adamw, adam] = ['adamw', 'adam-l2'].map((name) => bestCell(cellsOf(tables, name))) as [Cell, Cell];
    return {
      ours: `test error ${number(adamw.error)} % (AdamW), ${number(adam.error)} % (Adam)`,
      checks: [below(adamw.errors, adam.errors)],
    };
  },
};

const schedules = ['fixed', 'step-drop', 'cosine'];

const allSchedules: Claim = {
  id: 'B4-schedules',
  statement: 'AdamW outperforms Adam with L2 for all schedules of the learning rate.',
  source: 'AdamW, section 4.1, figure 1',
  needs: { ...asDrawn('adamw-schedules'), seeds: 3 },
  thresholds: {},
  paper: () => ({
    value: 'AdamW/Adam: fixed 5.8/5.8, step drop 4.8/5.6, cosine 3.9/5.0 % (read by eye)',
  }),
  judge(tables) {
    const best = schedules.map(
      (schedule) =>
        [`adamw-${schedule}`, `adam-l2-${schedule}`].map((name) => bestCell(cellsOf(tables, name))) as [
          Cell,
          Cell,
        ],
    );
    const pairs = best.map(([w, l2], i) => `${schedules[i]} ${number(w.error)}/${number(l2.error)}`);
    return {
      ours: `AdamW/Adam: ${pairs.join(', ')} %`,
      checks: best.map(([w, l2]): Check => below(w.errors, l2.errors)),
    };
  },
};

const fallsBy = 2;
const gridStep = 2;
const budgets = 3;

const budgetsClaim: Claim = {
  id: 'B5',
  statement: 'The best raw decay falls as the budget grows; the best normalised one stays.',
  source: 'AdamW, appendix B.1, figure S3',
  needs: asDrawn('adamw-normalized-decay'),
  thresholds: { fallsBy, gridStep },
  paper: () => ({
    value: 'raw 1/2-1, 1/4-1/2, 1/8-1/4; normalised 1/20-1/10 at 25, 100, 400 epochs (read by eye)',
  }),
  judge(tables) {
    const optima = (optimizer: string, path: string): number[] => {
      const byBudget = new Map<number, { decay: number; error: number }>();
      for (const group of settingGroups(tables, optimizer)) {
        const epochs = Number(group.settings.get('epochs'));
        const error = mean(testErrors(tables, group, optimizer).bySeed.values());
        const best = byBudget.get(epochs);
        if (best === undefined || error < best.error) {
          byBudget.set(epochs, { decay: Number(group.settings.get(path)), error });
        }
      }
      if (byBudget.size < budgets)
        throw new NotEnough(`${byBudget.size} of ${budgets} budgets of ${optimizer}`);
      return [...byBudget].sort(([a], [b]) => a - b).map(([, { decay }]) => decay);
    };
    const raw = optima('raw', 'weightDecay.rate');
    const normalized = optima('normalized', 'weightDecay.normalized');
    return {
      ours: `best raw ${raw.map((v) => number(v)).join(', ')}; normalised ${normalized.map((v) => number(v)).join(', ')}`,
      checks: [
        ...raw
          .slice(1)
          .map((rate, i) => atLeast('raw: best before / best of a larger budget', raw[i]! / rate, 1)),
        atLeast('raw: best of the smallest / of the largest budget', raw[0]! / raw.at(-1)!, fallsBy),
        atMost(
          'normalised: largest best / smallest best',
          Math.max(...normalized) / Math.min(...normalized),
          gridStep,
        ),
      ],
    };
  },
};

/** AdamWR's error at the end of its first period is compared with AdamW's after so many times the epochs. */
const timesLater = 5;

const restarts: Claim = {
  id: 'B6',
  statement: 'With warm restarts a good error is there much sooner.',
  source: 'AdamW, section 4.4, figure 4',
  needs: asDrawn('adamw-restarts'),
  thresholds: { timesLater },
  paper: () => ({
    value: 'AdamWR at 100, 300, 700 epochs: 4.03, 3.38, 3.10 %; AdamW at 1800: 3.12 % (digitised)',
  }),
  judge(tables) {
    const errorsAt = (optimizer: string, epoch: number): SeedValues => {
      const [group] = settingGroups(tables, optimizer);
      const values = group!.runs.map(
        (run) => [run.seed, 100 * valueAt(tables, run, 'error', epoch, 'test')] as const,
      );
      return { name: `${optimizer} at ${epoch}`, bySeed: new Map(values) };
    };
    const period = Number(settingGroups(tables, 'adamwr')[0]!.settings.get('schedule.firstPeriod'));
    const early = errorsAt('adamwr', period);
    const late = errorsAt('adamw', timesLater * period);
    const [a, b] = [early, late].map(({ bySeed }) => number(mean(bySeed.values())));
    return {
      ours: `AdamWR at ${period}: ${a} %; AdamW at ${timesLater * period}: ${b} %`,
      checks: [below(early, late)],
    };
  },
};

/** Spearman's: of the ranks, ties sharing theirs. 0 where one side is constant. */
export function rankCorrelation(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [ranks(a), ranks(b)];
  const [meanX, meanY] = [mean(x), mean(y)];
  const sum = (f: (i: number) => number) => x.reduce((total, _, i) => total + f(i), 0);
  const covariance = sum((i) => (x[i]! - meanX) * (y[i]! - meanY));
  const scale = Math.sqrt(sum((i) => (x[i]! - meanX) ** 2) * sum((i) => (y[i]! - meanY) ** 2));
  return scale === 0 ? 0 : covariance / scale;
}

const ranks = (values: readonly number[]): number[] =>
  values.map((value) => {
    const lower = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return lower + (equal - 1) / 2;
  });

export const decayMapClaims: readonly Claim[] = [basins, lowerError, allSchedules, budgetsClaim, restarts];
