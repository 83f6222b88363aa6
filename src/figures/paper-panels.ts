import type { Quantity } from '../results/read-tables.ts';
import type { RunInfo } from '../results/run-info.ts';

/** The axes of one panel. */
export interface PanelAxes {
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  /** Left out: as the data are. */
  readonly x?: readonly [number, number];
  readonly y?: readonly [number, number];
  readonly scale: 'linear' | 'log';
  readonly quantity: Quantity;
  /** Epoch 1 stands at this x. */
  readonly firstEpoch: 0 | 1;
  /** The runs that belong here; left out: all. */
  readonly where?: (run: RunInfo) => boolean;
  /** The panel of the digitised curves, where it is not the one that distances are measured in. */
  readonly paperPanel?: string;
}

/** A figure as the paper drew it. */
export interface PaperFigure {
  readonly panels: readonly PanelAxes[];
  /** Names of the curves in the order of the paper's legend. */
  readonly order: readonly string[];
}

const cost = {
  xTitle: 'iterations over entire dataset',
  yTitle: 'training cost',
  quantity: { split: 'train', metric: 'minibatch-cost' },
  // The paper's point k is the mean cost of epoch k + 1, see src/paper/distance.ts.
  firstEpoch: 0,
} as const;

const inputDropout = ({ model }: RunInfo): number => {
  const { dropout } = model as { dropout?: { input?: number } };
  return dropout?.input ?? 0;
};

const adamFigures: Readonly<Record<string, PaperFigure>> = {
  '1-left': {
    panels: [{ ...cost, title: 'MNIST Logistic Regression', x: [0, 45], y: [0.2, 0.7], scale: 'linear' }],
    order: ['AdaGrad', 'SGDNesterov', 'Adam'],
  },
  '1-right': {
    panels: [
      {
        ...{ ...cost, title: 'IMDB BoW feature Logistic Regression', x: [0, 175], y: [0.2, 0.5] },
        ...{ scale: 'linear', where: (run) => inputDropout(run) > 0 },
      },
      {
        ...{ ...cost, title: 'Without dropout (in the text only)', x: [0, 175], y: [0, 0.5] },
        ...{ scale: 'linear', where: (run) => inputDropout(run) === 0 },
      },
    ],
    order: ['AdaGrad+dropout', 'RMSProp+dropout', 'SGDNesterov+dropout', 'Adam+dropout'],
  },
  '2a': {
    panels: [
      {
        ...{ ...cost, title: 'MNIST Multilayer Neural Network + dropout', x: [0, 200] },
        ...{ y: [0.003, 0.16], scale: 'log' },
      },
    ],
    order: ['AdaGrad+dropout', 'RMSProp+dropout', 'SGDNesterov+dropout', 'AdaDelta+dropout', 'Adam+dropout'],
  },
  '2b': {
    panels: [
      {
        ...{ ...cost, title: 'MNIST Multilayer Neural Network, deterministic', x: [0, 25] },
        ...{ y: [1e-6, 10], scale: 'log' },
      },
      {
        ...{ ...cost, title: 'The same by time', xTitle: "normalized wall time (Adam's epoch: 1)" },
        ...{ x: [0, 100], y: [1e-6, 10], scale: 'log', paperPanel: '2b-wall' },
        // The unit is an epoch of Adam, so that its curve stays as it is.
        where: ({ optimizer }) => optimizer === 'adam',
      },
    ],
    order: ['SFO', 'Adam'],
  },
  '3': {
    panels: [
      { ...cost, title: 'CIFAR10 ConvNet, first 3 epochs', x: [0, 3], y: [0.5, 3], scale: 'linear' },
      { ...cost, title: 'CIFAR10 ConvNet', x: [0, 45], y: [1e-4, 300], scale: 'log' },
    ],
    order: [
      ...['AdaGrad', 'AdaGrad+dropout', 'SGDNesterov'],
      ...['SGDNesterov+dropout', 'Adam', 'Adam+dropout'],
    ],
  },
};

/** Undefined for a figure that shows no training curves. */
export function paperFigure(key: string, figure: string): PaperFigure | undefined {
  return key === 'adam' ? adamFigures[figure] : undefined;
}

/** Panels for an experiment that reproduces no figure: the training curve, and the error on the test set if there is one. */
export function plainPanels(quantities: readonly Quantity[]): PanelAxes[] {
  const has = (split: string, metric: string): Quantity | undefined =>
    quantities.find((quantity) => quantity.split === split && quantity.metric === metric);
  const costs = has('train', 'minibatch-cost') ?? has('train', 'cost') ?? quantities[0];
  const error = has('test', 'error');
  const isProblem = has('train', 'minibatch-cost') === undefined;
  const xTitle = isProblem ? 'step' : 'epoch';
  const panel = (quantity: Quantity, title: string, scale: 'log' | 'linear'): PanelAxes => ({
    ...{ title, xTitle, yTitle: nameOf(quantity), quantity, scale, firstEpoch: 1 },
  });
  return [
    ...(costs === undefined ? [] : [panel(costs, isProblem ? 'Cost' : 'Training', 'log')]),
    ...(error === undefined ? [] : [panel(error, 'Test error', 'linear')]),
  ];
}

const nameOf = ({ split, metric }: Quantity): string =>
  split === 'train' && metric.endsWith('cost') ? 'training cost' : `${split} ${metric}`;
