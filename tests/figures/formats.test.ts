import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { figureOf, writeFigure } from '../../src/figures/index.ts';
import { scratchFolder } from '../results/machine.ts';
import { sampleExperiment, sampleTables } from './sample-figure.ts';
import { bealeSettings, landscapeExperiment, landscapeTables } from './sample-landscape.ts';

const curves = figureOf(
  sampleExperiment(),
  sampleTables([{ optimizer: 'adam', seed: 0, costs: [0.7, 0.4] }]),
)!;
const paths = figureOf(
  landscapeExperiment(['sgd']),
  landscapeTables(bealeSettings, {
    sgd: [
      [1, 1.6],
      [1.5, 1],
      [2, 0.5],
    ],
  }),
)!;

describe.each([
  ['curves', curves],
  ['paths', paths],
])('the PDF of %s', (_kind, figure) => {
  const folder = scratchFolder();
  let pdf = '';
  beforeAll(async () => {
    await writeFigure(figure, folder, { formats: ['pdf'] });
    pdf = readFileSync(join(folder, 'sample-paper.pdf'), 'latin1');
  });

  it('is a page of the size of the figure', () => {
    expect(pdf.startsWith('%PDF-1.4')).toBe(true);
    // 760 pixels of 1/96 inch.
    expect(pdf).toMatch(/\/MediaBox \[0 0 570 /);
  });

  it('has the letters of the shipped font embedded, and no other', () => {
    expect([...pdf.matchAll(/\/FontName \/[A-Z]{6}\+(\S+)/g)].map(([, name]) => name).sort()).toEqual([
      ...['DejaVuSans', 'DejaVuSans-Bold'],
    ]);
    expect(pdf.match(/\/FontFile2/g)).toHaveLength(2);
    expect(pdf).not.toContain('Helvetica');
  });

  it('has no pixels, and the same bytes each time', async () => {
    expect(pdf).not.toContain('/Subtype /Image');
    const other = scratchFolder();
    await writeFigure(figure, other, { formats: ['pdf'] });
    expect(readFileSync(join(other, 'sample-paper.pdf'), 'latin1')).toBe(pdf);
  });

  it('is as narrow as a column in the style of a paper', async () => {
    await writeFigure(figure, folder, { formats: ['pdf'], paperStyle: true });
    // 3.25 inches.
    expect(readFileSync(join(folder, 'sample-paper.pdf'), 'latin1')).toMatch(/\/MediaBox \[0 0 234 /);
  });
});

describe('the GIF of paths', () => {
  it('has a picture for each step that is shown, of which the last one is held, and repeats', async () => {
    const folder = scratchFolder();
    await writeFigure(paths, folder, { formats: ['gif'], width: 300 });
    expect(readdirSync(folder).sort()).toEqual(['sample-paper.gif', 'sample-paper.vl.json']);
    const gif = readFileSync(join(folder, 'sample-paper.gif'));
    expect(gif.toString('latin1', 0, 6)).toBe('GIF89a');
    expect(gif.readUInt16LE(6)).toBe(300);
    expect(delaysOf(gif)).toEqual([12, 12, 400]);
    expect(gif.includes('NETSCAPE2.0')).toBe(true);
  });
});

/** Hundredths of a second of each picture. */
function delaysOf(gif: Buffer): number[] {
  const delays: number[] = [];
  const colors = (flags: number): number => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  const afterBlocks = (at: number): number => (gif[at] === 0 ? at + 1 : afterBlocks(at + 1 + gif[at]!));
  let at = 13 + colors(gif[10]!);
  while (gif[at] !== 0x3b) {
    if (gif[at] === 0x21) {
      if (gif[at + 1] === 0xf9) delays.push(gif.readUInt16LE(at + 4));
      at = afterBlocks(at + 2);
    } else at = afterBlocks(at + 11 + colors(gif[at + 9]!));
  }
  return delays;
}
