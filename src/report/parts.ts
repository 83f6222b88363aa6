import type { Style } from '../figures/index.ts';
import { type Html, html, type Piece } from './html.ts';

/** Pieces that several sections are made of. */

/** A wide table scrolls in itself, also by keyboard. */
export const region = (label: string, content: Html): Html =>
  html`<div class="scroll" role="region" tabindex="0" aria-label="${label}">${content}</div>\n`;

/** Outlines of Vega's symbols in a square from -1 to 1. */
const outlines: Readonly<Record<string, string>> = {
  circle: 'M-.8,0a.8,.8 0 1 0 1.6,0a.8,.8 0 1 0 -1.6,0',
  square: 'M-.7,-.7h1.4v1.4h-1.4z',
  diamond: 'M0,-1L.8,0L0,1L-.8,0z',
  cross: 'M-.3,-.9h.6v.6h.6v.6h-.6v.6h-.6v-.6h-.6v-.6h.6z',
  'triangle-up': 'M0,-.8L.9,.75h-1.8z',
  'triangle-down': 'M0,.8L.9,-.75h-1.8z',
  'triangle-right': 'M.8,0L-.75,.9v-1.8z',
  'triangle-left': 'M-.8,0L.75,.9v-1.8z',
};

/** Line and marker of a curve. */
export const legendMark = ({ color, shape }: Style): Html =>
  html`<svg class="mark" viewBox="-3 -1.2 6 2.4" style="--on-light:${color};--on-dark:${onDark(color)}" aria-hidden="true"><path d="M-3,-.15h6v.3h-6z"/><path d="${outlines[shape] ?? ''}"/></svg>`;

export const commandLine = (command: string): Html =>
  html`<pre tabindex="0" aria-label="Command"><code>${command}</code></pre>`;

export const list = (items: readonly Piece[]): Html =>
  html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;

/** Mixed with white until it stands out from the dark page: a luminance of at least 0.18, four times that of the page. */
export function onDark(color: string): string {
  const parts = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  if (parts.some(Number.isNaN)) return color;
  for (let share = 0; share <= 1; share += 0.1) {
    const mixed = parts.map((part) => Math.round(part + (255 - part) * share));
    if (luminance(mixed) >= 0.18)
      return `#${mixed.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
  }
  return '#ffffff';
}

/** Relative luminance of sRGB (WCAG 2). */
function luminance(parts: readonly number[]): number {
  const [r, g, b] = parts.map((part) => {
    const c = part / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}
