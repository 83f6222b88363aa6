/**
 * Widths of the letters of DejaVu Sans from space to tilde, in thousandths of its size, read from the shipped font's
 * table `hmtx`: Vega measures with a canvas, which there is none of here.
 */
const widths = [
  ...[318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337],
  ...[636, 636, 636, 636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531],
  ...[1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748, 787],
  ...[603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500],
  ...[500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612],
  ...[635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838],
];

/** Letters that are not in the table are taken for wide ones. */
const otherWidth = 838;
/** Bold letters are wider by a tenth. */
const boldness = 1.1;

/** Width of a text in pixels for a font size in pixels. */
export function textWidth(text: string, fontSize: number, bold = false): number {
  let thousandths = 0;
  for (const letter of text) thousandths += widths[letter.codePointAt(0)! - 32] ?? otherWidth;
  return (thousandths / 1000) * fontSize * (bold ? boldness : 1);
}

/** Of a letter of running text, in parts of the font size. */
export const meanAdvance = 0.6;
