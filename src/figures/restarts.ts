import type { RunInfo } from '../results/run-info.ts';
import type { ScheduleSettings } from '../spec/run.ts';
import type { CurvesPanel } from './curves-spec.ts';

/**
 * Epochs at which a period of some run's learning rate ends and the next one starts (AdamW 2019, appendix B.2), the
 * last epochs included; none where no run has restarts.
 */
export function periodEnds(runs: readonly RunInfo[]): number[] {
  const ends = new Set<number>();
  for (const { hyperParameters, epochs } of runs) {
    const schedule = hyperParameters.schedule as ScheduleSettings | undefined;
    if (schedule?.type !== 'cosine-restarts') continue;
    let period = schedule.firstPeriod;
    for (let end = period; end <= epochs && period > 0; end += period) {
      ends.add(end);
      period *= schedule.periodFactor;
    }
  }
  return [...ends].sort((a, b) => a - b);
}

/**
 * The panel with an axis for what errors on the test set are from the end of the first period on: beside those of the
 * first epochs all others would look alike.
 */
export function fromFirstPeriod(panel: CurvesPanel, ends: readonly number[]): CurvesPanel {
  const [first] = ends;
  const { axes, ours } = panel;
  if (first === undefined || axes.y !== undefined || axes.quantity.split !== 'test') return panel;
  const rows = ours.filter(({ x }) => x >= first);
  if (rows.length === 0) return panel;
  const low = Math.min(...rows.map((row) => row.low));
  const high = Math.max(...rows.map((row) => row.high));
  const room = 0.06 * (high - low) || 0.01;
  return { ...panel, axes: { ...axes, y: [low - room, high + room] } };
}

export const periodsText = (ends: readonly number[]): string[] =>
  ends.length === 0 ? [] : [`Dotted: a period of the learning rate ends, after ${ends.join(', ')} epochs.`];
