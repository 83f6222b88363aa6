import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineName } from '../engines/engine.ts';
import type { ResolvedRun } from '../spec/run.ts';
import type { CurveMark } from './checkpoint.ts';
import { type FileSystem, ifThere } from './file-system.ts';
import { runFiles } from './run-folders.ts';
import { compactJson, sealedJson, unsealJson } from './stable-json.ts';

/** Everything besides the settings that a run's bytes may depend on, and what proves that runs are comparable. */
export interface Provenance {
  readonly versions: { readonly 'adam-repro': string; readonly node: string };
  readonly engine: { readonly name: EngineName; readonly variant: string; readonly device: string };
  /** Threads that the engine computes with. */
  readonly threads: number;
  /** sha256 of every source file of the data set, by file name. */
  readonly data: Readonly<Record<string, string>>;
  /** How many numbers are trained. */
  readonly parameters: number;
  /** Equal for all runs of one experiment and seed. */
  readonly fingerprint: { readonly initialWeights: string; readonly batchOrder: string };
}

/** Content of run.json: no host, path or time, so that equal runs have equal bytes. */
export interface Manifest extends Provenance {
  readonly format: 1;
  readonly id: string;
  readonly run: ResolvedRun;
  /** `partial` while the run is in work or interrupted. */
  readonly status: 'partial' | 'complete' | 'diverged';
  readonly epochsDone: number;
  /** The whole curve.csv; none while the run is in work. */
  readonly curve?: CurveMark;
}

/** Versions of this package and of Node.js, as they go into `Provenance`. */
export function currentVersions(): Provenance['versions'] {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return { 'adam-repro': version, node: process.versions.node };
}

export function encodeManifest(manifest: Manifest): Uint8Array {
  return Buffer.from(sealedJson(manifest));
}

/** A folder's run.json; `undefined` where it is missing, damaged, of a later format or of another run. */
export function readManifest(files: FileSystem, folder: string, id: string): Manifest | undefined {
  const text = ifThere(() => files.readFileSync(join(folder, runFiles.manifest), 'utf8'));
  const manifest = text === undefined ? undefined : (unsealJson(text) as Manifest | undefined);
  return manifest?.format === 1 && manifest.id === id ? manifest : undefined;
}

const subjects: Readonly<Record<keyof Provenance, string>> = {
  versions: 'version',
  engine: 'engine',
  threads: 'number of threads',
  data: 'data',
  parameters: 'model',
  fingerprint: 'initial weights or order of batches',
};

/** In words, what differs between two provenances, so that one curve must not hold both; `undefined` for nothing. */
export function difference(before: Provenance, now: Provenance): string | undefined {
  for (const [key, subject] of Object.entries(subjects) as [keyof Provenance, string][]) {
    const [old, current] = [compactJson(before[key]), compactJson(now[key])];
    if (old !== current) return `the ${subject} changed from ${old} to ${current}`;
  }
  return undefined;
}
