import { biasCorrectionClaims } from './bias-correction.ts';
import type { Claim } from './claim.ts';
import { decayMapClaims } from './decay-maps.ts';
import { learningRateClaims } from './learning-rates.ts';
import { logisticRegressionClaims } from './logistic-regression.ts';
import { momentClaims } from './moments.ts';
import { networkClaims } from './networks.ts';
import { pathClaims } from './paths.ts';
import { averaging, regretClaims } from './regret.ts';
import { sparseFeatureClaims } from './sparse-features.ts';
import { stepClaims } from './step-bounds.ts';
import { weightDecayClaims } from './weight-decay.ts';

export type { Check, Outcome } from './checks.ts';
export { type Claim, type Finding, type Need, NotEnough, type PaperShows, resultsName } from './claim.ts';
export { commandFor } from './command.ts';
export { evidenceIn, evidenceOf, type ReadEvidence } from './read-evidence.ts';
export { type RecordedVerdicts, readRecorded, worseThanRecorded } from './recorded.ts';
export type { Evidence } from './spec-runs.ts';
export { type ClaimVerdict, judgeClaim, judgeClaims, type Verdict, verdictOf, verdicts } from './verdict.ts';

/** Every claim: those of the Adam paper, of AdamW and of Ruder's overview, each in the order of its paper's sections. */
export const claims: readonly Claim[] = inOrder([
  ...momentClaims,
  ...stepClaims,
  ...regretClaims,
  ...logisticRegressionClaims,
  ...networkClaims,
  ...biasCorrectionClaims,
  ...learningRateClaims,
  averaging,
  ...weightDecayClaims,
  ...decayMapClaims,
  ...pathClaims,
  ...sparseFeatureClaims,
]);

/** By letter and number; of one number, as the modules have them. */
function inOrder(list: readonly Claim[]): Claim[] {
  const place = ({ id }: Claim): [letter: string, number: number] => {
    const [, letter, digits] = /^([ABC])(\d+)/.exec(id)!;
    return [letter!, Number(digits)];
  };
  return [...list].sort((a, b) => {
    const [[letterA, a1], [letterB, b1]] = [place(a), place(b)];
    return letterA.localeCompare(letterB) || a1 - b1;
  });
}
