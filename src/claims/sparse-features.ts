import type { ResultTables } from '../results/read-tables.ts';
import type { SeedGroup } from '../results/seed-groups.ts';
import { mean } from '../statistics.ts';
import { below, type SeedValues } from './checks.ts';
import { asDrawn, type Claim, NotEnough } from './claim.ts';
import { rankingOf } from './comparison.ts';
import { settingGroups, valueAt } from './evidence.ts';

/** Ruder's advice for sparse data, and what remains of it beside a tuned SGD. */

const adaptive = { Adagrad: 'adagrad', Adadelta: 'adadelta', RMSprop: 'rmsprop', Adam: 'adam' };
const defaultRate = 0.01;

function costs(tables: ResultTables, { runs }: SeedGroup, name: string): SeedValues {
  return { name, bySeed: new Map(runs.map((run) => [run.seed, valueAt(tables, run, 'cost', run.epochs)])) };
}

function claim(id: string, statement: string, sgdOf: (groups: readonly SeedValues[]) => SeedValues): Claim {
  return {
    id,
    statement,
    source: 'Ruder, section 4.10',
    needs: asDrawn('sparse-features', 'quick'),
    thresholds: { defaultRate },
    judge(tables) {
      const sgd = sgdOf(
        settingGroups(tables, 'sgd').map((group) => costs(tables, group, `SGD ${group.settings.get('lr')}`)),
      );
      const others = Object.entries(adaptive).map(([name, optimizer]) =>
        costs(tables, settingGroups(tables, optimizer)[0]!, name),
      );
      return {
        ours: rankingOf(Object.fromEntries([...others, sgd].map((values) => [values.name, values]))),
        checks: others.map((other) => below(other, sgd)),
      };
    },
  };
}

export const sparseFeatureClaims: readonly Claim[] = [
  claim('C5', 'Sparse data: adaptive methods are best, at their default learning rates.', (groups) => {
    const sgd = groups.find(({ name }) => name === `SGD ${defaultRate}`);
    if (sgd === undefined) throw new NotEnough(`no run of sgd with lr ${defaultRate}`);
    return sgd;
  }),
  claim('C5-tuned', "Sparse data: adaptive methods' defaults are best beside a tuned SGD too.", (groups) =>
    groups.reduce((a, b) => (mean(b.bySeed.values()) < mean(a.bySeed.values()) ? b : a)),
  ),
];
