import { normals, type PhiloxKey, uniforms } from '../graph/philox.ts';

/** Not a multiple of any vector length: the rest of a block is checked too. */
export const parameterCount = 37;
export const stepCount = 60;

/** What a rule may meet in training, and where it breaks first. */
export interface GradientStream {
  readonly name: string;
  /** `stepCount` gradients of `parameterCount` numbers that float32 holds exactly. */
  readonly gradients: readonly Float64Array[];
  /** What helps where a rule gives NaN or infinity on it. */
  readonly remedy: string;
}

const key = (draw: number): PhiloxKey => ({ seed: 1, stream: 'data', draw });
const noise = (step: number): Float64Array => normals(parameterCount, key(1), step);

function stream(name: string, remedy: string, at: (step: number, i: number, noise: number) => number) {
  const gradients = Array.from({ length: stepCount }, (_, step) =>
    noise(step + 1).map((value, i) => Math.fround(at(step, i, value))),
  );
  return { name, gradients, remedy };
}

const division = 'keep denominators from becoming 0, by adding an epsilon or with divideOrZero';
const overflow =
  'float32 ends at 3.4e38, so divide before you square or multiply, or bound the value with minimum';

export const gradientStreams: readonly GradientStream[] = [
  stream('zeros', division, () => 0),
  stream('constant', division, (_step, i) => (i % 2 === 0 ? 0.5 : -0.25)),
  stream('noisy', division, (_step, _i, value) => value),
  stream('sign flips', division, (step, i) => ((step + i) % 2 === 0 ? 1 : -1)),
  stream('sparse', division, (step, i, value) => (step % 10 === i % 10 ? value : 0)),
  stream('large (1e6)', overflow, (_step, _i, value) => 1e6 * value),
  // The engines take gradients below 1e-18 as 0 (see docs/engines.md): no rule can be blamed for that.
  stream('tiny (1e-12)', division, (_step, _i, value) => 1e-12 * value),
];

/** Between 1 and 2, exact in float32. */
export const startParameters: Float64Array = uniforms(parameterCount, key(0), 0).map((x) => 1 + x);
