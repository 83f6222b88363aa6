import { resolve } from 'node:path';
import type { Place, SpecIssue, SpecPath } from './issue.ts';
import { type Override, type ParsedOverrides, withOverride } from './overrides.ts';
import { isEntries } from './rules.ts';
import type { ProfileName } from './schema.ts';
import type { YamlSource } from './yaml-source.ts';

/** A spec's content under one profile with the overrides in place, and where each part of it came from. */
export interface Merged {
  /** Not validated yet. */
  readonly data: unknown;
  /** Names of the optimizers to run, in the profile or on the command line; not validated either. */
  readonly only: { readonly names: unknown; readonly path: SpecPath } | undefined;
  /** Overrides that make no sense whatever the spec's format. */
  readonly issues: readonly SpecIssue[];
  place(path: SpecPath, at: 'key' | 'value'): Place;
  /** Absolute path of a file named at `path`: next to the spec, or in the working folder for an override. */
  locate(path: SpecPath, written: string): string;
}

export function mergeSpec(
  source: YamlSource,
  folder: string,
  profile: ProfileName,
  overrides: ParsedOverrides,
): Merged {
  const { profiles, ...base } = isEntries(source.data) ? source.data : {};
  const changes = isEntries(profiles) && isEntries(profiles[profile]) ? profiles[profile] : {};
  const { only: profileOnly, ...sections } = changes;
  let data: unknown = isEntries(source.data) ? mergeSections(base, sections) : source.data;
  const issues: SpecIssue[] = [...overrides.issues];
  for (const override of overrides.values) {
    if (!isEntries(data)) continue;
    const applied = withOverride(data, override);
    data = applied.data;
    if (applied.issue) issues.push(applied.issue);
  }
  const { values, only: typedOnly } = overrides;
  const inProfile = (path: SpecPath): SpecPath => ['profiles', profile, ...path];
  const overrideOf = (path: SpecPath): Override | undefined =>
    values.findLast((o) => startsWith(path, o.path)) ??
    // A map that exists only because something in it was set.
    (source.has(path) || source.has(inProfile(path))
      ? undefined
      : values.findLast((o) => startsWith(o.path, path)));
  return {
    data,
    only: typedOnly
      ? { names: typedOnly.names, path: onlyPath }
      : profileOnly !== undefined
        ? { names: profileOnly, path: inProfile(['only']) }
        : undefined,
    issues,
    place: (path, at) => {
      const override = typedOnly && startsWith(path, onlyPath) ? typedOnly : overrideOf(path);
      if (override) return { override: override.typed };
      return source.has(inProfile(path)) ? source.place(inProfile(path), at) : source.place(path, at);
    },
    locate: (path, written) => resolve(overrideOf(path) ? process.cwd() : folder, written),
  };
}

/** Where `--only` stands in place of a path of the spec. */
const onlyPath: SpecPath = ['--only'];

/** Sections are merged key by key, and each optimizer's entry too; lists and single values are replaced. */
function mergeSections(
  base: Record<string, unknown>,
  changes: Record<string, unknown>,
): Record<string, unknown> {
  const merged = { ...base };
  for (const [key, change] of Object.entries(changes)) {
    const old = merged[key];
    if (!isEntries(old) || !isEntries(change)) merged[key] = change;
    else merged[key] = key === 'optimizers' ? mergeEntries(old, change) : { ...old, ...change };
  }
  return merged;
}

function mergeEntries(base: Readonly<Record<string, unknown>>, changes: Readonly<Record<string, unknown>>) {
  const merged = { ...base };
  for (const [name, change] of Object.entries(changes)) {
    const old = merged[name];
    merged[name] = isEntries(old) && isEntries(change) ? { ...old, ...change } : change;
  }
  return merged;
}

const startsWith = (path: SpecPath, prefix: SpecPath): boolean =>
  prefix.length <= path.length && prefix.every((part, i) => String(part) === String(path[i]));
