import type { Animation, Layout } from './figure.ts';
import { renderGif } from './gif.ts';
import { type Pixels, renderPixels, renderSvg } from './render.ts';

/** The pictures of an animation as one GIF, a pixel for each of the SVG's or more. */
export async function renderAnimation(
  { steps, frame }: Animation,
  layout: Layout,
  { zoom = 1 } = {},
): Promise<Buffer> {
  const picture = async (step: number): Promise<Pixels> =>
    renderPixels(await renderSvg(frame(step)(layout)), { zoom });
  async function* pictures() {
    for (const step of steps.slice(0, -1)) yield await picture(step);
  }
  return renderGif(pictures(), await picture(steps.at(-1)!));
}
