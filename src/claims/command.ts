import { loadSpec } from '../spec/load.ts';
import type { Need } from './claim.ts';

/** What computes the results that a claim needs; where no tuned settings are shipped yet, what finds them. */
export async function commandFor({ experiment, variant, profile, seeds }: Need): Promise<string> {
  const { variants } = await loadSpec(experiment);
  if (variant === 'trials' || !variants.includes(variant)) return `adam-repro tune ${experiment}`;
  return [
    `adam-repro run ${experiment}`,
    ...(variant === 'as-drawn' ? [] : [`--variant ${variant}`]),
    `-p ${profile}`,
    ...(seeds === undefined ? [] : [`--seeds ${[...Array(seeds).keys()].join(',')}`]),
  ].join(' ');
}
