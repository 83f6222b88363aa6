export { curvesPath, runsPath } from '../results/index.ts';
export { estimateSeconds } from './estimate-seconds.ts';
export type { RunEvent, RunState, RunStatus } from './events.ts';
export { type ExecuteOptions, executeRuns } from './execute-runs.ts';
export { type Experiment, type PlanOptions, planRuns } from './plan-runs.ts';
