/** Where our curves are compared with the papers' in tables and footnotes. */
export interface ComparedPoints {
  /** On the paper's axis: k stands for our epoch k + 1. */
  readonly x: readonly number[];
  /** Each is the mean over the points up to so far to both sides, for curves that are noisy. */
  readonly radius: number;
}

const everywhere: ComparedPoints = { x: [0, 1, 2, 3, 5, 10, 15, 20, 30, 40, 45], radius: 0 };

const byFigure: Readonly<Record<string, ComparedPoints>> = {
  '1-left': everywhere,
  '1-right': { x: [1, 5, 10, 20, 40, 60, 80, 100, 140, 170], radius: 3 },
  '2a': { x: [5, 10, 20, 30, 50, 75, 100, 125, 150, 175, 195], radius: 3 },
  '2b-epoch': { x: [0, 1, 2, 4, 5, 7, 8, 10, 12, 15, 17, 20, 25], radius: 0 },
  '3-right': { x: [0, 1, 2, 3, 5, 8, 10, 12, 15, 20, 25, 30, 45], radius: 0 },
};

/** `figure` as a `PaperCurve` has it. */
export function comparedPoints(figure: string): ComparedPoints {
  return byFigure[figure] ?? everywhere;
}
