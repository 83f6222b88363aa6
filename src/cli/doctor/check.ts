/** `bad`: nothing can run; `limited`: something is missing, and the remedy brings it. */
export type Verdict = 'ok' | 'limited' | 'bad';

export interface Check {
  readonly name: string;
  readonly verdict: Verdict;
  readonly found: string;
  readonly remedy?: string;
}
