import { gzipSync } from 'node:zlib';
import { Html, html } from './html.ts';

/** A file that the page can hand out. */
export interface Download {
  readonly name: string;
  readonly bytes: Buffer;
  /** Made from another file of the page: it comes after those that are not. */
  readonly derived: boolean;
}

export interface Packed {
  /** By name of the file; the files that found no room are missing. */
  readonly ids: ReadonlyMap<string, string>;
  /** The elements that hold them, compressed. */
  readonly elements: Html;
}

export const nothingPacked: Packed = { ids: new Map(), elements: html`` };

/** For the page's script, which unpacks it: gzip as base64. */
export const compressed = (content: string | Buffer): string =>
  gzipSync(content, { level: 9 }).toString('base64');

/** Files compressed into the page, the smallest first and what is derived last, until the room is used up. */
export function packed(downloads: readonly Download[], room: number): Packed {
  const zipped = downloads
    .map(({ name, bytes, derived }) => ({ name, derived, text: compressed(bytes) }))
    .sort((a, b) => Number(a.derived) - Number(b.derived) || a.text.length - b.text.length);
  const ids = new Map<string, string>();
  const elements: Html[] = [];
  let left = room;
  for (const { name, text } of zipped) {
    if (text.length > left) continue;
    left -= text.length;
    const id = `file-${ids.size}`;
    ids.set(name, id);
    elements.push(html`<script type="text/plain" id="${id}">${new Html(text)}</script>\n`);
  }
  return { ids, elements: html`${elements}` };
}
