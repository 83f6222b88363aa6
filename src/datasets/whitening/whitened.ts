import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AcquireOptions } from '../acquire/acquire.ts';
import { Pace } from '../acquire/pace.ts';
import { withStaging } from '../acquire/staging.ts';
import type { DataSource, FileCheck, FileState } from '../data-files.ts';
import { checkRows, checksumsName, type RowFile, readRows, verifyRows, writeRows } from './row-file.ts';
import { fitZca, type Images, type Progress, ROWS, type ZcaSettings } from './zca.ts';

/**
 * Whitened images are computed once for each setting, for all images, and kept beside the data set's files, one file
 * for each split. Their names carry a hash of all that they are computed from.
 */
export interface WhitenedSource {
  readonly source: DataSource;
  readonly settings: ZcaSettings;
  /** Of all images there are. */
  readonly trainImages: number;
  readonly testImages: number;
  readonly numbers: number;
}

/** To be raised when other numbers come out of the same settings. */
const VERSION = 1;

function rowFiles({ source, settings, trainImages, testImages, numbers }: WhitenedSource) {
  const { epsilon, contrast } = settings;
  const images = source.files.map(({ sha256 }) => sha256);
  const identity = JSON.stringify({ version: VERSION, epsilon, contrast, images });
  const key = createHash('sha256').update(identity).digest('hex').slice(0, 12);
  const file = (split: string, rows: number): RowFile => ({
    name: `zca-${key}-${split}.f32`,
    rows,
    width: numbers,
    blockRows: ROWS,
  });
  return { train: file('train', trainImages), test: file('test', testImages) };
}

/**
 * Reads and verifies the first whitened images into the two arrays, float32 [n, numbers] each; the result names the
 * files that are missing or damaged.
 */
export async function readWhitened(
  folder: string,
  whitened: WhitenedSource,
  train: Float32Array,
  test: Float32Array,
): Promise<FileCheck[]> {
  const target = join(folder, whitened.source.name);
  const files = rowFiles(whitened);
  const checks: FileCheck[] = [];
  for (const [file, into] of [
    [files.train, train],
    [files.test, test],
  ] as const) {
    checks.push({ name: file.name, bytes: null, state: await readRows(target, file, into) });
  }
  return checks.filter(({ state }) => state !== 'ok');
}

/**
 * Computes and stores the whitened images unless they are there. Their sizes and the list of their checksums tell;
 * every byte only with `thorough`, for a reader that found them damaged.
 */
export async function acquireWhitened(
  options: AcquireOptions,
  whitened: WhitenedSource,
  images: () => Promise<{ readonly train: Images; readonly test: Images }>,
): Promise<void> {
  const { folder, thorough = false } = options;
  const { source } = whitened;
  const target = join(folder, source.name);
  const files = rowFiles(whitened);
  const states: FileState[] = [];
  for (const file of [files.train, files.test]) {
    const state = await (thorough ? verifyRows : checkRows)(target, file);
    states.push(state);
    // Whatever ends the computing: the next start sees at once that there is something to be done.
    if (state === 'damaged') await rm(join(target, checksumsName(file)), { force: true }).catch(() => {});
  }
  if (states.every((state) => state === 'ok')) return;

  const title = `whitening ${source.title} (once; kept in the data folder)`;
  const pace = new Pace(options);
  pace.begins(title);
  const progress: Progress = (what, done) =>
    pace.goesOn(() => `${title}: ${what}, ${Math.floor(100 * done)} %`);
  const { train, test } = await images();
  const whitener = await fitZca(train, whitened.settings, progress);
  await withStaging(folder, source, async (staging) => {
    await mkdir(target, { recursive: true });
    for (const [file, split] of [
      [files.train, train],
      [files.test, test],
    ] as const) {
      await writeRows(target, file, staging, async (first, rows) => {
        await progress(`${file.name}`, first / file.rows);
        return whitener.whiten(split, first, rows);
      });
    }
  });
}
