import { fontFiles } from './render.ts';

/** A pixel of a browser is 1/96 inch, a point of a page 1/72. */
const pointsPerPixel = 72 / 96;

/** A page as large as the picture, in vectors and with the letters that it needs embedded; the same bytes each time. */
export async function renderPdf(svg: string, title: string): Promise<Buffer> {
  const [{ default: Document }, { default: drawSvg }] = await Promise.all([
    import('pdfkit'),
    import('svg-to-pdfkit'),
  ]);
  const [width, height] = sizeOf(svg).map((pixels) => pixels * pointsPerPixel) as [number, number];
  const document = new Document({
    ...{ size: [width, height], margin: 0, font: fontFiles[0]!, pdfVersion: '1.4' },
    // pdfkit needs a date; that of drawing would make each file another one.
    info: { Title: title, CreationDate: new Date(0) },
  });
  const chunks: Buffer[] = [];
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<void>((resolve, reject) => {
    document.on('end', resolve);
    document.on('error', reject);
  });
  fontFiles.forEach((file, bold) => {
    document.registerFont(fontName(bold === 1), file);
  });
  // Vega's way to say solid; pdfkit takes no gap of length 0.
  const solid = svg.replaceAll(' stroke-dasharray="1,0"', '');
  drawSvg(document, solid, 0, 0, {
    fontCallback: (_family, bold) => fontName(bold),
    warningCallback: () => {},
  });
  document.end();
  await ended;
  return Buffer.concat(chunks);
}

const fontName = (bold: boolean): string => (bold ? 'bold' : 'regular');

function sizeOf(svg: string): number[] {
  const [, width, height] = /<svg[^>]*? width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? [];
  return [Number(width), Number(height)];
}
