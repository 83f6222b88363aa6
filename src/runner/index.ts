export { curvesPath, runsPath } from '../results/index.ts';
export { estimateApart } from './estimate-apart.ts';
export type { RunEvent, RunState, RunStatus } from './events.ts';
export { type ExecuteOptions, executeExperiments, executeRuns } from './execute-runs.ts';
export { longestFirst, shares } from './order.ts';
export { type Experiment, type PlanOptions, planFromShorter, planRuns, stepsOf } from './plan-runs.ts';
export { type CostedRun, costsOf, type RunCost } from './run-cost.ts';
export { evaluations, StepTimes, secondsOf, stepKey } from './step-times.ts';
