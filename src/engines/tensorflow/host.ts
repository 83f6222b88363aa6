import type { DType, Shape } from '../../graph/node.ts';
import type { Feed } from '../../graph/ops/leaves.ts';
import type { UpdatePlan } from './rules.ts';

/** What a loaded signature takes and gives. */

/** An array that the host passes with a call, by its name in the signature. */
export interface HostInput {
  readonly key: string;
  readonly feed: Feed;
  /**
   * `bytes`: four in each int32, as the binding takes no bytes and packed they need no conversion. `scalars`: the
   * numbers that a plan wants, computed from the rule's scalars.
   */
  readonly kind: 'float' | 'int32' | 'bytes' | 'scalars';
  readonly shape: Shape;
  readonly plan?: UpdatePlan;
}

export interface HostOutput {
  readonly key: string;
  readonly name: string;
  readonly dtype: DType;
}
