import type { Node } from '../../graph/node.ts';
import { attribute, type Tensor } from './graphdef.ts';
import { cast, type Emit, float, ints, reshape, type Scope, T } from './scope.ts';

type SparseOp = 'sparseMatmul' | 'sparseMatmulGradient';

/** Indices int64 [b * e, 2] and values [b * e] of a sparse matrix; entries behind a row's end add 0 times column 0. */
function sparseEntries(scope: Scope, columns: Node, values: Node): { indices: Tensor; values: Tensor } {
  const [rows, entries] = columns.shape as [number, number];
  const count = rows * entries;
  const flat = reshape(scope, scope.value(columns), 'int32', [count]);
  const int32 = { T: attribute.type('int32') };
  const rowOf = ints(
    scope,
    Array.from({ length: count }, (_, i) => Math.floor(i / entries)),
  );
  const column = scope.op('Maximum', [flat, ints(scope, [0], [])], int32);
  const pairs = scope.op('Pack', [rowOf, column], {
    ...int32,
    N: attribute.whole(2),
    axis: attribute.whole(1),
  });
  const there = scope.op('GreaterEqual', [flat, ints(scope, [0], [])], int32);
  const flatValues = reshape(scope, scope.value(values), 'float', [count]);
  return {
    indices: cast(scope, pairs, 'int32', 'int64'),
    values: scope.op('SelectV2', [there, flatValues, float(scope, 0)], T),
  };
}

const sparseProduct = (
  scope: Scope,
  entries: { indices: Tensor; values: Tensor },
  shape: readonly [number, number],
  dense: Tensor,
  transposed: boolean,
): Tensor =>
  scope.op(
    'SparseTensorDenseMatMul',
    [entries.indices, entries.values, cast(scope, ints(scope, shape), 'int32', 'int64'), dense],
    { ...T, Tindices: attribute.type('int64'), adjoint_a: attribute.flag(transposed) },
  );

export const sparseEmits: { readonly [Name in SparseOp]: Emit<Name> } = {
  sparseMatmul: (scope, { inputs }) => {
    const [columns, values, weights] = inputs as [Node, Node, Node];
    const shape = [columns.shape[0]!, weights.shape[0]!] as const;
    return sparseProduct(scope, sparseEntries(scope, columns, values), shape, scope.value(weights), false);
  },
  sparseMatmulGradient: (scope, { inputs, attributes }) => {
    const [columns, values, g] = inputs as [Node, Node, Node];
    const shape = [columns.shape[0]!, attributes.rows] as const;
    return sparseProduct(scope, sparseEntries(scope, columns, values), shape, scope.value(g), true);
  },
};
