import type { AttributesOf, OpName } from '../../graph/ops/index.ts';
import { normals, uniforms } from '../../graph/philox.ts';
import type { Kernel } from './kernels.ts';

type RandomOp = 'randomUniform' | 'randomNormal' | 'dropoutMask';

export const randomKernels: { readonly [Name in RandomOp & OpName]: Kernel<Name> } = {
  randomUniform: ({ attributes }, [step], out) => out.set(uniforms(out.length, attributes.key, step![0]!)),
  randomNormal: ({ attributes }, [step], out) => out.set(normals(out.length, attributes.key, step![0]!)),
  dropoutMask: ({ attributes: { key, rate } }: { attributes: AttributesOf<'dropoutMask'> }, [step], out) => {
    // The rate is compared in float32 on every engine, so that all drop the same elements.
    const threshold = Math.fround(rate);
    const kept = 1 / (1 - rate);
    uniforms(out.length, key, step![0]!).forEach((u, i) => {
      out[i] = u < threshold ? 0 : kept;
    });
  },
};
