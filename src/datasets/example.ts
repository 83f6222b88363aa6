import type { DataSettings } from '../spec/run.ts';

/** What can be said of a data set's examples without reading it. */
export interface ExampleDescription {
  /** Of one example. */
  readonly shape: readonly number[];
  readonly classes: number;
  /** Of one example in memory, label apart. */
  readonly bytes: number;
  /** For sparse rows: how many entries an average example has. */
  readonly entries?: number;
}

export function describeExample(data: DataSettings): ExampleDescription {
  switch (data.name) {
    case 'mnist':
    case 'synthetic':
      return { shape: [784], classes: 10, bytes: 784 };
    case 'cifar10': {
      const bytesPerNumber = data.whitening.type === 'none' ? 1 : 4;
      return { shape: [32, 32, 3], classes: 10, bytes: 32 * 32 * 3 * bytesPerNumber };
    }
    case 'imdb':
      // An offset, and a column and a value for each entry.
      return { shape: [data.words], classes: 2, bytes: 4 + 8 * 130, entries: 130 };
    case 'none':
      return { shape: [1], classes: 1, bytes: 0 };
  }
}
