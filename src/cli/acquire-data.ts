import { canonicalJson } from '../spec/hash.ts';
import type { ResolvedExperiment } from '../spec/resolve.ts';
import type { DataSettings } from '../spec/run.ts';
import { showAcquiring } from './acquire-progress.ts';
import type { Context } from './context.ts';
import type { RunOptions } from './run-options.ts';

export interface AcquireParts {
  readonly folder: string;
  readonly options: Pick<RunOptions, 'mirror' | 'offline'>;
  readonly context: Context;
  readonly signal: AbortSignal;
}

/** Fetches, and prepares, the data sets that the runs need, once for all workers, so that they find the files in place. */
export async function acquireData(runs: ResolvedExperiment['runs'], parts: AcquireParts): Promise<void> {
  const { folder, options, context, signal } = parts;
  const { datasets } = await import('../datasets/index.ts');
  const { mirror, offline = false } = options;
  const display = showAcquiring(context.output);
  try {
    for (const data of distinct(runs.map((run) => run.data))) {
      if (data.name === 'none') continue;
      await datasets[data.name].acquire({ ...{ folder, mirror, offline, signal }, ...display }, data);
    }
  } finally {
    display.stop();
  }
}

const distinct = (settings: readonly DataSettings[]): DataSettings[] => [
  ...new Map(settings.map((data) => [canonicalJson(data), data])).values(),
];
