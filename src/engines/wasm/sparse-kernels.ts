import { sizeOf } from '../../graph/node.ts';
import type { AttributesOf } from '../../graph/ops/index.ts';
import { streams } from '../../graph/philox.ts';
import type { Kernel } from './kernel-calls.ts';

type SparseOp = 'raggedOffsets' | 'raggedGather' | 'sparseDropout' | 'sparseMatmul' | 'sparseMatmulGradient';

export const sparseKernels: { readonly [Name in SparseOp]: Kernel<AttributesOf<Name>> } = {
  raggedOffsets: {
    calls: (node, { inputs, output }) => [['raggedOffsets', ...inputs, output, node.shape[0]! - 1]],
  },
  raggedGather: {
    calls: ({ inputs: [, , rows], attributes, dtype }, { inputs, output }) => {
      const bytes = dtype === 'uint8' ? 1 : 4;
      return [['raggedGather', ...inputs, output, rows!.shape[0]!, attributes.capacity, bytes]];
    },
  },
  sparseDropout: {
    calls: ({ inputs: [, offsets], shape, attributes: { key, rate } }, { inputs: [v, o, step], output }) => {
      const sizes = [offsets!.shape[0]! - 1, sizeOf(shape)];
      const { seed, stream, draw } = key;
      const random = [seed, streams[stream], draw, { int32At: step! }, rate, 1 / (1 - rate)];
      return [['sparseDropout', v!, o!, output, ...sizes, ...random]];
    },
  },
  sparseMatmul: {
    calls: ({ shape }, { inputs, output }) => [
      ['sparseMatmul', ...inputs, output, ...(shape as [number, number])],
    ],
  },
  sparseMatmulGradient: {
    calls: ({ inputs: [, , , g], shape: [d, n] }, { inputs, output }) => [
      ['sparseMatmulGradient', ...inputs, output, g!.shape[0]!, n!, d!],
    ],
  },
};
