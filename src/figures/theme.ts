import type { Layout, VegaLiteSpec } from './figure.ts';

/** First the font that the package brings along; viewers of the SVG that lack it have one of the others. */
export const fontFamily = 'DejaVu Sans, Verdana, Arial, Helvetica, sans-serif';

/** Of labels and legends, in pixels. */
export const fontSizeOf = ({ paperStyle }: Pick<Layout, 'paperStyle'>): number => (paperStyle ? 8 : 11);

/** Vega-Lite's configuration for all figures. */
export function themeOf({ paperStyle }: Pick<Layout, 'paperStyle'>): VegaLiteSpec {
  const size = fontSizeOf({ paperStyle });
  return {
    font: fontFamily,
    // A label for each of thousands of points helps nobody; the figure has a description.
    mark: { aria: false },
    padding: paperStyle ? 2 : 10,
    title: { fontSize: paperStyle ? 9 : 14, subtitleFontSize: size },
    axis: {
      ...{ labelFontSize: size, titleFontSize: size, titleFontWeight: 'normal', labelFlush: false },
      ...{ gridColor: '#e6e6e6', domainColor: '#666666', tickColor: '#666666', tickSize: 4 },
    },
    legend: {
      ...{ labelFontSize: size, titleFontSize: size, labelLimit: 260, symbolSize: paperStyle ? 24 : 50 },
      ...{ symbolStrokeWidth: 1.5, rowPadding: 3 },
      // One below the other: side by side they would be wider than the panels.
      layout: { bottom: { direction: 'vertical', anchor: 'start' } },
    },
    view: { stroke: '#999999' },
  };
}
