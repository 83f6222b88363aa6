import { number } from './hyper-parameters.ts';

/** The decay rates of Adam's two moments, as its relatives share them. */
export const betaHyper = {
  beta1: number(0.9, { min: 0, below: 1, doc: 'decay rate of the first moment' }),
  beta2: number(0.999, { min: 0, below: 1, doc: 'decay rate of the second moment' }),
};

/** Adam's bias corrections as factors: 1 / (1 - beta1^t) and 1 / (1 - beta2^t), or 1 without correction. */
export const momentScalars = (
  t: number,
  h: { readonly beta1: number; readonly beta2: number; readonly biasCorrection: boolean },
) => ({
  mScale: h.biasCorrection ? 1 / (1 - h.beta1 ** t) : 1,
  vScale: h.biasCorrection ? 1 / (1 - h.beta2 ** t) : 1,
});
