import { join } from 'node:path';
import { readWhole } from '../results/file-system.ts';
import { localSystem, type Manifest, profileFolder, publishedFolder, runsFolder } from '../results/index.ts';
import { readManifest } from '../results/manifest.ts';
import { sha256, stableJson } from '../results/stable-json.ts';
import type { Evidence } from './evidence.ts';

/** Of the runs that are shown, the manifests that there are: beside the tables (runs.jsonl), or in the runs' folders. */
export function manifestsOf({ tables }: Evidence, resultsFolder: string): Manifest[] {
  const { experiment, profile, runs } = tables;
  const { files } = localSystem();
  const lines = readWhole(
    files,
    join(profileFolder(resultsFolder, experiment, profile), 'runs.jsonl'),
  )?.toString();
  const together = new Map(
    (lines ?? '').split('\n').flatMap((line) => {
      const manifest = manifestIn(line);
      return manifest === undefined ? [] : [[manifest.id, manifest] as const];
    }),
  );
  const folder = runsFolder(resultsFolder, experiment, profile);
  return runs.flatMap(
    ({ id }) => together.get(id) ?? readManifest(files, publishedFolder(folder, id), id) ?? [],
  );
}

/** Undefined for a line that is none, or does not hold what its checksum says. */
function manifestIn(line: string): Manifest | undefined {
  try {
    const { checksum, ...manifest } = JSON.parse(line) as Manifest & { checksum: string };
    return checksum === sha256(stableJson(manifest)) ? manifest : undefined;
  } catch {
    return undefined;
  }
}

export interface Surroundings {
  readonly engine: string;
  readonly program: string;
  readonly node: string;
  readonly threads: number;
  readonly runs: number;
}

/** What the runs were computed with, as their manifests say. */
export function surroundingsOf(manifests: readonly Manifest[]): Surroundings[] {
  const groups = new Map<string, Surroundings>();
  for (const { engine, versions, threads } of manifests) {
    const text = `${engine.name} (${[engine.variant, engine.device].filter((part) => part !== '').join(', ')})`;
    const found = { engine: text, program: versions['adam-repro'], node: versions.node, threads };
    const key = JSON.stringify(found);
    groups.set(key, { ...found, runs: (groups.get(key)?.runs ?? 0) + 1 });
  }
  return [...groups.values()];
}
