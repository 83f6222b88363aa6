import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineName } from '../engines/engine.ts';
import type { ResolvedRun } from '../spec/run.ts';
import type { CurveMark } from './checkpoint.ts';
import { type FileSystem, readWhole } from './file-system.ts';
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

/** The part of run.json that is known before the trial is open. */
export type ManifestHead = Pick<Manifest, 'format' | 'id' | 'run' | 'status' | 'epochsDone'>;

export function encodeManifest(manifest: Manifest | ManifestHead): Uint8Array {
  return Buffer.from(sealedJson(manifest));
}

/** The head of a folder's run.json; `undefined` where it is missing, damaged, of a later format or of another run. */
export function readManifestHead(files: FileSystem, folder: string, id: string): ManifestHead | undefined {
  const text = readWhole(files, join(folder, runFiles.manifest))?.toString();
  const manifest = text === undefined ? undefined : (unsealJson(text) as ManifestHead | undefined);
  return manifest?.format === 1 && manifest.id === id ? manifest : undefined;
}

/** The whole of it; `undefined` also where the trial was never opened. */
export function readManifest(files: FileSystem, folder: string, id: string): Manifest | undefined {
  const manifest = readManifestHead(files, folder, id);
  return manifest !== undefined && 'fingerprint' in manifest ? (manifest as Manifest) : undefined;
}

const subjects: Readonly<Record<keyof Provenance, string>> = {
  versions: 'version',
  engine: 'engine',
  threads: 'number of threads',
  data: 'data',
  parameters: 'number of parameters',
  fingerprint: 'initial weights or order of batches',
};

const partSubjects: Readonly<Record<string, string>> = {
  'versions.adam-repro': 'version of adam-repro',
  'versions.node': 'version of Node.js',
  'engine.variant': "engine's variant",
  'engine.device': "engine's device",
  'fingerprint.initialWeights': 'initial weights',
  'fingerprint.batchOrder': 'order of batches',
};

/** In words, what differs between two provenances, so that one curve must not hold both; `undefined` for nothing. */
export function difference(before: Provenance, now: Provenance): string | undefined {
  const changes = (Object.keys(subjects) as (keyof Provenance)[]).flatMap((key) =>
    changesIn(key, before[key], now[key]),
  );
  return changes.length === 0 ? undefined : changes.join(', ');
}

/** One clause for each part that changed, or one for the whole where the parts have no names of their own. */
function changesIn(key: keyof Provenance, before: unknown, now: unknown): string[] {
  if (compactJson(before) === compactJson(now)) return [];
  const subject = `the ${subjects[key]} changed`;
  if (typeof before !== 'object' || typeof now !== 'object') return [`${subject} from ${before} to ${now}`];
  const [old, current] = [before, now] as Readonly<Record<string, unknown>>[];
  const names = [...new Set([...Object.keys(old!), ...Object.keys(current!)])];
  const changed = names.filter((name) => old![name] !== current![name]);
  // Digests say nothing to a reader.
  if (key === 'data') return [`${subject} (${changed.join(', ')})`];
  return changed.map((name) => {
    const part = `the ${partSubjects[`${key}.${name}`] ?? subjects[key]} changed`;
    return key === 'fingerprint' ? part : `${part} from ${old![name]} to ${current![name]}`;
  });
}
