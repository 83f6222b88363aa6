import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../errors.ts';
import { nearestName } from '../optimizers/nearest-name.ts';
import { checkAgainst, selectionMistakes, valueAt } from './check.ts';
import { checkExperiment } from './checked-experiment.ts';
import { nameExpectation } from './fields.ts';
import { firstPoint } from './grids.ts';
import { type Mistake, SpecError, type SpecIssue, type SpecPath } from './issue.ts';
import { mergeSpec } from './merge.ts';
import { noOverrides } from './overrides.ts';
import { schemaOf } from './problem-spec.ts';
import { isEntries } from './rules.ts';
import { contentSchema, profileNames, topVariant } from './schema.ts';
import { parseYaml, type YamlSource } from './yaml-source.ts';

/** A spec's file, read and valid in every profile. */
export interface Spec {
  /** As it is shown in messages. */
  readonly file: string;
  /** Absolute; files named in the spec are relative to it. */
  readonly folder: string;
  /** `name`, or else the file's name without its ending. */
  readonly name: string;
  /** Names of its variants; the top level comes first. */
  readonly variants: readonly string[];
  readonly source: YamlSource;
}

const experimentsFolder = fileURLToPath(new URL('../../experiments/', import.meta.url));

/** Names of the experiments that come with the package. */
export function listExperiments(): string[] {
  return readdirSync(experimentsFolder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => basename(file, '.yaml'))
    .sort();
}

/**
 * Loads a shipped experiment by name, or a spec by path (anything with a separator or a .yaml or .yml ending).
 *
 * @throws SpecError with all mistakes of the file at once; UsageError if there is no such experiment or file.
 */
export async function loadSpec(fileOrName: string): Promise<Spec> {
  const isPath = /[\\/]|\.ya?ml$/i.test(fileOrName);
  if (!isPath && !listExperiments().includes(fileOrName)) {
    const experiments = listExperiments();
    const nearest = nearestName(fileOrName, experiments);
    throw new UsageError(
      `unknown experiment "${fileOrName}"; ${nearest === undefined ? '' : `did you mean "${nearest}"? `}` +
        `${nearest === undefined ? 's' : 'S'}hipped are ${experiments.join(', ')}; a spec of your own is named by its path, such as ./my-spec.yaml.`,
    );
  }
  const file = isPath ? fileOrName : join(experimentsFolder, `${fileOrName}.yaml`);
  return parseSpec(file, readSpec(file));
}

function readSpec(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const reason =
      code === 'ENOENT'
        ? 'there is no such file'
        : code === 'EISDIR'
          ? 'it is a folder'
          : (cause as Error).message;
    throw new UsageError(`cannot read the spec ${file}: ${reason}.`, { cause });
  }
}

/**
 * Reads and checks a spec's text.
 *
 * @param file path of the text; files named in the spec are relative to its folder.
 * @throws SpecError with all mistakes at once, those of every profile included.
 */
export async function parseSpec(file: string, text: string): Promise<Spec> {
  const source = parseYaml(file, text);
  // Whatever else looks wrong in a text that is not YAML follows from that.
  if (source.syntax.length > 0) throw new SpecError(source.syntax);
  const folder = dirname(resolve(file));
  const given = valueAt(source.data, ['name']);
  const name = typeof given === 'string' ? given : basename(file, extname(file));
  const issues: SpecIssue[] = [...source.duplicates];
  const placed = (mistakes: Mistake[]) => {
    for (const { at, ...mistake } of mistakes) issues.push({ ...mistake, ...source.place(mistake.path, at) });
  };
  const isSpec = isEntries(source.data);
  const top = mergeSpec(source, folder, { variant: topVariant }, noOverrides);
  // A list of values may stand for a setting that the spec does not have otherwise.
  const first = firstPoint(top);
  const whole = isSpec ? { ...source.data, ...(first.data as object) } : source.data;
  const ownMistakes = checkAgainst(schemaOf(source.data), whole).mistakes;
  for (const { at, ...mistake } of ownMistakes) issues.push({ ...mistake, ...first.place(mistake.path, at) });
  if (given === undefined) placed(nameMistakes(name));
  placed(variantMistakes(source.data));
  placed(profileMistakes(source.data));
  placed(['tune', 'recover'].flatMap((search) => entryMistakes([search, 'optimizers'], source.data)));
  const variants = [
    topVariant,
    ...Object.keys(entriesAt(source.data, ['variants'])).filter((v) => v !== topVariant),
  ];
  const incomplete = ownMistakes.some(({ code }) => code === 'missing-key');
  for (const variant of isSpec ? variants : []) {
    for (const profile of profileNames) {
      const checked = await checkExperiment(mergeSpec(source, folder, { variant, profile }, noOverrides));
      // Profiles and variants take nothing away: what a spec lacks is said above.
      issues.push(...checked.issues.filter(({ code }) => code !== 'missing-key' || !incomplete));
    }
  }
  if (issues.length > 0) throw new SpecError(issues);
  return { file, folder, name, variants, source };
}

function nameMistakes(name: string): Mistake[] {
  if (contentSchema.shape.name.safeParse(name).success) return [];
  const message = `the file's name "${name}" cannot name the experiment: add "name:" with ${nameExpectation}`;
  return [{ code: 'invalid-value', path: [], at: 'value', message }];
}

/** A profile selects and changes optimizers of the spec; it adds none. */
function profileMistakes(data: unknown): Mistake[] {
  const variants = Object.keys(entriesAt(data, ['variants']));
  return [[], ...variants.map((variant) => ['variants', variant])].flatMap((of) =>
    profileNames.flatMap((profile) => patchMistakes([...of, 'profiles', profile], data)),
  );
}

function variantMistakes(data: unknown): Mistake[] {
  return Object.entries(entriesAt(data, ['variants'])).flatMap(([variant, changes]): Mistake[] => {
    const path = ['variants', variant];
    const mistakes = patchMistakes(path, data);
    if (variant === topVariant) {
      const message = `the variant "${topVariant}" is the top level of the spec: choose another name`;
      mistakes.push({ code: 'invalid-value', path, at: 'key', message });
    }
    if (isEntries(changes) && changes.note !== undefined && valueAt(data, ['paper']) === undefined) {
      const message = `variants.${variant}.note: it takes the place of paper.note, and the spec names no paper`;
      mistakes.push({ code: 'invalid-value', path: [...path, 'note'], at: 'key', message });
    }
    return mistakes;
  });
}

function patchMistakes(patch: SpecPath, data: unknown): Mistake[] {
  const only = [...patch, 'only'];
  return [
    ...selectionMistakes(only, valueAt(data, only), data),
    ...entryMistakes([...patch, 'optimizers'], data),
  ];
}

/** Keys of a map that are to be names of optimizers. */
function entryMistakes(path: SpecPath, data: unknown): Mistake[] {
  const names = Object.keys(entriesAt(data, path));
  return selectionMistakes(path, names, data).map(
    (m): Mistake => ({ ...m, path: [...path, names[m.path.at(-1) as number]!], at: 'key' }),
  );
}

function entriesAt(data: unknown, path: SpecPath): Readonly<Record<string, unknown>> {
  const value = valueAt(data, path);
  return isEntries(value) ? value : {};
}
