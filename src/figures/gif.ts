import { createRequire } from 'node:module';
import type { Pixels } from './render.ts';

const require = createRequire(import.meta.url);

/** Of an ordinary picture, and of the last one before all starts again, in milliseconds. */
const delay = 120;
const lastDelay = 4000;
/** One index of the 256 stands for what does not change. */
const colors = 255;

/**
 * An animated GIF that repeats forever. The colours are chosen for the last picture, which has all that the others have;
 * of each picture only what changes is stored.
 *
 * @param pictures of one size, in turn: they need not all be in memory at once.
 */
export async function renderGif(pictures: AsyncIterable<Pixels>, last: Pixels): Promise<Buffer> {
  // A CommonJS module whose default import is another thing under other loaders.
  const { GIFEncoder, quantize, applyPalette }: typeof import('gifenc') = require('gifenc');
  const palette = [...quantize(last.pixels, colors)];
  const unchanged = palette.length;
  palette.push([0, 0, 0]);
  const encoder = GIFEncoder();
  let before: Uint8Array | undefined;
  const write = ({ pixels, width, height }: Pixels, milliseconds: number): void => {
    const index = applyPalette(pixels, palette.slice(0, unchanged));
    const changes = before === undefined ? index : index.map((c, i) => (c === before![i] ? unchanged : c));
    encoder.writeFrame(changes, width, height, {
      ...(before === undefined ? { palette, repeat: 0 } : { transparent: true, transparentIndex: unchanged }),
      ...{ delay: milliseconds, dispose: 1 },
    });
    before = index;
  };
  for await (const picture of pictures) write(picture, delay);
  write(last, lastDelay);
  encoder.finish();
  return Buffer.from(encoder.bytes());
}
