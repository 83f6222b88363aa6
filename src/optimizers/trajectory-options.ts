import { engineNames } from '../engines/engine.ts';
import { UsageError } from '../errors.ts';
import type { TrajectoryOptions } from './trajectory.ts';

/** Plain JavaScript can pass anything: what `trajectory` computes from is checked once. */
export function checkTrajectoryOptions(options: TrajectoryOptions): void {
  const { start, gradients, steps, engine, warmupSteps = 0, stepsPerEpoch = 1 } = options ?? {};
  if (!isNumbers(start)) refuse('start', start, 'an array of numbers, the parameters before the first step');
  if (typeof gradients !== 'function' && !Array.isArray(gradients)) {
    refuse('gradients', gradients, 'an array with one gradient per step, or a function');
  }
  if (steps !== undefined && !isWhole(steps, 0)) refuse('steps', steps, 'a whole number >= 0');
  if (
    typeof engine === 'string'
      ? !engineNames.includes(engine)
      : engine && typeof engine.compile !== 'function'
  ) {
    refuse('engine', engine, `one of ${engineNames.join(', ')}, or an engine`);
  }
  if (!isWhole(warmupSteps, 0)) refuse('warmupSteps', warmupSteps, 'a whole number >= 0');
  if (!(isNumber(stepsPerEpoch) && stepsPerEpoch > 0)) refuse('stepsPerEpoch', stepsPerEpoch, 'a number > 0');
  checkSchedule(options.schedule ?? { type: 'constant' });
  checkWeightDecay(options.weightDecay ?? { mode: 'l2', rate: 0 });
}

function checkWeightDecay({ mode, rate, normalized }: NonNullable<TrajectoryOptions['weightDecay']>): void {
  const modes = ['l2', 'decoupled', 'decoupled-lr'];
  if (!modes.includes(mode)) refuse('weightDecay.mode', mode, `one of ${modes.join(', ')}`);
  if (!(isNumber(rate) && rate >= 0)) refuse('weightDecay.rate', rate, 'a number >= 0');
  if (normalized !== undefined && !(isNumber(normalized) && normalized >= 0))
    refuse('weightDecay.normalized', normalized, 'a number >= 0');
}

function checkSchedule(schedule: NonNullable<TrajectoryOptions['schedule']>): void {
  switch (schedule.type) {
    case 'constant':
      return;
    case 'inverse-sqrt':
      if (!['step', 'epoch'].includes(schedule.per)) refuse('schedule.per', schedule.per, 'step or epoch');
      return;
    case 'step-drop':
      if (!isNumbers(schedule.epochs))
        refuse('schedule.epochs', schedule.epochs, 'a list of ascending epochs');
      if (!(isNumber(schedule.factor) && schedule.factor > 0))
        refuse('schedule.factor', schedule.factor, 'a number > 0');
      return;
    case 'cosine':
      if (!(isNumber(schedule.epochs) && schedule.epochs > 0))
        refuse('schedule.epochs', schedule.epochs, 'a number > 0, the length of the period');
      return;
    case 'cosine-restarts':
      if (!(isNumber(schedule.firstPeriod) && schedule.firstPeriod > 0))
        refuse('schedule.firstPeriod', schedule.firstPeriod, 'a number > 0');
      if (!(isNumber(schedule.periodFactor) && schedule.periodFactor >= 1))
        refuse('schedule.periodFactor', schedule.periodFactor, 'a number >= 1');
      return;
    default:
      refuse(
        'schedule.type',
        (schedule as { type?: unknown }).type,
        'one of constant, inverse-sqrt, step-drop, cosine, cosine-restarts',
      );
  }
}

function refuse(what: string, found: unknown, expected: string): never {
  const text =
    typeof found === 'string'
      ? `"${found}"`
      : typeof found === 'object'
        ? JSON.stringify(found)
        : String(found);
  throw new UsageError(`trajectory: ${what} is ${text}, but it must be ${expected}.`);
}

const isNumber = (x: unknown): x is number => typeof x === 'number' && Number.isFinite(x);
const isWhole = (x: unknown, least: number): boolean => Number.isInteger(x) && (x as number) >= least;
const isNumbers = (x: unknown): boolean =>
  (Array.isArray(x) || ArrayBuffer.isView(x)) &&
  Array.from(x as unknown as number[]).every((v) => typeof v === 'number');
