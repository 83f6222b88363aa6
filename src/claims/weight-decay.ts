import type { ResultTables } from '../results/read-tables.ts';
import type { RunInfo } from '../results/run-info.ts';
import { atLeast, atMost } from './checks.ts';
import { asDrawn, type Claim } from './claim.ts';
import { largestDifference, runsOfSetting, settingGroups, stepValues } from './evidence.ts';
import { number } from './number.ts';

/** The propositions of the AdamW paper. */

const needs = asDrawn('properties', 'quick');
const sameIterates = 1e-12;
const clearlyApart = 0.1;

const gap = (tables: ResultTables, a: RunInfo | string, b: RunInfo | string): number =>
  Math.max(
    ...['x', 'y'].map((metric) =>
      largestDifference(stepValues(tables, a, metric), stepValues(tables, b, metric)),
    ),
  );

const sgd: Claim = {
  id: 'B1',
  statement: 'For SGD, L2 regularisation with decay/alpha is weight decay.',
  source: 'AdamW, proposition 1',
  needs,
  thresholds: { sameIterates },
  judge(tables) {
    const constant = gap(tables, 'b1-sgd-l2', 'b1-sgd-decay');
    const cosine = gap(tables, 'b1-sgd-cosine-l2', 'b1-sgd-cosine-decay');
    const momentum = gap(tables, 'b1-momentum-l2', 'b1-momentum-decay');
    return {
      ours: `paths apart by ${number(Math.max(constant, cosine))}; with momentum by ${number(momentum)}`,
      checks: [
        atMost('largest distance', constant, sameIterates),
        atMost('largest distance with a cosine schedule', cosine, sameIterates),
      ],
    };
  },
};

const adam: Claim = {
  id: 'B2',
  statement: 'For Adam, no L2 coefficient is weight decay.',
  source: 'AdamW, proposition 2',
  needs,
  thresholds: { clearlyApart },
  judge(tables) {
    const decay = runsOfSetting(tables, 'b2-decay')[0]!;
    const coefficients = settingGroups(tables, 'b2-l2').map(({ runs }) => runs[0]!);
    const nearest = Math.min(...coefficients.map((run) => gap(tables, run, decay)));
    return {
      ours: `nearest of ${coefficients.length} coefficients: paths apart by ${number(nearest)}`,
      checks: [atLeast('smallest largest distance over the coefficients', nearest, clearlyApart)],
    };
  },
};

const fixedPreconditioner: Claim = {
  id: 'B2-fixed',
  statement: 'With a fixed preconditioner diag(s)^-1, weight decay is L2 of the parameters times sqrt(s).',
  source: 'AdamW, proposition 3 (the coefficient of its proof)',
  needs,
  thresholds: { sameIterates, clearlyApart },
  judge(tables) {
    const [scaled, plain, printed] = ['scaled', 'plain', 'printed'].map((penalty) =>
      gap(tables, `b2-fixed-${penalty}`, 'b2-fixed-decay'),
    ) as [number, number, number];
    return {
      ours: `paths apart by ${number(scaled)}; with plain L2 by ${number(plain)}; with the printed coefficient by ${number(printed)}`,
      checks: [
        atMost('largest distance with L2 scaled by s', scaled, sameIterates),
        atLeast('largest distance with plain L2', plain, clearlyApart),
      ],
    };
  },
};

export const weightDecayClaims: readonly Claim[] = [sgd, adam, fixedPreconditioner];
