import { type Node, sizeOf } from '../../graph/node.ts';
import type { AttributesOf } from '../../graph/ops/index.ts';
import { attribute, type Tensor, tensorType } from './graphdef.ts';
import { uniform } from './random.ts';
import { cast, type Emit, float, ints, reshape, type Scope, T } from './scope.ts';

type SparseOp = 'raggedOffsets' | 'raggedGather' | 'sparseDropout' | 'sparseMatmul' | 'sparseMatmulGradient';

const int32 = { T: attribute.type('int32') };

/** RaggedGather: the offsets of the gathered rows (output 0) and their entries (output 1), as many as there are. */
const gatherRows = (scope: Scope, data: Node, offsets: Node, rows: Node): Tensor =>
  scope.op('RaggedGather', [scope.value(offsets), scope.value(data), scope.value(rows)], {
    Tvalues: attribute.type(tensorType(data.dtype)),
    Tindices: attribute.type('int32'),
    Tsplits: attribute.type('int32'),
    PARAMS_RAGGED_RANK: attribute.whole(1),
    OUTPUT_RAGGED_RANK: attribute.whole(1),
  });

/** How many entries all rows have together, int32 [1]. */
const entryCount = (scope: Scope, offsets: Node): Tensor =>
  scope.op('Slice', [scope.value(offsets), ints(scope, [offsets.shape[0]! - 1]), ints(scope, [1])], {
    ...int32,
    Index: attribute.type('int32'),
  });

/**
 * A node's values without those behind the last row's, so that the time of a step depends on the entries that there are:
 * the whole array only where it is fed, or fetched.
 */
function entriesOf(scope: Scope, node: Node, offsets: Node): Tensor {
  if (node.op === 'raggedGather') return `${gatherRows(scope, ...(node.inputs as [Node, Node, Node]))}:1`;
  if (node.op === 'sparseDropout') return keptValues(scope, node as Node<AttributesOf<'sparseDropout'>>);
  return scope.op('Slice', [scope.value(node), ints(scope, [0]), entryCount(scope, offsets)], {
    T: attribute.type(tensorType(node.dtype)),
    Index: attribute.type('int32'),
  });
}

function keptValues(scope: Scope, { inputs, attributes }: Node<AttributesOf<'sparseDropout'>>): Tensor {
  const [values, offsets, step] = inputs as [Node, Node, Node];
  const { rate, key } = attributes;
  const numbers = uniform(scope, entryCount(scope, offsets), key, step);
  const kept = cast(scope, scope.op('GreaterEqual', [numbers, float(scope, rate)], T), 'bool', 'float');
  const scaled = scope.op('Mul', [entriesOf(scope, values, offsets), float(scope, 1 / (1 - rate))], T);
  return scope.op('Mul', [scaled, kept], T);
}

/** Entries with zeros behind them, in an array of the node's size. */
function padded(scope: Scope, { shape, dtype }: Node, entries: Tensor): Tensor {
  const type = attribute.type(tensorType(dtype));
  const count = scope.op('Shape', [entries], { T: type, out_type: attribute.type('int32') });
  const behind = scope.op('Sub', [ints(scope, [sizeOf(shape)]), count], int32);
  const paddings = scope.op('Pack', [ints(scope, [0]), behind], {
    ...int32,
    N: attribute.whole(2),
    axis: attribute.whole(1),
  });
  return scope.op('Pad', [entries, paddings], { T: type, Tpaddings: attribute.type('int32') });
}

/** A sparse matrix, which TensorFlow takes as indices int64 [entries, 2] and values, times a dense one. */
function product(scope: Scope, node: Node, rows: number, width: number, transposed: boolean): Tensor {
  const [columns, values, offsets, dense] = node.inputs as [Node, Node, Node, Node];
  const column = entriesOf(scope, columns, offsets);
  // Row and position in the row of every entry: the row is what is needed.
  const places = scope.op('RaggedTensorToSparse', [scope.value(offsets), column], {
    RAGGED_RANK: attribute.whole(1),
    ...int32,
    Tsplits: attribute.type('int32'),
  });
  const row = scope.op('Slice', [places, ints(scope, [0, 0]), ints(scope, [-1, 1])], {
    T: attribute.type('int64'),
    Index: attribute.type('int32'),
  });
  const wide = reshape(scope, cast(scope, column, 'int32', 'int64'), 'int64', [-1, 1]);
  const indices = scope.op('ConcatV2', [row, wide, ints(scope, [1], [])], {
    T: attribute.type('int64'),
    N: attribute.whole(2),
  });
  const shape = cast(scope, ints(scope, [rows, width]), 'int32', 'int64');
  return scope.op(
    'SparseTensorDenseMatMul',
    [indices, entriesOf(scope, values, offsets), shape, scope.value(dense)],
    { ...T, Tindices: attribute.type('int64'), adjoint_a: attribute.flag(transposed) },
  );
}

export const sparseEmits: { readonly [Name in SparseOp]: Emit<Name> } = {
  raggedOffsets: (scope, { inputs }) => {
    const [offsets, rows] = inputs as [Node, Node];
    const starts = [scope.value(offsets), scope.value(rows), ints(scope, [0], [])];
    const gathered = (from: Tensor, at: Tensor): Tensor =>
      scope.op('GatherV2', [from, at, starts[2]!], {
        Tparams: attribute.type('int32'),
        Tindices: attribute.type('int32'),
        Taxis: attribute.type('int32'),
      });
    const next = scope.op('AddV2', [starts[1]!, ints(scope, [1], [])], int32);
    const lengths = scope.op('Sub', [gathered(starts[0]!, next), gathered(starts[0]!, starts[1]!)], int32);
    const ends = scope.op('Cumsum', [lengths, ints(scope, [0], [])], {
      ...int32,
      Tidx: attribute.type('int32'),
    });
    return scope.op('ConcatV2', [ints(scope, [0]), ends, ints(scope, [0], [])], {
      ...int32,
      N: attribute.whole(2),
    });
  },
  raggedGather: (scope, node) => padded(scope, node, entriesOf(scope, node, node.inputs[1]!)),
  sparseDropout: (scope, node) => padded(scope, node, entriesOf(scope, node, node.inputs[1]!)),
  sparseMatmul: (scope, node) => product(scope, node, node.shape[0]!, node.inputs[3]!.shape[0]!, false),
  sparseMatmulGradient: (scope, node) =>
    product(scope, node, node.inputs[3]!.shape[0]!, node.shape[0]!, true),
};
