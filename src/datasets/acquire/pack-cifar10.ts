import { UserError } from '../../errors.ts';
import type { PackInput } from '../data-files.ts';
import { pngRows } from './png-rows.ts';

/** One split: PNG files whose rows of pixels are one image each, and a JSON file with one label per image. */
export interface PngSplit {
  readonly images: readonly string[];
  readonly labels: string;
  /** The results are named `<as>-images.u8` and `<as>-labels.u8`. */
  readonly as: string;
}

/**
 * Packs the splits: the pixels of the PNG files one after the other, alpha left out, and the labels as bytes. In memory
 * are one PNG file and a few of its rows at a time. Throws `UserError` where a file is not what it should be.
 */
export async function packImages(
  { read, write, begins }: PackInput,
  splits: readonly PngSplit[],
): Promise<void> {
  const files = splits.reduce((sum, { images }) => sum + images.length, 0);
  let done = 0;
  for (const { images, labels: labelFile, as } of splits) {
    const labels = parseLabels((await read(labelFile)).toString(), labelFile);
    for (const file of images) {
      begins(`unpacking ${file} (${++done} of ${files})`);
      for await (const rows of pngRows(await read(file), file)) await write(`${as}-images.u8`, rows);
    }
    await write(`${as}-labels.u8`, labels);
  }
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
