import type { Optimizer } from '../optimizers/define.ts';
import { allowedValues, rangeProblem } from '../optimizers/hyper-parameters.ts';
import { loadOptimizerFile, optimizers } from '../optimizers/index.ts';
import { nearestName } from '../optimizers/nearest-name.ts';
import { entryKeys, entryShape } from './entry-schema.ts';
import { isFilePath } from './fields.ts';
import { type Mistake, pathText, type SpecPath, valueText } from './issue.ts';
import { fileDigest, fileProblem } from './user-files.ts';

/** What the spec knows of the optimizers: the rule behind each entry, and its hyper-parameters. */

export const shippedRules: Readonly<Record<string, Optimizer>> = optimizers;

export interface EntryRule {
  readonly optimizer: Optimizer;
  /** Absolute path and sha256 of a user's file. */
  readonly file?: string;
  readonly digest?: string;
}

type Entries = Readonly<Record<string, unknown>>;

/**
 * Finds the rule of every entry of `optimizers`, and checks the entry's hyper-parameters against it.
 *
 * @param data a spec's content, not validated yet.
 * @param locate absolute path of a file that is named in the spec.
 */
export async function entryRules(
  data: unknown,
  locate: (path: SpecPath, written: string) => string,
): Promise<{ rules: ReadonlyMap<string, EntryRule>; mistakes: Mistake[] }> {
  const rules = new Map<string, EntryRule>();
  const mistakes: Mistake[] = [];
  const entries = isEntries(data) && isEntries(data.optimizers) ? data.optimizers : {};
  for (const [name, entry] of Object.entries(entries)) {
    if (!isEntries(entry)) continue;
    const found = await findRule(name, entry.rule, Object.keys(entries), locate);
    if (found === undefined) continue;
    if ('code' in found) {
      mistakes.push(found);
    } else {
      rules.set(name, found);
      mistakes.push(...hyperMistakes(['optimizers', name], entry, found.optimizer));
    }
  }
  return { rules, mistakes };
}

async function findRule(
  name: string,
  rule: unknown,
  entries: readonly string[],
  locate: (path: SpecPath, written: string) => string,
): Promise<EntryRule | Mistake | undefined> {
  const shipped = Object.keys(shippedRules);
  if (rule === undefined) {
    if (Object.hasOwn(shippedRules, name)) return { optimizer: shippedRules[name]! };
    const suggestion = nearestName(name, [...shipped, ...entries.filter((other) => other !== name)]);
    return {
      code: 'unknown-name',
      path: ['optimizers', name],
      at: 'key',
      message: `unknown optimizer "${name}": no shipped rule has this name, and the entry has no "rule"`,
      suggestion,
    };
  }
  if (typeof rule !== 'string') return undefined;
  if (Object.hasOwn(shippedRules, rule)) return { optimizer: shippedRules[rule]! };
  const path = ['optimizers', name, 'rule'];
  if (!isFilePath.test(rule)) {
    const suggestion = nearestName(rule, shipped);
    const message = `unknown rule "${rule}": expected one of ${shipped.join(', ')}, or a file such as ./my-rule.ts`;
    return {
      code: 'unknown-name',
      path,
      at: 'value',
      message,
      suggestion,
    };
  }
  const file = locate(path, rule);
  const problem = fileProblem(file);
  if (problem !== undefined)
    return { code: 'bad-file', path, at: 'value', message: `${pathText(path)}: ${problem}` };
  try {
    return await loadRule(file);
  } catch (error) {
    return { code: 'bad-file', path, at: 'value', message: (error as Error).message };
  }
}

const loaded = new Map<string, EntryRule>();

/** A file is loaded once for all profiles, unless it changes. */
async function loadRule(file: string): Promise<EntryRule> {
  const digest = fileDigest(file);
  const key = `${digest} ${file}`;
  const rule = loaded.get(key) ?? { optimizer: await loadOptimizerFile(file), file, digest };
  loaded.set(key, rule);
  return rule;
}

function hyperMistakes(path: SpecPath, entry: Entries, { hyper }: Optimizer): Mistake[] {
  const mistakes: Mistake[] = [];
  for (const [key, value] of Object.entries(entry)) {
    const descriptor = Object.hasOwn(hyper, key) ? hyper[key] : undefined;
    if (entryKeys.includes(key)) continue;
    if (descriptor === undefined) {
      mistakes.push(unknownKey(path, key, [...Object.keys(hyper), ...Object.keys(entryShape)]));
    } else if (rangeProblem(descriptor, value) !== undefined) {
      const suggestion =
        descriptor.kind === 'choice' ? nearestName(String(value), descriptor.choices) : undefined;
      mistakes.push({
        code: 'invalid-value',
        path: [...path, key],
        at: 'value',
        message: `${pathText([...path, key])}: expected ${allowedValues(descriptor)}, found ${valueText(value)}`,
        suggestion,
      });
    }
  }
  return mistakes;
}

export function unknownKey(path: SpecPath, key: string, allowed: readonly string[]): Mistake {
  const suggestion = nearestName(key, allowed);
  const where = path.length === 0 ? '' : ` in ${pathText(path)}`;
  return {
    code: 'unknown-key',
    path: [...path, key],
    at: 'key',
    message: `unknown key "${key}"${where}${suggestion === undefined ? `; allowed: ${allowed.join(', ')}` : ''}`,
    suggestion,
  };
}

export function isEntries(value: unknown): value is Entries {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
