export type { Candidate, Measurement, Values } from './candidate.ts';
export { type Criterion, criterionValue } from './criteria.ts';
export { checkCriterion, experimentCriterion } from './experiment-criterion.ts';
export {
  planRecover,
  planTune,
  type RecoverSetting,
  type TuneSetting,
  type TypedAxis,
} from './plan.ts';
export {
  FEWEST_POINTS,
  type Recovered,
  type RecoveredTarget,
  recover,
  recoverCandidates,
  rungSizes,
} from './recover.ts';
export type { SearchContext } from './search.ts';
export { candidateMaker, searchName } from './session.ts';
export { type Axis, combinations, type Edge, type Settings } from './space.ts';
export {
  addToTable,
  optimizerNames,
  readTable,
  type SearchKind,
  type TablePlace,
  tablePath,
} from './table.ts';
export type { RecoverPlan } from './targets.ts';
export { type TunedOptimizer, type TunePlan, tune, tuneCandidates, withoutResult } from './tune.ts';
export { entryLines, indented, inline, nestedLines } from './yaml-lines.ts';
