import { resolve } from 'node:path';
import type { Place, SpecIssue, SpecPath } from './issue.ts';
import { type Override, type ParsedOverrides, withOverride } from './overrides.ts';
import { isEntries } from './rules.ts';
import type { ProfileName } from './schema.ts';
import type { YamlSource } from './yaml-source.ts';

/** Which parts of a spec are merged over its top level: first those of the variant, then those of the profile. */
export interface Layers {
  /** `as-drawn` is the top level itself. */
  readonly variant: string;
  /** Undefined: none. */
  readonly profile?: ProfileName;
}

/** A spec's content under one variant and profile with the overrides in place, and where each part of it came from. */
export interface Merged {
  /** Not validated yet. */
  readonly data: unknown;
  /** Names of the optimizers to run, in the variant, the profile or on the command line; not validated either. */
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
  { variant, profile }: Layers,
  overrides: ParsedOverrides,
): Merged {
  const { profiles, variants, tune: _t, recover: _r, ...base } = isEntries(source.data) ? source.data : {};
  const changes = entriesOf(variants, variant);
  const [of, own] = isEntries(changes.profiles)
    ? [['variants', variant, 'profiles'], changes.profiles]
    : [['profiles'], profiles];
  const layers = [
    { path: ['variants', variant], changes },
    ...(profile === undefined ? [] : [{ path: [...of, profile], changes: entriesOf(own, profile) }]),
  ];
  let data: unknown = source.data;
  let only: Merged['only'];
  if (isEntries(source.data)) {
    data = base;
    for (const { path, changes } of layers) {
      const { only: names, note, profiles: _p, ...sections } = changes;
      data = mergeSections(data as Entries, withNote(data as Entries, sections, note));
      if (names !== undefined) only = { names, path: [...path, 'only'] };
    }
  }
  const issues: SpecIssue[] = [...overrides.issues];
  for (const override of overrides.values) {
    if (!isEntries(data)) continue;
    const taken = takenName(data, override);
    if (taken !== undefined) {
      issues.push(taken);
      continue;
    }
    const applied = withOverride(data, override);
    data = isEntries(applied.data) ? withoutAxes(applied.data, override.path) : applied.data;
    if (applied.issue) issues.push(applied.issue);
  }
  const { values, only: typedOnly } = overrides;
  const added = values.flatMap(({ adds }) => adds ?? []);
  if (only !== undefined && Array.isArray(only.names)) only = { ...only, names: [...only.names, ...added] };
  const prefixes = layers.map(({ path }) => path).reverse();
  const inLayer = (path: SpecPath): SpecPath | undefined => {
    const written = String(path) === 'paper,note' ? ['variants', variant, 'note'] : undefined;
    if (written !== undefined && source.has(written)) return written;
    return prefixes.map((prefix) => [...prefix, ...path]).find((layered) => source.has(layered));
  };
  const overrideOf = (path: SpecPath): Override | undefined =>
    values.findLast((o) => startsWith(path, o.path)) ??
    // A map that exists only because something in it was set.
    (source.has(path) || inLayer(path) ? undefined : values.findLast((o) => startsWith(o.path, path)));
  return {
    data,
    only: typedOnly ? { names: typedOnly.names, path: onlyPath } : only,
    issues,
    place: (path, at) => {
      const override = typedOnly && startsWith(path, onlyPath) ? typedOnly : overrideOf(path);
      if (override) return { override: override.typed };
      const found = inLayer(path);
      if (found !== undefined || source.has(path)) return source.place(found ?? path, at);
      // What is missing is missing where the map was written last.
      const around = inLayer(path.slice(0, -1)) ?? path.slice(0, -1);
      return source.place([...around, ...path.slice(-1)], at);
    },
    locate: (path, written) => resolve(overrideOf(path) ? process.cwd() : folder, written),
  };
}

