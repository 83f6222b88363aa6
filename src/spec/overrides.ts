import { basename, extname, isAbsolute, relative, sep } from 'node:path';
import { parse } from 'yaml';
import type { SpecIssue, SpecPath } from './issue.ts';
import { isEntries } from './rules.ts';

/** Settings from the command line, as they were typed; they win over the spec and its profile. */
export interface Overrides {
  /** `optimizers.adam.lr=3e-4`: a path of keys and a YAML value. */
  readonly set?: readonly string[];
  /** Comma-separated names of the optimizers to run. */
  readonly only?: string;
  /** Comma-separated. */
  readonly seeds?: string;
  readonly epochs?: string;
  readonly engine?: string;
  /** Rules from files to add, each as a path or as `name=path`; without a name it is the file's. */
  readonly optimizer?: readonly string[];
}

/** One value to put into the spec's data. */
export interface Override {
  /** What was typed, for messages. */
  readonly typed: string;
  readonly path: SpecPath;
  readonly value: unknown;
  /** The optimizer that it adds, which must be none of the spec's. */
  readonly adds?: string;
}

export interface ParsedOverrides {
  /** Later ones win. */
  readonly values: readonly Override[];
  /** What `--only` selects, which is no part of the spec's data. */
  readonly only?: { readonly typed: string; readonly names: readonly string[] };
  readonly issues: readonly SpecIssue[];
}

export const noOverrides: ParsedOverrides = { values: [], issues: [] };

export function parseOverrides(overrides: Overrides): ParsedOverrides {
  const values: Override[] = [];
  const issues: SpecIssue[] = [];
  for (const setting of overrides.set ?? []) {
    const typed = `--set ${setting}`;
    const equals = setting.indexOf('=');
    const path = inGrid(setting.slice(0, Math.max(equals, 0)).split('.'));
    try {
      if (equals < 0 || path.some((part) => part === '' || part === '__proto__')) throw new Error('no path');
      values.push({ typed, path, value: parse(setting.slice(equals + 1)) as unknown });
    } catch {
      const message = 'expected a path and a YAML value, such as optimizers.adam.lr=3e-4';
      issues.push({ code: 'bad-override', path: [], message, override: typed });
    }
  }
  for (const typed of overrides.optimizer ?? []) {
    const { name, rule } = addedOptimizer(typed);
    const path = ['optimizers', name];
    values.unshift({ typed: `--optimizer ${typed}`, path, value: { rule }, adds: name });
  }
  const { only, seeds, epochs, engine } = overrides;
  if (seeds !== undefined) {
    values.push({ typed: `--seeds ${seeds}`, path: ['seeds'], value: commaList(seeds).map(numeral) });
  }
  if (epochs !== undefined) {
    values.push({ typed: `--epochs ${epochs}`, path: ['training', 'epochs'], value: numeral(epochs) });
  }
  if (engine !== undefined) values.push({ typed: `--engine ${engine}`, path: ['engine'], value: engine });
  return only === undefined
    ? { values, issues }
    : { values, issues, only: { typed: `--only ${only}`, names: commaList(only) } };
}

/** The name and the file of `mine=./mine.ts`, or of `./mine.ts`, relative to the working folder in one way only. */
export function addedOptimizer(typed: string): { readonly name: string; readonly rule: string } {
  const equals = typed.indexOf('=');
  const file = typed.slice(equals + 1);
  const path = relative('', file).split(sep).join('/');
  const rule = path.startsWith('..') || isAbsolute(path) ? path : `./${path}`;
  return { name: equals < 0 ? basename(file, extname(file)) : typed.slice(0, equals), rule };
}

/** The keys of a grid are paths themselves, with their dots. */
function inGrid(path: readonly string[]): string[] {
  const at = path[0] === 'optimizers' ? 2 : 0;
  if (path[at] !== 'grid' || path.length <= at + 1) return [...path];
  return [...path.slice(0, at + 1), path.slice(at + 1).join('.')];
}

/** A copy of the data with the value in place; maps on the way are made where they are missing. */
export function withOverride(
  data: unknown,
  { typed, path, value }: Override,
): { data: unknown; issue?: SpecIssue } {
  const copy: unknown = structuredClone(data);
  let map = copy as Record<string, unknown>;
  for (const [i, part] of path.slice(0, -1).entries()) {
    const next = Object.hasOwn(map, part) ? map[part] : undefined;
    // `model: mlp` is short for { type: mlp }, so that one of its settings can be set.
    const made = next === undefined || next === null ? {} : typeof next === 'string' ? { type: next } : next;
    if (!isEntries(made)) {
      const message = `${path.slice(0, i + 1).join('.')} is no map: set the whole of it, such as [1, 2]`;
      return { data, issue: { code: 'bad-override', path, message, override: typed } };
    }
    map[part] = made;
    map = made as Record<string, unknown>;
  }
  map[path.at(-1)!] = value;
  return { data: copy };
}

const commaList = (typed: string): string[] =>
  typed
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

/** A number where it is one; anything else is left for the schema to refuse by name. */
const numeral = (typed: string): number | string =>
  /^-?\d+(\.\d+)?$/.test(typed.trim()) ? Number(typed) : typed;
