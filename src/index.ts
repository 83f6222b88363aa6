/** What users import as 'adam-repro': see docs/api.md. */

// Models: graph-building functions, and the layers that the shipped models are made of.
export * as graph from './graph/ops/index.ts';
// What update rules compute with. (Functions on graph nodes have the same names: they are exported under `graph`.)
export {
  abs,
  add,
  divide,
  divideOrZero,
  type Expr,
  greater,
  maximum,
  minimum,
  multiply,
  negate,
  type Operand,
  select,
  sign,
  sqrt,
  square,
  subtract,
} from './graph/rule.ts';
export { activations, classify, dense, flatten } from './models/layers.ts';
export type { Model, ModelContext, ModelInput, ModelOutput } from './models/model.ts';
// Optimizers.
export {
  choice,
  defineOptimizer,
  flag,
  loadOptimizerFile,
  normalizedDecayRate,
  number,
  type Optimizer,
  type OptimizerDefinition,
  optimizers,
  resolveHyper,
  scheduleMultiplier,
  type TrajectoryOptions,
  trajectory,
} from './optimizers/index.ts';
export type { ScheduleSettings, WeightDecaySettings } from './spec/run.ts';
