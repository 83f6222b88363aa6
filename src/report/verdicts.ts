import type { ClaimVerdict, Verdict } from '../claims/index.ts';

/** What can be said of all verdicts together. */

export interface Judged extends ClaimVerdict {
  /** Computes what the claim needs. */
  readonly command: string;
}

/** One claim with the settings as drawn, and with every optimizer tuned. */
export interface Pair {
  readonly drawn: Judged;
  readonly tuned: Judged;
}

export function pairsOf(judged: readonly Judged[]): Pair[] {
  return judged.flatMap((drawn) => {
    const tuned = judged.find(({ claim }) => claim.id === `${drawn.claim.id}-tuned`);
    return tuned === undefined ? [] : [{ drawn, tuned }];
  });
}

/** The settings made the figure: as drawn the claim has another outcome than tuned. */
export const differ = ({ drawn, tuned }: Pair): boolean =>
  outcomeOf(drawn.verdict) !== undefined &&
  outcomeOf(tuned.verdict) !== undefined &&
  outcomeOf(drawn.verdict) !== outcomeOf(tuned.verdict);

/** Undefined where nothing is decided yet. */
export function outcomeOf(verdict: Verdict): 'holds' | 'fails' | undefined {
  if (verdict === 'reproduced' || verdict === 'better than the paper') return 'holds';
  if (verdict === 'inconclusive' || verdict === 'not run') return undefined;
  return 'fails';
}

/** In the order in which they are first met. */
export function countsOf(judged: readonly Judged[]): ReadonlyMap<Verdict, number> {
  const counts = new Map<Verdict, number>();
  for (const { verdict } of judged) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  return counts;
}
