import type { Download } from './downloads.ts';
import { type Html, html } from './html.ts';
import { sizeText } from './numbers.ts';

/** Buttons for the files that are in the page; of the others, where they lie or what writes them. */
export function fileButtons(
  downloads: readonly Download[],
  ids: ReadonlyMap<string, string>,
  resultsFolder: string,
): Html {
  const packed = downloads.filter(({ name }) => ids.has(name));
  const left = (derived: boolean): string =>
    downloads
      .filter((download) => !ids.has(download.name) && download.derived === derived)
      .map(({ name }) => name)
      .join(', ');
  const [tables, derived] = [left(false), left(true)];
  return html`<div class="files">${packed.map(
    ({ name, bytes }) =>
      html`<button type="button" class="file" hidden data-file="${ids.get(name)}" data-name="${name}">${name} <span class="size">${sizeText(bytes.length)}</span></button>`,
  )}</div>
${tables === '' ? '' : html`<p>Too large for this page, but in <code>${resultsFolder}</code>: ${tables}.</p>`}
${derived === '' ? '' : html`<p>Too large for this page, but written by <code>plot --data</code>: ${derived}.</p>`}
<noscript><p>The tables are curves.csv and runs.csv in <code>${resultsFolder}</code>; without scripts this page cannot hand them out.</p></noscript>`;
}
