import { type Shape, sizeOf } from '../graph/node.ts';
import { normals, uniforms } from '../graph/philox.ts';
import type { Initialization } from '../spec/run.ts';

/** Inputs and outputs of one unit: a dense layer is [in, out], a filter [height, width, in, out]. */
function fans(shape: Shape): { fanIn: number; fanOut: number } {
  const field = sizeOf(shape.slice(0, -2));
  return { fanIn: field * (shape.at(-2) ?? 1), fanOut: field * shape.at(-1)! };
}

/**
 * A parameter's first values: stream `init`, the parameter's number as the draw. They are rounded to float32, so that
 * every engine, float64 too, starts from the same numbers.
 */
export function initialValues(
  initialization: Initialization,
  shape: Shape,
  seed: number,
  draw: number,
): Float32Array {
  const size = sizeOf(shape);
  const key = { seed, stream: 'init', draw } as const;
  const { fanIn, fanOut } = fans(shape);
  const normal = (deviation: number): Float32Array =>
    Float32Array.from(normals(size, key, 0), (x) => deviation * x);
  switch (initialization.type) {
    case 'zeros':
      return new Float32Array(size);
    case 'normal':
      return normal(initialization.deviation);
    // Glorot & Bengio 2010, equation 16.
    case 'glorot-uniform': {
      const limit = Math.sqrt(6 / (fanIn + fanOut));
      return Float32Array.from(uniforms(size, key, 0), (u) => limit * (2 * u - 1));
    }
    case 'glorot-normal':
      return normal(Math.sqrt(2 / (fanIn + fanOut)));
    // He et al. 2015, equation 10.
    case 'he-normal':
      return normal(Math.sqrt(2 / fanIn));
  }
}
