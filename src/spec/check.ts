import type { z } from 'zod';
import { nearestName } from '../optimizers/nearest-name.ts';
import { nameExpectation } from './fields.ts';
import { type Mistake, pathText, type SpecPath, valueText } from './issue.ts';
import { isEntries, unknownKey } from './rules.ts';

/** Checks data against a schema of schema.ts and words what is wrong; nothing here knows where the data came from. */
export function checkAgainst<T extends z.ZodType>(
  schema: T,
  data: unknown,
): { value?: z.output<T>; mistakes: Mistake[] } {
  const result = schema.safeParse(data);
  if (result.success) return { value: result.data, mistakes: [] };
  const mistakes = result.error.issues.flatMap((issue) => mistakesOf(issue, data));
  return { mistakes: mistakes.filter((mistake) => !isMistyped(mistake, mistakes)) };
}

/** A key that is missing only because it is misspelled is said once, as the misspelling. */
function isMistyped({ code, path }: Mistake, mistakes: readonly Mistake[]): boolean {
  if (code !== 'missing-key') return false;
  const meant = pathText(path);
  return mistakes.some(
    (m) => m.code === 'unknown-key' && pathText([...m.path.slice(0, -1), m.suggestion ?? '']) === meant,
  );
}

function mistakesOf(issue: z.core.$ZodIssue, data: unknown): Mistake[] {
  let path = issue.path as SpecPath;
  if (issue.code === 'unrecognized_keys') {
    // The schema's error text is the list of its keys, see fields.ts.
    return issue.keys.map((key) => unknownKey(path, key, issue.message.split(', ')));
  }
  if (issue.code === 'invalid_key') {
    const found = valueText(String(path.at(-1)));
    const message = `${pathText(path.slice(0, -1))}: expected ${nameExpectation}, found ${found}`;
    return [{ code: 'invalid-value', path, at: 'key', message }];
  }
  // `schedule: cosin` is checked as { type: cosin }: the mistake is the text itself.
  if (path.at(-1) === 'type' && typeof valueAt(data, path.slice(0, -1)) === 'string')
    path = path.slice(0, -1);
  const found = valueAt(data, path);
  if (found === undefined && path.length > 0) {
    const where = path.length === 1 ? '' : ` in ${pathText(path.slice(0, -1))}`;
    const message = `missing key "${String(path.at(-1))}"${where}: expected ${issue.message}`;
    return [{ code: 'missing-key', path, at: 'value', message }];
  }
  const names = /^one of (.*)$/.exec(issue.message)?.[1]?.split(', ') ?? [];
  const suggestion = typeof found === 'string' ? nearestName(found, names) : undefined;
  const what = path.length === 0 ? '' : `${pathText(path)}: `;
  return [
    {
      code: names.length > 0 ? 'unknown-name' : 'invalid-value',
      path,
      at: 'value',
      message: `${what}expected ${issue.message}, found ${valueText(found)}`,
      suggestion,
    },
  ];
}

/** Mistakes in a selection of optimizers by name; `path` is where the selection stands. */
export function selectionMistakes(path: SpecPath, selected: unknown, data: unknown): Mistake[] {
  const entries = isEntries(data) && isEntries(data.optimizers) ? Object.keys(data.optimizers) : [];
  if (!Array.isArray(selected) || entries.length === 0) return [];
  return selected.flatMap((name: unknown, i): Mistake[] => {
    if (typeof name !== 'string' || entries.includes(name)) return [];
    const suggestion = nearestName(name, entries);
    return [
      {
        code: 'unknown-name',
        path: [...path, i],
        at: 'value',
        message: `unknown optimizer "${name}": this experiment has ${entries.join(', ')}`,
        suggestion,
      },
    ];
  });
}

export function valueAt(data: unknown, path: SpecPath): unknown {
  let value = data;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}
