/** Text that is markup already. Everything else that goes into a page is escaped by `html`. */
export class Html {
  readonly markup: string;
  constructor(markup: string) {
    this.markup = markup;
  }
}

export type Piece = Html | string | number | null | undefined | false | readonly Piece[];

/** A template whose values are escaped, for text and for quoted attributes, unless they are markup themselves. */
export function html(strings: TemplateStringsArray, ...values: readonly Piece[]): Html {
  return new Html(String.raw({ raw: strings }, ...values.map(markupOf)));
}

export const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => entities[character as keyof typeof entities]);

const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' } as const;

function markupOf(value: Piece): string {
  if (value instanceof Html) return value.markup;
  if (value === null || value === undefined || value === false) return '';
  return Array.isArray(value) ? value.map(markupOf).join('') : escaped(String(value));
}

/** Of an element, from a name that may hold anything. */
export const idOf = (...parts: readonly string[]): string =>
  parts.map((part) => part.replace(/[^A-Za-z0-9-]+/g, '_')).join('-');
