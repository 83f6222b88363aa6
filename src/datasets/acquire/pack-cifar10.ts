import { PNG } from 'pngjs';
import { UserError } from '../../errors.ts';
import type { PackInput } from '../data-files.ts';

/** One split: PNG files whose rows of pixels are one image each, and a JSON file with one label per image. */
export interface PngSplit {
  readonly images: readonly string[];
  readonly labels: string;
  /** The results are named `<as>-images.u8` and `<as>-labels.u8`. */
  readonly as: string;
}

const CHANNELS = 3;

/**
 * Packs the splits: the pixels of the PNG files one after the other, alpha left out, and the labels as bytes. Only
 * one PNG file is in memory at a time. Throws `UserError` where a file is not what it should be.
 */
export async function packImages(
  { read, progress }: PackInput,
  splits: readonly PngSplit[],
): Promise<Map<string, Uint8Array>> {
  const packed = new Map<string, Uint8Array>();
  const files = splits.reduce((sum, { images }) => sum + images.length, 0);
  let done = 0;
  for (const { images, labels: labelFile, as } of splits) {
    const labels = parseLabels((await read(labelFile)).toString(), labelFile);
    const parts: Uint8Array[] = [];
    for (const file of images) {
      progress(`unpacking ${file} (${++done} of ${files})`);
      parts.push(decodePixels(await read(file), file));
      // Decoding blocks: here a stop is noticed.
      await new Promise((resolve) => setImmediate(resolve));
    }
    packed.set(`${as}-images.u8`, Buffer.concat(parts));
    packed.set(`${as}-labels.u8`, labels);
  }
  return packed;
}

/** Red, green and blue of every pixel, row after row. */
export function decodePixels(data: Buffer, file: string): Uint8Array {
  let image: PNG;
  try {
    image = PNG.sync.read(data);
  } catch (error) {
    throw new UserError(`${file} is no usable PNG file (${(error as Error).message})`, { cause: error });
  }
  // Always with alpha, whatever the file has.
  const rgba = image.data;
  const pixels = image.width * image.height;
  const rgb = new Uint8Array(pixels * CHANNELS);
  for (let pixel = 0; pixel < pixels; pixel++) {
    rgb[pixel * CHANNELS] = rgba[pixel * 4]!;
    rgb[pixel * CHANNELS + 1] = rgba[pixel * 4 + 1]!;
    rgb[pixel * CHANNELS + 2] = rgba[pixel * 4 + 2]!;
  }
  return rgb;
}

/** A JSON list of class numbers. */
export function parseLabels(text: string, file: string): Uint8Array {
  const wrong = (what: string) => new UserError(`${file} is no list of labels (${what})`);
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (error) {
    throw wrong((error as Error).message);
  }
  if (!Array.isArray(list)) throw wrong('it is no list');
  const odd = list.findIndex((label) => !Number.isInteger(label) || label < 0 || label > 255);
  if (odd >= 0) throw wrong(`entry ${odd} is ${JSON.stringify(list[odd])}`);
  return Uint8Array.from(list as number[]);
}
