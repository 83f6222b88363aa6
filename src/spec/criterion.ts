/** What a tuning can minimize. The minibatch cost is what the papers plot. */
export const criterionNames = ['minibatch-cost', 'train-cost', 'test-cost', 'test-error'] as const;
export type CriterionName = (typeof criterionNames)[number];
