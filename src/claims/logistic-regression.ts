import { atLeast, atMost, differences } from './checks.ts';
import { asDrawn, type Claim } from './claim.ts';
import { atEpochs, costsOf, fallingRates, ranking, rankingOf, tunedComparison } from './comparison.ts';
import { paperMean } from './paper-values.ts';

/** Figure 1 of the Adam paper. */

const mnist = { AdaGrad: 'adagrad', SGDNesterov: 'sgd-nesterov', Adam: 'adam' };
/** The last point of the paper's axis, 45. */
const mnistEnd = 46;
const tie = 0.02;
const gap = 0.1;

const onMnist: Claim = {
  id: 'A7',
  statement:
    'Logistic regression on MNIST: Adam is like SGD with Nesterov momentum, both far ahead of AdaGrad.',
  source: 'Adam, section 6.1, figure 1 left',
  needs: asDrawn('mnist-logreg'),
  thresholds: { tie, gap },
  paper: () => {
    const costs = Object.fromEntries(Object.keys(mnist).map((name) => [name, paperMean('1-left', name, 45)]));
    const { Adam, SGDNesterov, AdaGrad } = costs as Record<keyof typeof mnist, number>;
    return {
      value: `epoch 46: ${ranking(costs)}`,
      holds: Math.abs(Adam - SGDNesterov) <= tie && AdaGrad - Adam >= gap,
    };
  },
  judge(tables) {
    const costs = costsOf(tables, mnist, mnistEnd);
    const { Adam, SGDNesterov, AdaGrad } = costs as Record<keyof typeof mnist, (typeof costs)[string]>;
    return {
      ours: `${atEpochs(mnistEnd)}: ${rankingOf(costs)}${fallingRates(tables, mnist)}`,
      checks: [
        atMost('|SGDNesterov - Adam|', differences(SGDNesterov, Adam).map(Math.abs), tie),
        atLeast('AdaGrad - Adam', differences(AdaGrad, Adam), gap),
      ],
    };
  },
};

const onMnistTuned = tunedComparison({
  of: onMnist,
  statement:
    'Logistic regression on MNIST, each tuned: Adam and SGD with Nesterov momentum are ahead of AdaGrad.',
  optimizers: mnist,
  epochs: mnistEnd,
  pairs: [
    ['Adam', 'AdaGrad'],
    ['SGDNesterov', 'AdaGrad'],
  ],
  paperCost: () => paperMean('1-left', 'Adam', 45),
});

const imdb = { AdaGrad: 'adagrad', RMSProp: 'rmsprop', SGDNesterov: 'sgd-nesterov', Adam: 'adam' };
/** From epoch 100 on, as far as the paper's axis goes; the paper's points are one lower. */
const imdbEnd = [101, 175] as const;
const imdbTie = 0.01;
const imdbGap = 0.05;

const onImdb: Claim = {
  id: 'A8',
  statement:
    'Sparse features (IMDB with dropout): Adam is as fast as AdaGrad, both far ahead of SGDNesterov.',
  source: 'Adam, section 6.1, figure 1 right',
  needs: asDrawn('imdb-logreg'),
  thresholds: { tie: imdbTie, gap: imdbGap },
  paper: () => {
    const costs = Object.fromEntries(
      Object.keys(imdb).map((name) => [name, paperMean('1-right', `${name}+dropout`, 100, 174)]),
    );
    const { Adam, SGDNesterov, AdaGrad } = costs as Record<keyof typeof imdb, number>;
    return {
      value: `epochs 101-175: ${ranking(costs)}`,
      holds: Math.abs(Adam - AdaGrad) <= imdbTie && SGDNesterov - Math.max(Adam, AdaGrad) >= imdbGap,
    };
  },
  judge(tables) {
    const costs = costsOf(tables, imdb, imdbEnd);
    const { Adam, SGDNesterov, AdaGrad } = costs as Record<keyof typeof imdb, (typeof costs)[string]>;
    return {
      ours: `${atEpochs(imdbEnd)}: ${rankingOf(costs)}${fallingRates(tables, imdb)}`,
      checks: [
        atMost('|Adam - AdaGrad|', differences(Adam, AdaGrad).map(Math.abs), imdbTie),
        atLeast('SGDNesterov - Adam', differences(SGDNesterov, Adam), imdbGap),
        atLeast('SGDNesterov - AdaGrad', differences(SGDNesterov, AdaGrad), imdbGap),
      ],
    };
  },
};

const onImdbTuned = tunedComparison({
  of: onImdb,
  statement: 'Sparse features (IMDB with dropout), each tuned: Adam and AdaGrad are ahead of SGDNesterov.',
  optimizers: imdb,
  epochs: imdbEnd,
  pairs: [
    ['Adam', 'SGDNesterov'],
    ['AdaGrad', 'SGDNesterov'],
  ],
  paperCost: () => paperMean('1-right', 'Adam+dropout', 100, 174),
});

const imdbWithoutDropout = Object.fromEntries(
  Object.entries(imdb).map(([name, of]) => [name, `${of}-no-dropout`]),
);

const withoutDropout: Claim = {
  id: 'A8-no-dropout',
  statement: 'Sparse features (IMDB without dropout): AdaGrad is far ahead of SGDNesterov here too.',
  source: 'Adam, section 6.1 (text; not drawn)',
  needs: asDrawn('imdb-logreg'),
  thresholds: { gap: imdbGap },
  judge(tables) {
    const costs = costsOf(tables, imdbWithoutDropout, imdbEnd);
    return {
      ours: `${atEpochs(imdbEnd)}: ${rankingOf(costs)}${fallingRates(tables, imdbWithoutDropout)}`,
      checks: [atLeast('SGDNesterov - AdaGrad', differences(costs.SGDNesterov!, costs.AdaGrad!), imdbGap)],
    };
  },
};

const withoutDropoutTuned = tunedComparison({
  of: withoutDropout,
  statement: 'Sparse features (IMDB without dropout), each tuned: AdaGrad is ahead of SGDNesterov here too.',
  optimizers: imdbWithoutDropout,
  epochs: imdbEnd,
  pairs: [['AdaGrad', 'SGDNesterov']],
});

export const logisticRegressionClaims: readonly Claim[] = [
  onMnist,
  onMnistTuned,
  onImdb,
  onImdbTuned,
  withoutDropout,
  withoutDropoutTuned,
];
