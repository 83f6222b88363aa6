import type { ResultTables } from '../results/read-tables.ts';
import { overall } from './checks.ts';
import { type Claim, type Finding, type Need, NotEnough } from './claim.ts';
import { evidenceIn, type ReadEvidence } from './read-evidence.ts';

/** From the best to the worst, for a claim that should hold. */
export const verdicts = [
  'better than the paper',
  'reproduced',
  "contradicted by the paper's own figure",
  'inconclusive',
  'not run',
  'not reproduced',
] as const;

export type Verdict = (typeof verdicts)[number];

export interface ClaimVerdict {
  readonly claim: Claim;
  readonly verdict: Verdict;
  /** The paper's own value, where it shows one. */
  readonly paper: string | undefined;
  /** Ours, with the number of seeds; undefined where nothing could be computed. */
  readonly ours: string | undefined;
  /** The profile judged; undefined without results. */
  readonly profile: string | undefined;
  /** Why the verdict is no plain yes or no. */
  readonly reason: string | undefined;
  /** Each comparison with its numbers, threshold and outcome. */
  readonly arithmetic: readonly string[];
}

/** The best one first. */
const profiles = ['paper', 'quick', 'smoke'] as const;

/** Verdicts on a results folder, by its runs in the settings of the specs. */
export async function judgeClaims(claims: readonly Claim[], resultsFolder: string): Promise<ClaimVerdict[]> {
  const read = evidenceIn(resultsFolder);
  const judged: ClaimVerdict[] = [];
  for (const claim of claims) judged.push(await judgeClaim(claim, read));
  return judged;
}

/**
 * The verdict on the best results there are: those of the longest profile, or of the next one where these cannot decide.
 *
 * @throws UserError for damaged tables.
 */
export async function judgeClaim(claim: Claim, read: ReadEvidence): Promise<ClaimVerdict> {
  const judged: ClaimVerdict[] = [];
  for (const profile of profiles) {
    const evidence = await read(claim.needs, profile);
    if (evidence === undefined) continue;
    const result = verdictOf(claim, evidence.tables, evidence.otherSettings);
    if (result.verdict !== 'inconclusive') return result;
    judged.push(result);
  }
  return judged[0] ?? verdictOf(claim, undefined);
}

/**
 * The verdict that one table gives; without tables, what can be said without.
 *
 * @param otherSettings optimizers whose runs in the table are not in the spec's settings.
 */
export function verdictOf(
  claim: Claim,
  tables: ResultTables | undefined,
  otherSettings: readonly string[] = [],
): ClaimVerdict {
  const paper = claim.paper?.();
  const found = tables === undefined ? undefined : findingOf(claim, tables);
  const finding = found instanceof NotEnough ? undefined : found;
  const base = {
    claim,
    paper: paper?.value,
    ours: finding && finding.ours + behindText(tables!, otherSettings),
    profile: tables?.profile,
    arithmetic: finding?.checks.map(({ text }) => text) ?? [],
  };
  // What the paper shows itself needs none of our runs.
  if (paper?.holds === false) {
    return { ...base, verdict: "contradicted by the paper's own figure", reason: ourSide(finding) };
  }
  if (tables === undefined) return { ...base, verdict: 'not run', reason: undefined };
  if (found instanceof NotEnough) return { ...base, verdict: 'inconclusive', reason: found.message };
  if (isShorter(tables.profile, claim.needs)) {
    const reason = `too short: profile ${tables.profile}, and ${claim.needs.profile} is needed`;
    return { ...base, verdict: 'inconclusive', reason };
  }
  return { ...base, ...plainVerdict(found!) };
}

function plainVerdict({ checks, better, resultsOf }: Finding): Pick<ClaimVerdict, 'verdict' | 'reason'> {
  const outcome = overall(checks);
  if (outcome === 'fails') return { verdict: 'not reproduced', reason: partly(resultsOf) };
  if (outcome === 'unclear') return { verdict: 'inconclusive', reason: 'within the noise' };
  if (resultsOf !== undefined) {
    return { verdict: 'inconclusive', reason: `holds as far as there are results: ${resultsOf}` };
  }
  return { verdict: better === true ? 'better than the paper' : 'reproduced', reason: undefined };
}

/** What stands behind a finding: the number of seeds, and whose settings are not those of the spec. */
function behindText(tables: ResultTables, otherSettings: readonly string[]): string {
  const parts = [seedsText(tables), settingsText(tables, otherSettings)].filter((part) => part !== '');
  return parts.length === 0 ? '' : ` (${parts.join('; ')})`;
}

/** Nothing of problems that are the same with every seed. */
function seedsText({ runs }: ResultTables): string {
  const seeds = new Set(runs.map(({ seed }) => seed)).size;
  if (seeds === 1 && runs.every(({ model }) => model.type === 'problem')) return '';
  return seeds === 1 ? '1 seed' : `${seeds} seeds`;
}

/** Without names where it is so of all optimizers. */
function settingsText({ runs }: ResultTables, optimizers: readonly string[]): string {
  if (optimizers.length === 0) return '';
  const words = "settings other than the spec's";
  return optimizers.length === new Set(runs.map(({ optimizer }) => optimizer)).size
    ? words
    : `${words}: ${optimizers.join(', ')}`;
}

function findingOf(claim: Claim, tables: ResultTables): Finding | NotEnough {
  try {
    return claim.judge(tables);
  } catch (error) {
    if (error instanceof NotEnough) return error;
    throw error;
  }
}

function ourSide(finding: Finding | undefined): string | undefined {
  if (finding === undefined) return undefined;
  const said = { holds: 'holds in ours', fails: 'fails in ours too', unclear: 'is unclear in ours' };
  const outcome = overall(finding.checks);
  const soFar = partly(finding.resultsOf);
  return `the claim ${said[outcome]}${soFar === undefined ? '' : `, ${soFar}`}`;
}

const partly = (resultsOf: string | undefined): string | undefined =>
  resultsOf === undefined ? undefined : `with results of ${resultsOf}`;

const isShorter = (profile: string, needs: Need): boolean =>
  profiles.indexOf(profile as (typeof profiles)[number]) > profiles.indexOf(needs.profile);
