import { type Figure, renderSvg } from '../figures/index.ts';
import { stillSpec } from './page-figure.ts';

/** The picture of a figure for readers without scripts and for paper. */
export async function stillPicture(figure: Figure): Promise<string> {
  return compactSvg(await renderSvg(stillSpec(figure)));
}

/** The same picture without what only live ones need: an image has no parts that could be named or pointed at. */
export function compactSvg(svg: string): string {
  const [family = 'sans-serif'] = /(?<= font-family=")[^"]*/.exec(svg) ?? [];
  return svg
    .replace(/<[^>]*>/g, (tag) => compactTag(tag).replace(` font-family="${family}"`, ''))
    .replace('<svg ', `<svg font-family="${family}" `)
    .trim();
}

function compactTag(tag: string): string {
  if (/^<path class="foreground"|^<path class="background"[^>]* d="M0,0h0v0h0Z"/.test(tag)) return '';
  return tag
    .replace(/ (?:class|role|aria-[a-z]+|pointer-events|stroke-miterlimit)="[^"]*"| opacity="1"/g, '')
    .replace(/(?<= d=")(?:[ML]-?\d[\d.e-]*,-?\d[\d.e-]*){20,}(?=")/g, shortPath);
}

/** Of a pixel: points as close as this are one. */
const closest = 0.7;

/** A path of lines in tenths of a pixel, each point told from the one before. */
function shortPath(path: string): string {
  return path
    .split('M')
    .slice(1)
    .map((part) => {
      const points = part.split('L').map((point) => point.split(',').map(Number) as [number, number]);
      const kept: [number, number][] = [];
      points.forEach(([x, y], i) => {
        const last = kept.at(-1);
        const isFar = last === undefined || Math.hypot(x - last[0], y - last[1]) >= closest;
        if (isFar || i === points.length - 1) kept.push([x, y]);
      });
      const tenths = kept.map(([x, y]) => [Math.round(10 * x), Math.round(10 * y)] as const);
      const [start, ...rest] = tenths.map(([x, y], i) => {
        const [fromX, fromY] = tenths[i - 1] ?? [0, 0];
        return `${(x - fromX) / 10},${(y - fromY) / 10}`;
      });
      return rest.length === 0 ? `M${start}` : `M${start}l${rest.join(' ')}`;
    })
    .join('');
}

/** For the source of an image. */
export function dataUri(svg: string): string {
  const text = svg.replace(/[%#<>"\n]/g, (c) => `%${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return `data:image/svg+xml;charset=utf-8,${text}`;
}
