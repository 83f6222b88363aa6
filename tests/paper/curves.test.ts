import { describe, expect, it } from 'vitest';
import { figure4Curve, figure4Points, paperCurve, paperCurves } from '../../src/paper/index.ts';

describe('the curves of the Adam paper', () => {
  it.each([
    ['1-left', 3],
    ['1-right', 4],
    ['2a', 5],
    ['2b', 2],
    ['3', 6],
  ])('figure %s has %i curves with ascending x and positive values', (figure, count) => {
    const curves = paperCurves({ key: 'adam', figure });
    expect(curves).toHaveLength(count);
    for (const { points } of curves) {
      expect(points.every(({ x }, i) => i === 0 || x > points[i - 1]!.x)).toBe(true);
      expect(points.every(({ y }) => y > 0)).toBe(true);
    }
  });

  it('has the values that stand in the figure', () => {
    const points = paperCurve({ key: 'adam', figure: '3' }, 'Adam')!.points;
    expect(points.find(({ x }) => x === 45)!.y).toBeCloseTo(4.0e-4, 5);
    expect(paperCurve({ key: 'adam', figure: '1-left' }, 'AdaGrad')!.points[0]!.x).toBe(6);
  });

  it('has none for other figures, names and papers', () => {
    expect(paperCurves({ key: 'adamw', figure: '1-left' })).toEqual([]);
    expect(paperCurves({ key: 'adam', figure: '7' })).toEqual([]);
    expect(paperCurve({ key: 'adam', figure: '2a' }, 'Adam')).toBeUndefined();
  });

  it('has the markers of figure 4, with and without bias correction', () => {
    const points = figure4Points();
    const best = points.find(
      (p) =>
        p.epochs === 100 && p.beta1 === 0.9 && p.beta2 === 0.999 && p.log10Alpha === -3 && !p.biasCorrection,
    );
    expect(best).toMatchObject({ loss: 98.7, atEdge: false });
    expect(points.some(({ atEdge }) => atEdge)).toBe(true);
  });

  it('has for one point of the grid of figure 4 its losses after 10 and 100 epochs, as costs of those epochs', () => {
    const at = { beta1: 0.9, beta2: 0.999, biasCorrection: false, lr: 0.001 };
    expect(figure4Curve(at)!.points).toEqual([
      { x: 9, y: 107.4 },
      { x: 99, y: 98.7 },
    ]);
    expect(figure4Curve({ ...at, biasCorrection: true })!.points[0]!.y).toBe(107);
    expect(figure4Curve({ ...at, lr: 0.002 })).toBeUndefined();
    expect(figure4Curve({ ...at, beta2: 0.5 })).toBeUndefined();
  });

  it('leaves out where a line of figure 4 leaves the drawing', () => {
    const edge = figure4Points().find(({ atEdge, epochs }) => atEdge && epochs === 10)!;
    const { beta1, beta2, biasCorrection, log10Alpha } = edge;
    const curve = figure4Curve({ beta1, beta2, biasCorrection, lr: 10 ** log10Alpha });
    expect(curve?.points.some(({ y }) => y === edge.loss) ?? false).toBe(false);
  });
});
