import type { ResultTables } from '../results/read-tables.ts';
import type { Check } from './checks.ts';

/** A statement of one of the papers, and what decides whether our results bear it out. */
export interface Claim {
  /** A: Adam (2015), B: AdamW (2019), C: Ruder's overview; `-tuned` is the same claim with each optimizer tuned. */
  readonly id: string;
  /** In the paper's sense, not in ours. */
  readonly statement: string;
  /** Paper, section and figure. */
  readonly source: string;
  readonly needs: Need;
  /** The numbers of the criterion, by name. A new claim has them here before the runs that they judge. */
  readonly thresholds: Readonly<Record<string, number>>;
  /** What the paper itself shows; absent where it shows no number. */
  readonly paper?: () => PaperShows;
  /**
   * The criterion, over the tables of `needs` in some profile.
   *
   * @throws NotEnough where the tables do not hold what it takes.
   */
  readonly judge: (tables: ResultTables) => Finding;
}

/** The experiment that a claim is judged by. */
export interface Need {
  readonly experiment: string;
  /** `trials`: the runs of `tune`, which the settings of `tuned` are the best of. */
  readonly variant: 'as-drawn' | 'tuned' | 'trials';
  /** The shortest profile that the claim can be judged in; a shorter one says nothing for or against it. */
  readonly profile: 'quick' | 'paper';
  /** More than the spec has, where the comparison needs them. */
  readonly seeds?: number;
}

export interface PaperShows {
  readonly value: string;
  /** The same criterion on the paper's own numbers; absent where they do not suffice. */
  readonly holds?: boolean;
}

export interface Finding {
  /** Our numbers in a few words. */
  readonly ours: string;
  readonly checks: readonly Check[];
  /** Ours beats the paper's numbers by more than the claim's tolerance; counts only where all checks hold. */
  readonly better?: boolean;
  /** What there are results of, where the claim is about more: it fails if it fails there, and is open otherwise. */
  readonly resultsOf?: string | undefined;
}

/** The tables cannot decide: too short, too few seeds, or a run is missing. The message says which. */
export class NotEnough extends Error {}

export const asDrawn = (experiment: string, profile: Need['profile'] = 'paper'): Need => ({
  experiment,
  variant: 'as-drawn',
  profile,
});

/** Tuned comparisons take three seeds: their margins are those of the noise. */
export const tuned = (experiment: string): Need => ({
  experiment,
  variant: 'tuned',
  profile: 'paper',
  seeds: 3,
});

export const trials = (experiment: string): Need => ({ experiment, variant: 'trials', profile: 'paper' });

/** As results folders and the column `experiment` have it. */
export function resultsName({ experiment, variant }: Need): string {
  if (variant === 'as-drawn') return experiment;
  return variant === 'trials' ? `${experiment}-tune` : `${experiment}-${variant}`;
}
