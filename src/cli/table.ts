import { stripVTControlCharacters } from 'node:util';

export interface Column {
  /** May have several lines; the last ones stand side by side. */
  readonly title: string;
  /** Numbers stand right, so that their digits line up. */
  readonly align?: 'left' | 'right';
}

/**
 * Rows of text below their titles, two spaces between columns, no trailing spaces and no trailing newline. Cells may
 * carry colour: only what is seen counts for the width.
 */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const titles = columns.map(({ title }) => title.split('\n'));
  const height = Math.max(...titles.map((lines) => lines.length));
  const heads = Array.from({ length: height }, (_, i) =>
    titles.map((lines) => lines[lines.length - height + i] ?? ''),
  );
  const lines = [...heads, ...rows];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => visibleWidth(line[i] ?? ''))));
  return lines
    .map((line) =>
      columns
        .map(({ align }, i) => {
          const cell = line[i] ?? '';
          const padding = ' '.repeat(widths[i]! - visibleWidth(cell));
          return align === 'right' ? padding + cell : cell + padding;
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function visibleWidth(text: string): number {
  return [...stripVTControlCharacters(text)].length;
}

/** At most `width` characters of a line without colour, the last one an ellipsis where something is left out. */
export function cut(line: string, width: number): string {
  const characters = [...line];
  if (characters.length <= width) return line;
  return width <= 0 ? '' : `${characters.slice(0, width - 1).join('')}…`;
}
