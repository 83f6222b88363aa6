import { sizeOf } from '../../graph/node.ts';
import type { Program, SignatureName } from '../../graph/program.ts';
import type { Executable, Fetches, TensorData } from '../engine.ts';
import type { JsTensor, SavedModel, TensorFlow } from './binding.ts';
import type { HostInput, HostOutput } from './host.ts';
import { loadSignatures } from './load.ts';
import { compileScalars } from './rules.ts';
import { writeProgram } from './saved-model.ts';

interface LoadedSignature {
  readonly model: SavedModel;
  readonly inputs: readonly LoadedInput[];
  readonly outputs: readonly HostOutput[];
}
interface LoadedInput {
  readonly key: string;
  readonly name: string;
  /** How many values the feed must have. */
  readonly count: number;
  tensor(data: TensorData): JsTensor;
}

let executables = 0;

/** Writes, loads and wraps a program; its variables live in the session of the loaded model. */
export async function compileExecutable(tf: TensorFlow, program: Program, xla: boolean): Promise<Executable> {
  const written = writeProgram(program, `adam-repro-${process.pid}-${executables++}`, xla);
  const models = await loadSignatures(tf, written.bytes, written.signatures.keys());
  const signatures = new Map<SignatureName, LoadedSignature>();
  for (const [name, { inputs, outputs }] of written.signatures) {
    const model = models.get(name)!;
    signatures.set(name, { model, inputs: inputs.map((input) => loadedInput(tf, input)), outputs });
  }
  let disposed = false;
  return {
    run(name, feeds) {
      if (disposed) throw new Error(`signature ${name} was disposed of`);
      const signature = signatures.get(name);
      return signature === undefined ? {} : call(name, signature, feeds);
    },
    dispose() {
      if (disposed) return;
      disposed = true;
      for (const { model } of signatures.values()) model.dispose();
    },
  };
}

function call(
  name: SignatureName,
  { model, inputs, outputs }: LoadedSignature,
  feeds: Readonly<Record<string, TensorData>>,
): Fetches {
  const tensors: Record<string, JsTensor> = {};
  let results: Readonly<Record<string, JsTensor>> = {};
  try {
    for (const input of inputs) {
      const data = feeds[input.name];
      if (data?.length !== input.count) {
        throw new RangeError(
          `signature ${name} needs feed ${input.name} with ${input.count} values, not ${data?.length ?? 'none'}`,
        );
      }
      tensors[input.key] = input.tensor(data);
    }
    results = model.predict(tensors);
    const fetches: Record<string, TensorData> = {};
    for (const output of outputs) {
      const data = results[output.key]!.dataSync();
      fetches[output.name] = output.dtype === 'uint8' ? Uint8Array.from(data) : data;
    }
    return fetches;
  } finally {
    for (const key in tensors) tensors[key]!.dispose();
    for (const key in results) results[key]!.dispose();
  }
}

function loadedInput(tf: TensorFlow, { key, feed, kind, shape, plan }: HostInput): LoadedInput {
  const common = { key, name: feed.attributes.name, count: sizeOf(feed.shape) };
  const dimensions = [...shape];
  switch (kind) {
    case 'float':
      return {
        ...common,
        tensor: (data) =>
          tf.tensor(data instanceof Float32Array ? data : Float32Array.from(data), dimensions, 'float32'),
      };
    case 'int32':
      return {
        ...common,
        tensor: (data) =>
          tf.tensor(data instanceof Int32Array ? data : Int32Array.from(data), dimensions, 'int32'),
      };
    case 'bytes':
      return { ...common, tensor: (data) => tf.tensor(words(data, dimensions[0]!), dimensions, 'int32') };
    case 'scalars': {
      const compute = compileScalars(plan!.rule, plan!.scalars);
      const values = new Float32Array(dimensions[0]!);
      return {
        ...common,
        tensor: (data) => {
          compute(data, values);
          return tf.tensor(values, dimensions, 'float32');
        },
      };
    }
  }
}

/** Bytes as int32, four each; a copy only where they are not laid out so. */
function words(data: TensorData, count: number): Int32Array {
  const fits = data instanceof Uint8Array && data.byteOffset % 4 === 0 && data.length === 4 * count;
  if (fits) return new Int32Array(data.buffer, data.byteOffset, count);
  const packed = new Uint8Array(4 * count);
  packed.set(data);
  return new Int32Array(packed.buffer);
}
