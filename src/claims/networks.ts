import { seriesOf } from '../results/read-tables.ts';
import { mean } from '../statistics.ts';
import { atLeast, atMost, differences, type SeedValues } from './checks.ts';
import { asDrawn, type Claim, NotEnough } from './claim.ts';
import {
  atEpochs,
  betterBy,
  costsOf,
  fallingRates,
  ranking,
  rankingOf,
  type TunedComparison,
  tunedComparison,
} from './comparison.ts';
import { runsOfSetting } from './evidence.ts';
import { number } from './number.ts';
import { paperFirstBelow, paperMean } from './paper-values.ts';

/** Figures 2 and 3 of the Adam paper. */

const mlp = {
  Adam: 'adam',
  SGDNesterov: 'sgd-nesterov',
  AdaDelta: 'adadelta',
  RMSProp: 'rmsprop',
  AdaGrad: 'adagrad',
};
const mlpEnd = [191, 200] as const;

/** By points of the paper's axis. */
const paperMlpCosts = (first: number, last = first): Record<string, number> =>
  Object.fromEntries(Object.keys(mlp).map((name) => [name, paperMean('2a', `${name}+dropout`, first, last)]));

const mlpWithDropout: Claim = {
  id: 'A9',
  statement: 'Multilayer network with dropout on MNIST: Adam converges better than the other methods.',
  source: 'Adam, section 6.2, figure 2a',
  needs: asDrawn('mnist-mlp'),
  thresholds: {},
  paper: () => {
    const costs = paperMlpCosts(190, 199);
    return {
      value: `epochs 191-200: ${ranking(costs)}`,
      holds: Object.values(costs).every((cost) => cost >= costs.Adam!),
    };
  },
  judge(tables) {
    const costs = costsOf(tables, mlp, mlpEnd);
    const { Adam, ...others } = costs as Record<keyof typeof mlp, SeedValues>;
    return {
      ours: `${atEpochs(mlpEnd)}: ${rankingOf(costs)}${fallingRates(tables, mlp)}`,
      checks: Object.values(others).map((other) =>
        atLeast(`${other.name} - Adam`, differences(other, Adam), 0),
      ),
    };
  },
};

/** What the trials of the tuned settings were trained for, and the variant `tuned` with them. */
const mlpTunedFor = 10;

const mlpTuned = tunedComparison({
  of: mlpWithDropout,
  statement: `Multilayer network with dropout on MNIST, each tuned for ${mlpTunedFor} epochs: Adam converges better than the other methods.`,
  optimizers: mlp,
  epochs: mlpTunedFor,
  pairs: Object.keys(mlp).flatMap((name) => (name === 'Adam' ? [] : [['Adam', name] as const])),
  // Not tuned for so few epochs: what it shows there is no judgement of its own.
  paper: () => ({ value: `${atEpochs(mlpTunedFor)}: ${ranking(paperMlpCosts(mlpTunedFor - 1))}` }),
});

const target = 1e-3;

const againstSfo: Claim = {
  id: 'A10',
  statement: 'Multilayer network without dropout: Adam needs fewer passes over the data than SFO.',
  source: "Adam, section 6.2, figure 2b (SFO's curve is the paper's)",
  needs: asDrawn('mnist-mlp-deterministic'),
  thresholds: { target, betterBy },
  paper: () => {
    const [adam, sfo] = ['Adam', 'SFO'].map((name) => paperFirstBelow('2b', name, target)! + 1);
    return { value: `cost ${target} in epoch ${adam} (Adam), ${sfo} (SFO)`, holds: adam! < sfo! };
  },
  judge(tables) {
    const sfo = paperFirstBelow('2b', 'SFO', target)! + 1;
    const adam = paperFirstBelow('2b', 'Adam', target)! + 1;
    const first = runsOfSetting(tables, 'adam').map((run) => {
      const costs = seriesOf(tables, run, { split: 'train', metric: 'minibatch-cost' });
      const reached = costs.find(({ value }) => value <= target)?.epoch;
      if (reached !== undefined) return reached;
      if (run.status === 'diverged' || (costs.at(-1)?.epoch ?? 0) >= sfo) return Number.POSITIVE_INFINITY;
      throw new NotEnough(`too short: not at ${target} after ${run.epochsDone} epochs (SFO: ${sfo})`);
    });
    const epoch = mean(first);
    return {
      ours: Number.isFinite(epoch)
        ? `cost ${target} in epoch ${number(epoch)} (Adam)`
        : `cost ${target} not reached`,
      checks: [atMost(`first epoch at or below ${target}`, first, sfo - 1)],
      better: epoch < adam * (1 - betterBy),
    };
  },
};

const cnn = { AdaGrad: 'adagrad', SGDNesterov: 'sgd-nesterov', Adam: 'adam' };
const cnnDropout = {
  AdaGrad: 'adagrad-dropout',
  SGDNesterov: 'sgd-nesterov-dropout',
  Adam: 'adam-dropout',
};
const cnnEnd = 45;
const stalled = 100;

