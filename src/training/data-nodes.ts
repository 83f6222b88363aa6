import type { Node } from '../graph/node.ts';
import {
  type Feed,
  gather,
  raggedGather,
  raggedOffsets,
  sparseRows,
  type Variable,
  variable,
} from '../graph/ops/index.ts';

/** What a program has to know of its examples; training and test examples are counted together. */
export interface DataDescription {
  readonly examples: number;
  readonly classes: number;
  readonly inputs: InputsDescription;
}

export type InputsDescription =
  | {
      readonly kind: 'dense';
      /** Of one example. */
      readonly shape: readonly number[];
      readonly dtype: 'uint8' | 'float';
      /** What uint8 values are multiplied by. */
      readonly scale: number;
    }
  | {
      readonly kind: 'sparse';
      /** How many columns there are. */
      readonly width: number;
      /** Of all examples together. */
      readonly entries: number;
      /** Entries of the example that has the most. */
      readonly longestRow: number;
    };

/** Resident data as nodes of a program. */
export interface DataNodes {
  readonly variables: readonly Variable[];
  /** The examples with these row numbers. */
  batch(rows: Feed): { readonly x: Node; readonly labels: Node };
}

export function dataNodes({ examples, inputs }: DataDescription): DataNodes {
  const labels = variable('data/labels', [examples], 'uint8');
  const { variables, rowsOf } = inputs.kind === 'dense' ? dense(examples, inputs) : sparse(examples, inputs);
  return {
    variables: [...variables, labels],
    batch: (rows) => ({ x: rowsOf(rows), labels: gather(labels, rows) }),
  };
}

interface InputNodes {
  readonly variables: readonly Variable[];
  rowsOf(rows: Feed): Node;
}

function dense(
  examples: number,
  { shape, dtype, scale }: Extract<InputsDescription, { kind: 'dense' }>,
): InputNodes {
  const data = variable('data/inputs', [examples, ...shape], dtype);
  return { variables: [data], rowsOf: (rows) => gather(data, rows, dtype === 'uint8' ? scale : null) };
}

function sparse(
  examples: number,
  { width, entries, longestRow }: Extract<InputsDescription, { kind: 'sparse' }>,
): InputNodes {
  const offsets = variable('data/offsets', [examples + 1], 'int32');
  // Examples without any entry are possible, arrays without any element are not.
  const columns = variable('data/columns', [Math.max(1, entries)], 'int32');
  const values = variable('data/values', [Math.max(1, entries)]);
  return {
    variables: [offsets, columns, values],
    rowsOf: (rows) => {
      const capacity = rows.shape[0]! * Math.max(1, longestRow);
      const gathered = (data: Node): Node => raggedGather(data, offsets, rows, capacity);
      return sparseRows(gathered(columns), gathered(values), raggedOffsets(offsets, rows), width);
    },
  };
}
