import { UsageError } from '../errors.ts';

export type SpecPath = readonly (string | number)[];

export type SpecIssueCode =
  | 'syntax'
  | 'duplicate-key'
  | 'unknown-key'
  | 'missing-key'
  | 'invalid-value'
  | 'unknown-name'
  | 'bad-file'
  | 'bad-override';

/** A mistake in a spec before its place is known. `at: 'key'` points at the key of the path's last element. */
export interface Mistake {
  readonly code: SpecIssueCode;
  readonly path: SpecPath;
  readonly at: 'key' | 'value';
  /** One clause without the place and without the suggestion. */
  readonly message: string;
  /** The valid name that was probably meant. */
  readonly suggestion?: string | undefined;
}

export type Place =
  | {
      readonly file: string;
      /** From 1. */
      readonly line: number;
      readonly column: number;
      readonly sourceLine: string;
    }
  /** A value that came from the command line, such as `--set training.epochs=3`. */
  | { readonly override: string };

export type SpecIssue = Omit<Mistake, 'at'> & Place;

/** Mistakes of a spec, all at once; the message is the whole text for the user, `issues` the same as data. */
export class SpecError extends UsageError {
  readonly issues: readonly SpecIssue[];
  constructor(issues: readonly SpecIssue[]) {
    const sorted = sortIssues(issues);
    super(sorted.map(describeIssue).join('\n'));
    this.name = 'SpecError';
    this.issues = sorted;
  }
}

/** `file:line:column: message`, the line of the file and a caret below the place. */
export function describeIssue(issue: SpecIssue): string {
  const hint = issue.suggestion === undefined ? '' : `; did you mean "${issue.suggestion}"?`;
  const said = `${issue.message}${hint}`;
  if ('override' in issue) return `${issue.override}: ${said}`;
  // Tabs are kept so that the caret stays below its place at any tab width.
  const indent = issue.sourceLine.slice(0, issue.column - 1).replace(/[^\t]/g, ' ');
  return `${issue.file}:${issue.line}:${issue.column}: ${said}\n  ${issue.sourceLine}\n  ${indent}^`;
}

/** By position, overrides last; the same mistake seen in the spec and through several profiles counts once. */
function sortIssues(issues: readonly SpecIssue[]): SpecIssue[] {
  const place = (i: SpecIssue) => ('override' in i ? [i.override] : [i.line, i.column]);
  const once = new Map<string, SpecIssue>();
  for (const issue of issues) {
    const key = JSON.stringify([...place(issue), issue.code, issue.path.at(-1) ?? issue.message]);
    if (!once.has(key)) once.set(key, issue);
  }
  const order = (i: SpecIssue) => ('override' in i ? { line: Number.MAX_SAFE_INTEGER, column: 0 } : i);
  return [...once.values()].sort(
    (a, b) => order(a).line - order(b).line || order(a).column - order(b).column,
  );
}

/** A path as it is written with `--set`. */
export function pathText(path: SpecPath): string {
  return path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`))
    .join('');
}

/** A value as the user would recognize it. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) {
    const whole = `[${value.map(valueText).join(', ')}]`;
    return whole.length <= 40 ? whole : 'a list';
  }
  if (typeof value === 'object') return Object.keys(value).length === 0 ? 'an empty map' : 'a map';
  return typeof value === 'string' ? `"${value}"` : String(value);
}
