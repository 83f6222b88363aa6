import type { Engine, EngineName } from '../engines/engine.ts';
import { UsageError } from '../errors.ts';
import { compileRule } from '../graph/evaluate-rule.ts';
import type { TracedRule } from '../graph/rule.ts';
import type { ScheduleSettings, WeightDecaySettings } from '../spec/run.ts';
import type { Optimizer } from './define.ts';
import { resolveHyper } from './hyper-parameters.ts';
import { ruleExecutable } from './rule-program.ts';
import { decayAt, scheduleMultiplier } from './schedules.ts';
import { optimizerByName } from './shipped.ts';
import { scalarValues, traceRule } from './trace.ts';
import { checkTrajectoryOptions } from './trajectory-options.ts';

/** What a rule is to be run on, and how. */
export interface TrajectoryOptions {
  /** Parameters before the first step. */
  readonly start: ArrayLike<number>;
  /** One gradient per step, or a function of the parameters before the step and the step's number (from 1). */
  readonly gradients:
    | readonly ArrayLike<number>[]
    | ((parameters: Float64Array, step: number) => ArrayLike<number>);
  /** How many steps: needed with a function, otherwise as many as there are gradients. */
  readonly steps?: number;
  /** float64 loops by default; an engine's name or an engine computes in its own precision. */
  readonly engine?: EngineName | Engine;
  readonly schedule?: ScheduleSettings;
  readonly warmupSteps?: number;
  /** What an epoch is to the schedule; 1 by default. */
  readonly stepsPerEpoch?: number;
  readonly weightDecay?: WeightDecaySettings | null;
}

/** Makes steps; `parameters` holds the values after the last one. */
export interface Stepper {
  readonly parameters: Float64Array;
  step(gradient: ArrayLike<number>, scalars: Float64Array): void;
  dispose(): void;
}

/**
 * The parameters after each step of an optimizer, to check a rule against any other implementation.
 *
 * @param rule an optimizer, or the name of a shipped one.
 * @param hyper its hyper-parameters; the others have their defaults.
 * @returns one array of parameters per step.
 * @throws UsageError for an unknown rule, wrong hyper-parameters or options, or gradients that do not fit.
 */
export async function trajectory(
  rule: Optimizer | string,
  hyper: Readonly<Record<string, unknown>>,
  options: TrajectoryOptions,
): Promise<Float64Array[]> {
  checkTrajectoryOptions(options);
  const { gradients, engine = 'reference', schedule = { type: 'constant' }, weightDecay = null } = options;
  const { warmupSteps = 0, stepsPerEpoch = 1 } = options;
  const optimizer = typeof rule === 'string' ? optimizerByName(rule) : rule;
  const values = resolveHyper(optimizer, hyper);
  const traced = traceRule(optimizer, values, weightDecay);
  const steps = options.steps ?? (typeof gradients === 'function' ? undefined : gradients.length);
  if (steps === undefined)
    throw new UsageError('trajectory needs steps where gradients is a function: add steps.');

  const stepper =
    engine === 'reference'
      ? referenceStepper(traced, options.start)
      : await ruleExecutable(traced, options.start, engine);
  const scalars = new Float64Array(traced.scalars.length);
  const path: Float64Array[] = [];
  try {
    for (let step = 1; step <= steps; step++) {
      const gradient =
        typeof gradients === 'function' ? gradients(stepper.parameters.slice(), step) : gradients[step - 1];
      if (gradient?.length !== stepper.parameters.length) {
        throw new UsageError(
          `trajectory: the gradient of step ${step} has ${gradient?.length ?? 0} values, ` +
            `but there are ${stepper.parameters.length} parameters.`,
        );
      }
      const position = { step, stepsPerEpoch };
      const multiplier = scheduleMultiplier(schedule, warmupSteps, position);
      const decay = decayAt(weightDecay, schedule, position);
      stepper.step(gradient, scalarValues(optimizer, values, decay, step, multiplier, scalars));
      path.push(stepper.parameters.slice());
    }
  } finally {
    stepper.dispose();
  }
  return path;
}

/** Makes a rule's steps in float64; `state` holds its slots by name. Both may be overwritten to go on from elsewhere. */
export function referenceStepper(
  rule: TracedRule,
  start: ArrayLike<number>,
): Stepper & { readonly state: Readonly<Record<string, Float64Array>> } {
  const update = compileRule(rule);
  const parameters = Float64Array.from(start);
  const state = Object.fromEntries(
    Object.entries(rule.state).map(([slot, value]) => [slot, new Float64Array(start.length).fill(value)]),
  );
  return {
    parameters,
    state,
    step: (gradient, scalars) =>
      update({ parameter: parameters, gradient: Float64Array.from(gradient), state }, scalars),
    dispose: () => {},
  };
}