const adagradStalls: Claim = {
  id: 'A11',
  statement: 'Convolutional network on CIFAR-10: AdaGrad is fast at first and then far slower than Adam.',
  source: 'Adam, section 6.3, figure 3',
  needs: asDrawn('cifar10-cnn'),
  thresholds: { stalled },
  paper: () => {
    const at = (name: string, x: number) => paperMean('3', name, x);
    const ratio = at('AdaGrad', 44) / at('Adam', 44);
    return {
      value: `epoch 2: AdaGrad ${number(at('AdaGrad', 1))}, SGDNesterov ${number(at('SGDNesterov', 1))}; epoch 45: AdaGrad/Adam ${number(ratio)}`,
      holds: at('AdaGrad', 1) < at('SGDNesterov', 1) && ratio >= stalled,
    };
  },
  judge(tables) {
    const early = costsOf(tables, cnn, 2) as Record<keyof typeof cnn, SeedValues>;
    const late = costsOf(tables, cnn, cnnEnd) as Record<keyof typeof cnn, SeedValues>;
    const ratios = ratiosOf(late.AdaGrad, late.Adam);
    return {
      ours: `epoch 2: ${rankingOf(early)}; epoch 45: AdaGrad/Adam ${number(mean(ratios))}`,
      checks: [
        atLeast('epoch 2: SGDNesterov - AdaGrad', differences(early.SGDNesterov, early.AdaGrad), 0),
        atLeast('epoch 45: AdaGrad / Adam', ratios, stalled),
      ],
    };
  },
};

/** What the trials of the tuned settings were trained for, and the variant `tuned` with them: the figure's left panel. */
const cnnTunedFor = 3;

const cnnTuned = (
  of: Claim,
  suffix: string,
  rest: Pick<TunedComparison, 'statement' | 'optimizers' | 'pairs'>,
) =>
  tunedComparison({
    ...{ of, ...rest, epochs: cnnTunedFor },
    // Not tuned for so few epochs: what it shows there is no judgement of its own.
    paper: () => {
      const costs = Object.keys(cnn).map((name) => [name, paperMean('3', name + suffix, cnnTunedFor - 1)]);
      return { value: `${atEpochs(cnnTunedFor)}: ${ranking(Object.fromEntries(costs))}` };
    },
  });

const adagradStallsTuned = cnnTuned(adagradStalls, '', {
  statement: `Convolutional network on CIFAR-10, each tuned for ${cnnTunedFor} epochs: AdaGrad is behind Adam and SGDNesterov.`,
  optimizers: cnn,
  pairs: [
    ['Adam', 'AdaGrad'],
    ['SGDNesterov', 'AdaGrad'],
  ],
});

const [marginalLow, marginalHigh] = [1, 2];

/** The same for the curves without and with dropout. */
function marginallyBetter(id: string, words: string, optimizers: typeof cnn, suffix: string): Claim {
  const paper = (name: string) => paperMean('3', `${name}${suffix}`, 44);
  return {
    id,
    statement: `Convolutional network ${words}: Adam is marginally better than SGDNesterov.`,
    source: 'Adam, section 6.3, figure 3',
    needs: asDrawn('cifar10-cnn'),
    thresholds: { marginalLow, marginalHigh },
    paper: () => {
      const ratio = paper('SGDNesterov') / paper('Adam');
      return {
        value: `epoch 45: SGDNesterov/Adam ${number(ratio)}`,
        holds: ratio >= marginalLow && ratio <= marginalHigh,
      };
    },
    judge(tables) {
      const costs = costsOf(tables, optimizers, cnnEnd) as Record<keyof typeof cnn, SeedValues>;
      const ratios = ratiosOf(costs.SGDNesterov, costs.Adam);
      return {
        ours: `epoch 45: SGDNesterov/Adam ${number(mean(ratios))} (${rankingOf(costs)})`,
        checks: [
          atLeast('SGDNesterov / Adam', ratios, marginalLow),
          atMost('SGDNesterov / Adam', ratios, marginalHigh),
        ],
      };
    },
  };
}

const marginal = marginallyBetter('A12', 'on CIFAR-10', cnn, '');
const marginalDropout = marginallyBetter('A12-dropout', 'with dropout', cnnDropout, '+dropout');

const marginalTuned = cnnTuned(marginal, '', {
  statement: `Convolutional network on CIFAR-10, each tuned for ${cnnTunedFor} epochs: Adam is ahead of SGDNesterov.`,
  optimizers: cnn,
  pairs: [['Adam', 'SGDNesterov']],
});

const marginalDropoutTuned = cnnTuned(marginalDropout, '+dropout', {
  statement: `Convolutional network with dropout, each tuned for ${cnnTunedFor} epochs: Adam keeps its lead over SGDNesterov.`,
  optimizers: cnnDropout,
  pairs: [['Adam', 'SGDNesterov']],
});

/** a / b, seed by seed; infinite where a diverged, 0 where b alone did. */
function ratiosOf(a: SeedValues, b: SeedValues): number[] {
  return [...a.bySeed].flatMap(([seed, value]) => {
    const other = b.bySeed.get(seed);
    return other === undefined ? [] : [value === other ? 1 : value / other];
  });
}

export const networkClaims: readonly Claim[] = [
  mlpWithDropout,
  mlpTuned,
  againstSfo,
  adagradStalls,
  adagradStallsTuned,
  marginal,
  marginalTuned,
  marginalDropout,
  marginalDropoutTuned,
];