function takenName(data: Entries, { adds, typed, path }: Override): SpecIssue | undefined {
  if (adds === undefined || !isEntries(data.optimizers) || !Object.hasOwn(data.optimizers, adds))
    return undefined;
  const message = `there is an optimizer "${adds}" already: give yours another name, such as --optimizer my-${adds}=FILE`;
  return { code: 'bad-override', path, message, override: typed };
}

/** Where `--only` stands in place of a path of the spec. */
const onlyPath: SpecPath = ['--only'];

type Entries = Readonly<Record<string, unknown>>;

function entriesOf(map: unknown, key: string): Entries {
  const value = isEntries(map) ? map[key] : undefined;
  return isEntries(value) ? value : {};
}

/** A variant's `note` takes the place of the paper's. */
function withNote(base: Entries, sections: Entries, note: unknown): Entries {
  return note === undefined || !isEntries(base.paper) ? sections : { ...sections, paper: { note } };
}

/**
 * Sections are merged key by key, and each optimizer's entry too; lists, single values and grids are replaced. A value
 * also takes the place of the list that a grid below has for it.
 */
function mergeSections(base: Entries, changes: Entries): Entries {
  let merged: Entries = base;
  for (const [key, change] of Object.entries(changes)) {
    const old = merged[key];
    if (key === 'grid') continue;
    if (key === 'optimizers' && isEntries(old) && isEntries(change)) {
      merged = { ...merged, optimizers: mergeEntries(old, change) };
      continue;
    }
    const keys = isEntries(change) ? Object.keys(change).map((inner) => [key, inner]) : [[key]];
    for (const path of keys) merged = withoutAxes(merged, path);
    merged = { ...merged, [key]: mergeSection(old, change) };
  }
  return 'grid' in changes ? { ...merged, grid: changes.grid } : merged;
}

/** Another model or data set has other settings: nothing is left of the old ones. */
function mergeSection(old: unknown, change: unknown): unknown {
  // `model: mlp` is short for { type: mlp }.
  const before = typeof old === 'string' ? { type: old } : old;
  if (!isEntries(before) || !isEntries(change)) return change;
  const another = ['type', 'name'].some((key) => change[key] !== undefined && change[key] !== before[key]);
  return another ? change : { ...before, ...change };
}

function mergeEntries(base: Entries, changes: Entries): Entries {
  const merged: Record<string, unknown> = { ...base };
  for (const [name, change] of Object.entries(changes)) {
    const old = merged[name];
    if (isEntries(old) && isEntries(change)) {
      const { grid, ...settings } = change;
      let entry: Entries = old;
      for (const key of Object.keys(settings)) entry = withoutAxis(entry, [key]);
      merged[name] = { ...entry, ...settings, ...(grid === undefined ? {} : { grid }) };
    } else merged[name] = change;
  }
  return merged;
}

/** A spec without what its grids say of the value at a path. */
function withoutAxes(data: Entries, path: SpecPath): Entries {
  const [section, name, ...rest] = path;
  if (section !== 'optimizers') return withoutAxis(data, path);
  const { optimizers } = data;
  const entry = isEntries(optimizers) && name !== undefined ? optimizers[name] : undefined;
  if (!isEntries(entry) || rest.length === 0) return data;
  return { ...data, optimizers: { ...(optimizers as Entries), [name!]: withoutAxis(entry, rest) } };
}

/** A map without the axes of its `grid` that set the value at a path, or something in it, or a map around it. */
function withoutAxis(map: Entries, path: SpecPath): Entries {
  if (!isEntries(map.grid) || path[0] === 'grid') return map;
  const axes = Object.entries(map.grid).filter(([axis]) => {
    const parts = axis.split('.');
    return !startsWith(parts, path) && !startsWith(path, parts);
  });
  return { ...map, grid: Object.fromEntries(axes) };
}

export const startsWith = (path: SpecPath, prefix: SpecPath): boolean =>
  prefix.length <= path.length && prefix.every((part, i) => String(part) === String(path[i]));
