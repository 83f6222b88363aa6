import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../src/engines/engine.ts';
import { reference } from '../../../src/engines/reference/index.ts';
import type { OpName } from '../../../src/graph/ops/index.ts';
import type { Case, Tolerance } from './case.ts';
import { caseProgram, type Results, runCase } from './case-program.ts';
import { cases } from './cases.ts';

export interface Skip {
  readonly reason: string;
  readonly ops: readonly OpName[];
}

/** Gradients go through several kernels, each of which may round. */
const gradientTolerance = ({ relative, reason }: Tolerance): Tolerance => ({
  relative: Math.max(2 * relative, 2e-6),
  reason: `a chain of kernels, each: ${reason}`,
});

export function expectClose(
  actual: readonly number[],
  expected: readonly number[],
  tolerance: Tolerance,
  what: string,
): void {
  expect(actual.length, what).toBe(expected.length);
  const wanted = tolerance.relative === 0 ? expected.map(Math.fround) : expected;
  const limit = tolerance.relative * Math.max(...wanted.map(Math.abs).filter(Number.isFinite), 1e-30);
  wanted.forEach((x, i) => {
    const y = actual[i]!;
    if (y === expected[i] || Object.is(x, y) || Math.abs(x - y) <= limit) return;
    expect.fail(`${what}[${i}] is ${y}, not ${x} (allowed: ${limit}, ${tolerance.reason})`);
  });
}

/** Every op on an engine: values and gradients as the reference computes them, and the same bits every time. */
export function conformance(engine: Engine, skips: readonly Skip[] = []): void {
  describe(`the ${engine.name} engine`, () => {
    beforeAll(async () => {
      expect(await engine.availability()).toMatchObject({ ok: true });
    });
    for (const op of new Set(cases.map((c) => c.op))) {
      const skip = skips.find((s) => s.ops.includes(op));
      const own = cases.filter((c) => c.op === op);
      const title = skip === undefined ? op : `${op} (skipped: ${skip.reason})`;
      describe.skipIf(skip !== undefined)(title, () => {
        for (const testCase of own) checkCase(engine, testCase);
      });
    }
  });
}

function checkCase(engine: Engine, testCase: Case): void {
  it(testCase.name, async () => {
    const program = caseProgram(testCase);
    const isReference = engine === reference;
    // The reference computes in float64, where the known values hold to its own rounding.
    const known: Tolerance = isReference
      ? { relative: 1e-7, reason: 'inputs of float32' }
      : testCase.tolerance;
    const [alone] = (await runCase(engine, program, 'evaluate')) as [Results];
    if (testCase.expected) expectClose(alone.value!, testCase.expected, known, 'value');
    const signature = testCase.gradient ? 'step' : 'evaluate';
    const [first, second] = (await runCase(engine, program, signature, 2)) as [Results, Results];
    expect(second, 'a second run gives the same bits').toEqual(first);
    expect(first.value, 'gradients beside it change nothing').toEqual(alone.value);
    if (isReference) return;
    const [wanted] = (await runCase(reference, program, signature)) as [Results];
    for (const [name, values] of Object.entries(wanted)) {
      const tolerance = name === 'value' ? testCase.tolerance : gradientTolerance(testCase.tolerance);
      expectClose(first[name]!, values, tolerance, name);
    }
  });
}
