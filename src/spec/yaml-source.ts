import { type Document, isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { Place, SpecIssue, SpecPath } from './issue.ts';

/** A YAML text that knows where each value and key stands. */
export interface YamlSource {
  /** Plain JavaScript values. */
  readonly data: unknown;
  /** Syntax errors (the data are then not worth reading) and duplicate keys. */
  readonly syntax: readonly SpecIssue[];
  readonly duplicates: readonly SpecIssue[];
  has(path: SpecPath): boolean;
  /** The place of a value or of its key; of the nearest thing around it where the path does not exist. */
  place(path: SpecPath, at: 'key' | 'value'): Place;
}

/** `file` is the name that messages show. */
export function parseYaml(file: string, text: string): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const textLines = text.split(/\r?\n/);
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(Math.min(offset, text.length));
    return { file, line: Math.max(line, 1), column: Math.max(col, 1), sourceLine: textLines[line - 1] ?? '' };
  };
  const issue = (code: 'syntax' | 'duplicate-key', message: string, offset: number): SpecIssue => ({
    code,
    path: [],
    message,
    ...placeAt(offset),
  });
  const syntax: SpecIssue[] = [];
  const duplicates: SpecIssue[] = [];
  for (const error of document.errors) {
    if (error.code === 'DUPLICATE_KEY') {
      duplicates.push(
        issue(
          'duplicate-key',
          `the key "${keyAt(text, error.pos[0])}" stands here a second time`,
          error.pos[0],
        ),
      );
    } else {
      const message =
        error.code === 'MULTIPLE_DOCS'
          ? 'a second YAML document starts here: a spec is one document, so remove it or give it its own file'
          : `not valid YAML: ${lowerFirst(error.message)}`;
      syntax.push(issue('syntax', message, error.pos[0]));
    }
  }
  let data: unknown = null;
  if (syntax.length === 0) {
    try {
      data = document.toJS();
    } catch (error) {
      syntax.push(issue('syntax', `not valid YAML: ${lowerFirst((error as Error).message)}`, 0));
    }
  }
  return {
    data,
    syntax,
    duplicates,
    has: (path) => find(document, path) !== undefined,
    place: (path, at) => {
      for (let length = path.length; length > 0; length--) {
        const found = find(document, path.slice(0, length));
        // Around a missing key, its parent's key is the place to look at.
        if (found !== undefined)
          return placeAt((at === 'value' && length === path.length ? found.value : found.key) ?? 0);
      }
      return placeAt(document.contents?.range?.[0] ?? 0);
    },
  };
}

/** Offsets of a path's key and value. */
function find(document: Document, path: SpecPath): { key: number; value: number } | undefined {
  let node: unknown = document.contents;
  let key = 0;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(
        (p) => isPair(p) && isScalar(p.key) && String(p.key.value) === String(part),
      );
      if (pair === undefined) return undefined;
      key = (pair.key as Node).range?.[0] ?? key;
      node = pair.value;
    } else if (isSeq(node) && typeof part === 'number' && part < node.items.length) {
      node = node.items[part];
      key = (node as Node | null)?.range?.[0] ?? key;
    } else return undefined;
  }
  const range = (node as Node | null)?.range;
  // `epochs:` without a value has an empty range somewhere behind: the key is the better place.
  return { key, value: range && range[1] > range[0] ? range[0] : key };
}

function keyAt(text: string, offset: number): string {
  return (/^["']?([^"':\s]+)/.exec(text.slice(offset, offset + 200)) ?? ['', ''])[1]!;
}

function lowerFirst(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
