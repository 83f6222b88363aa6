import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type ClaimVerdict, type Verdict, verdicts } from './verdict.ts';

/** Verdicts by claim, as experiments/verdicts.json records them for results/reference. */
export type RecordedVerdicts = Readonly<Record<string, Verdict>>;

const file = fileURLToPath(new URL('../../experiments/verdicts.json', import.meta.url));

export function readRecorded(): RecordedVerdicts {
  return JSON.parse(readFileSync(file, 'utf8')) as RecordedVerdicts;
}

/** The verdicts that are worse than the recorded ones; a claim without a recorded one is none of them. */
export function worseThanRecorded(
  judged: readonly ClaimVerdict[],
  recorded: RecordedVerdicts,
): readonly { readonly id: string; readonly verdict: Verdict; readonly recorded: Verdict }[] {
  return judged.flatMap(({ claim: { id }, verdict }) => {
    const before = recorded[id];
    const isWorse = before !== undefined && verdicts.indexOf(verdict) > verdicts.indexOf(before);
    return isWorse ? [{ id, verdict, recorded: before }] : [];
  });
}
