import type { Figure } from '../figures/index.ts';
import { compressed } from './downloads.ts';
import { Html, html, idOf } from './html.ts';
import { type PageFigure, pageFigure } from './page-figure.ts';
import { legendMark, onDark } from './parts.ts';
import { dataUri, stillPicture } from './still-picture.ts';

/** A figure with everything that takes time already done. */
export interface PreparedFigure {
  readonly figure: Figure;
  readonly page: PageFigure;
  /** The still picture, as SVG. */
  readonly svg: string;
}

export async function prepareFigure(figure: Figure): Promise<PreparedFigure> {
  return { figure, page: pageFigure(figure), svg: await stillPicture(figure) };
}

/** A still picture that scripts replace by a live one, with the controls of the live one. */
export function figureElement({ figure, page, svg }: PreparedFigure): Html {
  const { name, title, caption, footnote } = figure;
  const thinned =
    page.thinnedTo === undefined
      ? []
      : [`Drawn on this page with at most ${page.thinnedTo} points of each curve; the CSV files have all.`];
  const text = [...caption, ...footnote, ...thinned].join(' ');
  const id = idOf('figure', name);
  const data = {
    spec: page.spec,
    keepsShape: page.kind === 'contours' || page.kind === 'heatmap',
    dark: darkColors(page.spec),
    description: `${title}. ${text}`,
  };
  return html`<figure class="drawing" id="${id}" aria-labelledby="${id}-caption">
${controls(id, page)}
<div class="picture"><img class="still" alt="${title}. ${text}" src="${dataUri(svg)}">
<div class="live" role="group" aria-label="Figure: ${title}" hidden></div></div>
<figcaption id="${id}-caption">${text}</figcaption>
<script type="text/plain" class="spec">${new Html(compressed(JSON.stringify(data)))}</script>
</figure>`;
}

/** With more curves than this the legend scrolls in a box. */
const many = 24;

/** Shown by the script that they need. */
function controls(id: string, { curves, hasPaper, scales }: PageFigure): Html {
  const boxes = curves.map(
    ({ label, color, shape }) =>
      html`<label><input type="checkbox" checked value="${label}" data-role="curve">${legendMark({ color, shape })} ${label}</label>`,
  );
  const paper = hasPaper
    ? html`<label><input type="checkbox" checked data-role="paper"><span class="dashes" aria-hidden="true"></span> the paper's own curves</label>`
    : '';
  const several =
    curves.length > 4
      ? html`<button type="button" data-role="all">all</button><button type="button" data-role="none">none</button>`
      : '';
  const choices = [
    ['drawn', new Set(scales).size > 1 ? 'as drawn' : `${scales[0]}, as drawn`],
    ...(['linear', 'log'] as const)
      .filter((scale) => scales.some((other) => other !== scale))
      .map((scale) => [scale, scale === 'log' ? 'logarithmic' : 'linear']),
  ] as const;
  const scale =
    scales.length === 0
      ? ''
      : html`<fieldset class="scale"><legend>y axis</legend>${choices.map(
          ([value, text], i) =>
            html`<label><input type="radio" name="${id}-scale" value="${value}" data-role="scale"${i === 0 ? html` checked` : ''}> ${text}</label>`,
        )}</fieldset>`;
  return curves.length === 0 && scales.length === 0
    ? html``
    : html`<div class="controls" hidden>${curves.length === 0 ? '' : html`<fieldset class="${curves.length > many ? 'curves many' : 'curves'}"><legend>Curves</legend>${boxes}${paper}${several}</fieldset>`}${scale}</div>`;
}

/** What the spec's colours are on a dark page. */
function darkColors(spec: unknown): Record<string, string> {
  const found = new Set(JSON.stringify(spec).match(/"#[0-9a-fA-F]{6}"/g) ?? []);
  return Object.fromEntries(
    [...found].map((quoted) => quoted.slice(1, -1)).map((color) => [color, onDark(color)]),
  );
}
