import { UsageError } from '../errors.ts';
import type { ScheduleSettings, WeightDecaySettings } from '../spec/run.ts';

/** Where a step stands in training. */
export interface SchedulePosition {
  /** From 1. */
  readonly step: number;
  /** May be fractional only if every epoch has the same fraction, as in streams without epochs. */
  readonly stepsPerEpoch: number;
}

/**
 * What multiplies the learning rate at a step (and decoupled weight decay, see weight-decay.ts), in float64.
 *
 * Epochs are fractional and updated with every batch: step 1 is at epoch 0, so that a cosine starts at exactly 1, ends
 * one batch before its zero, and a restart is at 1 again at the step at which its zero would stand.
 *
 * @param warmupSteps the multiplier also grows linearly over these steps and is whole at the last of them; 0 for none.
 */
export function scheduleMultiplier(
  settings: ScheduleSettings,
  warmupSteps: number,
  position: SchedulePosition,
): number {
  const warmup = warmupSteps > 0 ? Math.min(1, position.step / warmupSteps) : 1;
  return warmup * unwarmed(settings, position);
}

function unwarmed(settings: ScheduleSettings, { step, stepsPerEpoch }: SchedulePosition): number {
  const epoch = (step - 1) / stepsPerEpoch;
  switch (settings.type) {
    case 'constant':
      return 1;
    case 'inverse-sqrt':
      return 1 / Math.sqrt(settings.per === 'step' ? step : Math.floor(epoch) + 1);
    case 'step-drop':
      return settings.factor ** settings.epochs.filter((drop) => epoch >= drop).length;
    case 'cosine':
      return cosine(Math.min(epoch, settings.epochs), settings.epochs);
    case 'cosine-restarts':
      return cosineWithRestarts(epoch, settings.firstPeriod, settings.periodFactor);
  }
}

/** AdamW 2019, appendix B.2, from 1 to 0. */
const cosine = (epoch: number, period: number): number => 0.5 + 0.5 * Math.cos((Math.PI * epoch) / period);

function cosineWithRestarts(epoch: number, firstPeriod: number, periodFactor: number): number {
  const { start, length } = periodAt(epoch, firstPeriod, periodFactor);
  return cosine(epoch - start, length);
}

/** First epoch and length of the period that an epoch belongs to. */
function periodAt(
  epoch: number,
  firstPeriod: number,
  periodFactor: number,
): { start: number; length: number } {
  if (!(firstPeriod > 0 && periodFactor >= 1)) {
    throw new UsageError(
      `A cosine-restarts schedule has firstPeriod ${firstPeriod} and periodFactor ${periodFactor}: ` +
        'firstPeriod must be > 0 and periodFactor >= 1.',
    );
  }
  let start = 0;
  let length = firstPeriod;
  while (epoch >= start + length) {
    start += length;
    length *= periodFactor;
  }
  return { start, length };
}

/**
 * The weight decay of a step. A normalised rate is made for the length of the current period (AdamW 2019, appendix B.1),
 * so that with restarts the first period's rate is divided by the square root of how much longer the period is.
 */
export function decayAt(
  weightDecay: WeightDecaySettings | null,
  schedule: ScheduleSettings,
  { step, stepsPerEpoch }: SchedulePosition,
): WeightDecaySettings | null {
  if (weightDecay?.normalized === undefined || schedule.type !== 'cosine-restarts') return weightDecay;
  const { firstPeriod, periodFactor } = schedule;
  const { length } = periodAt((step - 1) / stepsPerEpoch, firstPeriod, periodFactor);
  return { ...weightDecay, rate: weightDecay.rate * Math.sqrt(firstPeriod / length) };
}
