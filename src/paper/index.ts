export {
  type CurvePoint,
  type Figure4Point,
  type FigureName,
  figure4Curve,
  figure4Points,
  gridAxes,
  isOverGrid,
  isSameAlpha,
  type PaperCurve,
  paperCurve,
  paperCurves,
} from './curves.ts';
export {
  type CostByEpoch,
  type CurveDistance,
  type DistanceOptions,
  distanceOf,
  type LogRatio,
  logRatios,
  logRatiosOfTable,
  pointsWithin,
} from './distance.ts';
export { type ComparedPoints, comparedPoints } from './tables.ts';
