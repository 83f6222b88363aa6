import { stringify } from 'yaml';
import type { ResolvedRun } from '../spec/run.ts';
import type { Measurement } from './candidate.ts';
import type { Settings } from './space.ts';

/** Lines to paste into a spec. */

/** The entries of `optimizers` with the searched settings, none without any; the comment says what each one gave. */
export function entryLines(best: readonly Measurement[], comment: (best: Measurement) => string): string[] {
  if (best.length === 0) return [];
  return [
    'optimizers:',
    ...best.flatMap((measurement) => {
      const { optimizer, settings, runs } = measurement.candidate;
      const keys = [...new Set(Object.keys(settings).map((path) => path.split('.')[0]!))];
      return [
        `  ${optimizer}: # ${comment(measurement)}`,
        ...keys.map((key) => `    ${key}: ${inline(settingOf(runs[0]!, key, settings))}`),
      ];
    }),
  ];
}

/** Settings by dotted path as nested maps; none for no settings. */
export function nestedLines(settings: Settings): string[] {
  return Object.entries(nested(settings)).map(([key, value]) => `${key}: ${inline(value)}`);
}

function nested(settings: Settings): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const [path, value] of Object.entries(settings)) {
    const keys = path.split('.');
    let map = root;
    for (const key of keys.slice(0, -1)) {
      map[key] ??= {};
      map = map[key] as Record<string, unknown>;
    }
    map[keys.at(-1)!] = value;
  }
  return root;
}

export function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

/** One setting, or the whole of a map of which a part was searched. */
function settingOf({ optimizerSettings }: ResolvedRun, key: string, settings: Settings): unknown {
  if (key in settings) return settings[key];
  const { hyper, weightDecay, ...others } = optimizerSettings;
  if (key in hyper) return hyper[key];
  if (key === 'weightDecay' && weightDecay?.normalized !== undefined) {
    // The rate was made from it, and the spec takes one of the two.
    const { rate: _, ...written } = weightDecay;
    return written;
  }
  const known: Readonly<Record<string, unknown>> = { ...others, weightDecay };
  // What an entry changes beside its rule, such as its own model, is merged over the experiment's.
  return known[key] ?? nested(settings)[key];
}

/** Settings in a sentence or a table. */
export function settingsText(settings: Settings): string {
  const entries = Object.entries(settings);
  return entries.length === 0 ? '-' : entries.map(([path, value]) => `${path} ${inline(value)}`).join(', ');
}

/** On one line, as a reader would write it. */
export function inline(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim();
}
