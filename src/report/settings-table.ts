import type { Line } from '../figures/lines.ts';
import { type Html, html } from './html.ts';
import { legendMark, region } from './parts.ts';
import { mostRows } from './results-table.ts';

/** Every setting of the runs, as runs.csv has it: what differs as a table, what they share as a list. */
export function settingsTable(lines: readonly Line[], name: string): Html {
  const paths = [...new Set(lines.flatMap(({ group }) => [...group.settings.keys()]))];
  const isShared = (path: string): boolean =>
    lines.every((line) => settingOf(line, path) === settingOf(lines[0]!, path));
  const differing = paths.filter((path) => !isShared(path));
  const shared = paths.filter(isShared);
  return html`${differing.length === 0 ? '' : differences(lines, differing, name)}
${
  shared.length === 0
    ? ''
    : html`<p>The same for all:</p><dl class="settings">${shared.map(
        (path) => html`<div><dt>${path}</dt><dd>${settingOf(lines[0]!, path)}</dd></div>`,
      )}</dl>`
}`;
}

/** Whatever there are more of stands below each other. */
function differences(all: readonly Line[], paths: readonly string[], name: string): Html {
  const lines = all.slice(0, mostRows);
  const cut = lines.length === all.length ? '' : ` The first ${lines.length} of ${all.length}.`;
  const head = (line: Line): Html => html`${legendMark(line.style)} ${line.label}`;
  const [across, down, cell] =
    lines.length < paths.length
      ? [lines.map(head), paths, (x: number, y: number) => settingOf(lines[x]!, paths[y]!)]
      : [paths, lines.map(head), (x: number, y: number) => settingOf(lines[y]!, paths[x]!)];
  return region(
    `Settings that differ: ${name}`,
    html`<table class="numbers"><caption>What differs between the curves.${cut}</caption>
<thead><tr><td></td>${across.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${down.map(
      (title, y) =>
        html`<tr><th scope="row">${title}</th>${across.map((_, x) => html`<td>${cell(x, y)}</td>`)}</tr>\n`,
    )}</tbody></table>`,
  );
}

function settingOf({ group }: Line, path: string): string {
  const value = group.settings.get(path);
  if (value === undefined) return '';
  return value === null ? 'none' : String(value);
}
