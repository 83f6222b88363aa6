export { curvesPath, runsPath } from '../results/index.ts';
export { estimateSteps, type StepEstimate } from './estimate-steps.ts';
export type { RunEvent, RunState, RunStatus } from './events.ts';
export { type ExecuteOptions, executeRuns } from './execute-runs.ts';
export { type Experiment, type PlanOptions, planRuns } from './plan-runs.ts';
