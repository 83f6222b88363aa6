export {
  defineOptimizer,
  isOptimizer,
  type Optimizer,
  type OptimizerDefinition,
  type RuleHyper,
} from './define.ts';
export {
  allowedValues,
  type ChoiceHyper,
  choice,
  type FlagHyper,
  flag,
  type HyperDescriptor,
  type HyperIssue,
  type HyperValues,
  hyperIssues,
  type NumberHyper,
  number,
  resolveHyper,
} from './hyper-parameters.ts';
export { loadOptimizerFile } from './load.ts';
export { type SchedulePosition, scheduleMultiplier } from './schedules.ts';
export { type OptimizerName, optimizerByName, optimizers } from './shipped.ts';
export { scalarValues, traceRule } from './trace.ts';
export { type TrajectoryOptions, trajectory } from './trajectory.ts';
export { normalizedDecayRate } from './weight-decay.ts';
