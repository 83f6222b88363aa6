/** A figure before it is drawn, as Vega-Lite and as the numbers that it shows. */

export type FigureKind = 'curves' | 'contours' | 'alpha-panels' | 'heatmap';

export type VegaLiteSpec = Readonly<Record<string, unknown>>;

/** Columns in the order of the first row's keys. */
export type Table = readonly Readonly<Record<string, string | number>>[];

export interface Figure {
  readonly kind: FigureKind;
  /** Of its files: experiment and profile. */
  readonly name: string;
  readonly title: string;
  /** Sentences: profile, seeds, engine, what is cut, what the paper leaves open. */
  readonly caption: readonly string[];
  /** Sentences on the distance to the paper; none where the paper has no curves. */
  readonly footnote: readonly string[];
  /** Vega-Lite with its data in it. */
  readonly spec: (layout: Layout) => VegaLiteSpec;
  /** The numbers behind the picture. */
  readonly data: Table;
  /** The figure step by step; none where nothing moves. */
  readonly animation?: Animation;
  /** Our curves and the paper's at the compared points; empty where the paper has none. */
  readonly distance: Table;
}

export interface Animation {
  /** The steps that are shown, ascending. */
  readonly steps: readonly number[];
  /** The figure as it stands after a step. */
  readonly frame: (step: number) => Figure['spec'];
}

export interface Layout {
  /** Width of one panel without its axis, in pixels. */
  readonly panelWidth: number;
  /** Small, without title and caption, for the column of a paper. */
  readonly paperStyle: boolean;
  /** Characters of a line of the caption. */
  readonly lineLength: number;
  /** Without title and caption; default: as `paperStyle`. */
  readonly bare?: boolean;
}

/** Sentences as lines of at most so many characters. */
export function wrapped(text: string, length: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > length) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}
