import { join } from 'node:path';
import { UserError } from '../errors.ts';
import type { AcquireOptions } from './acquire/acquire.ts';
import { cifar10 } from './cifar10.ts';
import { type FileCheck, IncompleteDataError, UnreadyDataError } from './data-files.ts';
import type { Dataset } from './dataset.ts';
import type { DatasetEntry, DatasetName, DatasetSettings } from './entry.ts';
import { imdb } from './imdb.ts';
import { mnist } from './mnist.ts';
import { synthetic } from './synthetic.ts';

export type { AcquireOptions } from './acquire/acquire.ts';
export { dataFolder } from './data-folder.ts';
export type { DatasetEntry, DatasetName, DatasetSettings } from './entry.ts';

/** All data sets by name, in the order in which they are listed. */
export const datasets: Readonly<Record<DatasetName, DatasetEntry>> = { mnist, cifar10, imdb, synthetic };

/**
 * The data of a run: acquired first where files are missing or damaged. Throws `UserError` where they cannot be had,
 * or where the settings ask for more examples than there are.
 */
export async function loadDataset(settings: DatasetSettings, options: AcquireOptions): Promise<Dataset> {
  const { name, trainExamples, testExamples } = settings;
  if (name === 'none') throw new TypeError('a problem has no data to load');
  const { title, examples, load, acquire } = datasets[name];
  if (trainExamples > examples.train || testExamples > examples.test) {
    throw new UserError(
      `${title} has ${examples.train} training and ${examples.test} test examples, and the run asks for ` +
        `${trainExamples} and ${testExamples}: lower data.trainExamples or data.testExamples.`,
    );
  }
  try {
    return await load(options.folder, settings);
  } catch (error) {
    if (!(error instanceof UnreadyDataError)) throw error;
  }
  await acquire({ ...options, thorough: true }, settings);
  return load(options.folder, settings);
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

/** The state of one data set, checksums included; changes nothing. `known`: its files where they were just checked. */
export async function describeDataset(
  name: DatasetName,
  folder: string,
  known?: readonly FileCheck[],
): Promise<DatasetDescription> {
  const { title, check, bytesToDownload, source, licence } = datasets[name];
  const files = known ?? (await check(folder));
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
    const files = await datasets[name].acquire({ folder, offline: true });
    return { description: await describeDataset(name, folder, files) };
  } catch (error) {
    if (!(error instanceof IncompleteDataError)) throw error;
    const remedy = `run \`adam-repro data fetch ${name}\`, or put the files there, plain or as .gz`;
    return { description: await describeDataset(name, folder), problem: `${error.finding}: ${remedy}.` };
  }
}
