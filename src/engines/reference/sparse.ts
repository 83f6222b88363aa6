import { uniforms } from '../../graph/philox.ts';
import type { Kernel } from './kernels.ts';

type SparseOp = 'raggedOffsets' | 'raggedGather' | 'sparseDropout' | 'sparseMatmul' | 'sparseMatmulGradient';

export const sparseKernels: { readonly [Name in SparseOp]: Kernel<Name> } = {
  raggedOffsets: (_, [offsets, rows], out) => {
    rows!.forEach((row: number, i: number) => {
      out[i + 1] = out[i]! + offsets![row + 1]! - offsets![row]!;
    });
  },
  raggedGather: (_, [data, offsets, rows], out) => {
    let at = 0;
    for (const row of rows!) for (let e = offsets![row]!; e < offsets![row + 1]!; e++) out[at++] = data![e]!;
  },
  sparseDropout: ({ attributes: { key, rate } }, [values, offsets, step], out) => {
    const threshold = Math.fround(rate);
    const kept = 1 / (1 - rate);
    uniforms(offsets!.at(-1)!, key, step![0]!).forEach((u, e) => {
      out[e] = u < threshold ? 0 : values![e]! * kept;
    });
  },
  sparseMatmul: ({ shape }, [columns, values, offsets, weights], out) => {
    const [rows, n] = shape as [number, number];
    for (let row = 0; row < rows; row++) {
      for (let e = offsets![row]!; e < offsets![row + 1]!; e++) {
        for (let j = 0; j < n; j++) out[row * n + j]! += values![e]! * weights![columns![e]! * n + j]!;
      }
    }
  },
  sparseMatmulGradient: ({ inputs, shape }, [columns, values, offsets, g], out) => {
    const n = shape[1]!;
    const rows = inputs[3]!.shape[0]!;
    for (let row = 0; row < rows; row++) {
      for (let e = offsets![row]!; e < offsets![row + 1]!; e++) {
        for (let j = 0; j < n; j++) out[columns![e]! * n + j]! += values![e]! * g![row * n + j]!;
      }
    }
  },
};
