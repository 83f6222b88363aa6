import { normals, permutation, uniforms } from '../graph/philox.ts';
import type { Problem } from './problem.ts';
import type { SparseFeaturesSettings } from './settings.ts';

/** How far a rare feature moves the log-odds: its presence all but decides the label. */
const RARE_WEIGHT = 4;
const FREQUENT_DEVIATION = 0.3;

/**
 * Logistic regression on binary features, most of which are rare and informative: the setting of Ruder's advice to use
 * adaptive methods for sparse data (2017, sections 4.3 and 4.10) and of Adam 2015, section 6.1.
 *
 * Frequent features are there in half of the examples and have small random weights, rare ones in a fraction `rarity`
 * and have the weights +-4; labels are drawn from the model. Minibatches walk through a new random order in each pass.
 */
export function sparseFeatures(settings: Omit<SparseFeaturesSettings, 'type'>, seed: number): Problem {
  const { examples, frequent, rare, batchSize } = settings;
  // Drawn when it is needed: a spec is checked without it.
  let drawn: ReturnType<typeof draw> | undefined;
  const data = () => {
    drawn ??= draw(settings, seed);
    return drawn;
  };
  const batches = Math.ceil(examples / batchSize);
  let pass = -1;
  let order: Int32Array = new Int32Array();

  const costOver = (p: Float64Array, chosen: (row: readonly number[]) => boolean): number => {
    const { rows, labels } = data();
    let sum = 0;
    let count = 0;
    for (let i = 0; i < examples; i++) {
      if (!chosen(rows[i]!)) continue;
      sum += softplus((1 - 2 * labels[i]!) * logit(p, rows[i]!));
      count++;
    }
    return sum / count;
  };

  return {
    start: new Array<number>(frequent + rare).fill(0),
    gradient(p, step, out) {
      const { rows, labels } = data();
      const wanted = Math.floor((step - 1) / batches);
      if (wanted !== pass) {
        pass = wanted;
        order = permutation(examples, seed, pass);
      }
      const first = ((step - 1) % batches) * batchSize;
      const batch = order.subarray(first, first + batchSize);
      out.fill(0);
      for (const i of batch) {
        const residual = 1 / (1 + Math.exp(-logit(p, rows[i]!))) - labels[i]!;
        for (const feature of rows[i]!) out[feature]! += residual / batch.length;
      }
    },
    measure: ({ parameters }) => ({
      cost: costOver(parameters, () => true),
      // Features stand in ascending order, the rare ones last.
      'rare-cost': costOver(parameters, (row) => row.length > 0 && row.at(-1)! >= frequent),
    }),
  };
}

function draw({ examples, frequent, rare, rarity }: Omit<SparseFeaturesSettings, 'type'>, seed: number) {
  const features = frequent + rare;
  const present = uniforms(examples * features, { seed, stream: 'data', draw: 0 }, 0);
  const chance = uniforms(examples, { seed, stream: 'data', draw: 1 }, 0);
  const weights = normals(features, { seed, stream: 'data', draw: 2 }, 0).map((w, feature) =>
    feature < frequent ? w * FREQUENT_DEVIATION : RARE_WEIGHT * Math.sign(w),
  );
  const rows = Array.from({ length: examples }, (_, i) =>
    Array.from({ length: features }, (_, feature) => feature).filter(
      (feature) => present[i * features + feature]! < (feature < frequent ? 0.5 : rarity),
    ),
  );
  const labels = Uint8Array.from(rows, (row, i) =>
    chance[i]! < 1 / (1 + Math.exp(-logit(weights, row))) ? 1 : 0,
  );
  return { rows, labels };
}

function logit(p: Float64Array, row: readonly number[]): number {
  let sum = 0;
  for (const feature of row) sum += p[feature]!;
  return sum;
}

/** log(1 + e^z) without overflow. */
const softplus = (z: number): number => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
