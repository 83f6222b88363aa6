import { type Layout, type VegaLiteSpec, wrapped } from './figure.ts';
import { meanAdvance, textWidth } from './text-width.ts';
import { fontSizeOf, themeOf } from './theme.ts';

/** What all figures share: panels between the title and the caption, and a legend below them. */

export interface Page {
  readonly title: string;
  /** Sentences below the panels. */
  readonly text: readonly string[];
  readonly panels: readonly VegaLiteSpec[];
  /** Panels side by side. */
  readonly columns: number;
}

export function pageSpec({ title, text, panels, columns }: Page, layout: Layout): VegaLiteSpec {
  const { paperStyle, lineLength, bare = paperStyle } = layout;
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description: `${title}. ${text.join(' ')}`,
    background: 'white',
    ...(bare
      ? {}
      : { title: { text: wrapped(title, Math.floor(lineLength * 0.7)), anchor: 'start', offset: 12 } }),
    spacing: paperStyle ? 6 : 14,
    vconcat: [
      {
        concat: panels,
        columns,
        spacing: paperStyle ? { row: 6, column: 6 } : { row: 14, column: 16 },
        resolve: sharing('shared'),
      },
      ...(bare ? [] : [textBlock(text.flatMap((sentence) => wrapped(sentence, lineLength)))]),
    ],
    // The legend belongs to the panels: shared with the caption it would stand to its right.
    resolve: sharing('independent'),
    config: themeOf(layout),
  };
}

const sharing = (how: 'shared' | 'independent'): VegaLiteSpec => ({
  scale: { color: how, shape: how, strokeDash: how },
});

/** Lines of a caption as short as this stand in one column of a page or on a phone. */
const narrow = 60;

/** Whether panels have no room for long titles and large marks. */
export const isSmall = ({ paperStyle, lineLength }: Layout): boolean => paperStyle || lineLength < narrow;

/** Panels that stand side by side where there is room for them, else one below the other. */
export const columnsIn = (layout: Layout, wanted: number): number => (isSmall(layout) ? 1 : wanted);

/** At the same height over every panel, whatever its axis labels need. */
export function panelTitle(text: string, layout: Layout): VegaLiteSpec {
  return { text, fontSize: fontSizeOf(layout), fontWeight: 'normal', anchor: 'middle', frame: 'group' };
}

/** In several lines where one would be longer than the axis, and push the panel's title up. */
export function yTitle(text: string, height: number, layout: Layout): string | string[] {
  const lines = wrapped(text, Math.floor(height / (meanAdvance * fontSizeOf(layout))));
  return lines.length === 1 ? text : lines;
}

/** A legend below the panels, with as many labels side by side as fit. */
export function legendBelow(labels: readonly string[], layout: Layout): VegaLiteSpec {
  const size = fontSizeOf(layout);
  const entry = Math.max(0, ...labels.map((label) => textWidth(label, size))) + 3 * size;
  const columns = Math.max(1, Math.min(labels.length, Math.floor((layout.lineLength * 0.6 * 11) / entry)));
  return { title: null, symbolOpacity: 1, orient: 'bottom', columns, offset: 8 };
}

/** The caption as text below the panels. */
function textBlock(lines: readonly string[]): VegaLiteSpec {
  return {
    data: { values: [{}] },
    ...{ width: 10, height: Math.max(1, 14 * lines.length) },
    mark: {
      ...{ type: 'text', text: [...lines], align: 'left', baseline: 'top', lineHeight: 14, fontSize: 11 },
      ...{ color: '#333333' },
    },
    encoding: { x: { value: 0 }, y: { value: 0 } },
    view: { stroke: null },
  };
}
