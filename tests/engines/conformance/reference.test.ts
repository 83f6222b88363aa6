import { describe, expect, it } from 'vitest';
import { reference } from '../../../src/engines/reference/index.ts';
import { sizeOf } from '../../../src/graph/node.ts';
import { uniforms } from '../../../src/graph/philox.ts';
import type { Case, Input } from './case.ts';
import { caseProgram, type Results, runCase } from './case-program.ts';
import { cases } from './cases.ts';
import { conformance } from './conformance.ts';

conformance(reference);

/** Central differences along one random direction; in float64 the best step leaves an error near 1e-10. */
const width = 1e-5;

function moved(
  inputs: readonly Input[],
  which: readonly number[],
  directions: Float64Array[],
  by: number,
): Input[] {
  return inputs.map((input, i) => {
    const direction = directions[which.indexOf(i)];
    return direction ? { ...input, values: input.values.map((x, j) => x + by * direction[j]!) } : input;
  });
}

async function lossAt(testCase: Case, inputs: readonly Input[]): Promise<number> {
  const [results] = (await runCase(reference, caseProgram(testCase, inputs), 'read')) as [Results];
  return results.loss![0]!;
}

describe('gradients by finite differences', () => {
  const differentiable = cases.filter((c) => c.gradient !== undefined);
  it.each(differentiable.map((c) => [c.op, c.name, c] as const))('%s, %s', async (_op, _name, testCase) => {
    const { inputs } = testCase;
    const which = testCase.gradient!;
    const directions = which.map((i) =>
      uniforms(sizeOf(inputs[i]!.shape), { seed: 3, stream: 'data', draw: i }, 0).map((u) => 2 * u - 1),
    );
    const [results] = (await runCase(reference, caseProgram(testCase), 'step')) as [Results];
    let slope = 0;
    let magnitude = 0;
    which.forEach((i, k) => {
      results[`gradient${i}`]!.forEach((g, j) => {
        slope += g * directions[k]![j]!;
        magnitude += Math.abs(g * directions[k]![j]!);
      });
    });
    const above = await lossAt(testCase, moved(inputs, which, directions, width));
    const below = await lossAt(testCase, moved(inputs, which, directions, -width));
    expect(Math.abs((above - below) / (2 * width) - slope)).toBeLessThan(1e-6 * Math.max(magnitude, 1e-3));
  });
});
