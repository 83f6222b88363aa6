import type { Optimizer } from '../optimizers/define.ts';
import { resolveHyper } from '../optimizers/hyper-parameters.ts';
import { trajectory } from '../optimizers/trajectory.ts';

const steps = 200;
const curvatures = [0.1, 0.3, 1, 3];

/** How far the rule gets down a quadratic bowl from 1 in each direction, with its defaults, as a clause. */
export async function quadraticDescent(optimizer: Optimizer): Promise<string> {
  const start = curvatures.map(() => 1);
  const gradients = (p: Float64Array): Float64Array => p.map((x, i) => curvatures[i]! * x);
  const path = await trajectory(optimizer, {}, { start, gradients, steps });
  const cost = (p: ArrayLike<number>): number =>
    curvatures.reduce((sum, c, i) => sum + 0.5 * c * p[i]! ** 2, 0);
  const [first, last] = [cost(start), cost(path.at(-1)!)];
  const way = last < first ? 'downhill' : 'not downhill with these defaults';
  const { lr } = resolveHyper(optimizer);
  return `${way}: cost ${first.toPrecision(3)} to ${last.toPrecision(3)} in ${steps} steps at lr ${lr}`;
}
