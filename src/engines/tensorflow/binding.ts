import { UserError } from '../../errors.ts';
import { type LocatedTensorFlow, loadBinding } from './install/locate.ts';

/** What the engine uses of `@tensorflow/tfjs-node-gpu`, all of it public. */
export interface TensorFlow {
  readonly node: {
    loadSavedModel(path: string, tags: string[], signature: string): Promise<SavedModel>;
  };
  tensor(values: Float32Array | Int32Array, shape: number[], dtype: 'float32' | 'int32'): JsTensor;
  memory(): { readonly numTensors: number };
  backend(): { readonly isUsingGpuDevice?: boolean };
}
export interface JsTensor {
  dataSync(): Float32Array | Int32Array;
  dispose(): void;
}
export interface SavedModel {
  predict(inputs: Readonly<Record<string, JsTensor>>): Readonly<Record<string, JsTensor>>;
  dispose(): void;
}

let loaded: TensorFlow | null = null;

/** The binding, once it has been loaded in this process. */
export const loadedTensorFlow = (): TensorFlow | null => loaded;

/** The environment variable with the number of threads of TensorFlow: 1 where several runs share the machine. */
export const threadsVariable = 'ADAM_REPRO_THREADS';

/** @throws UserError when the number of threads is none. */
export function threadsOf(environment: NodeJS.ProcessEnv): number {
  const threads = Number(environment[threadsVariable] ?? 1);
  if (Number.isInteger(threads) && threads >= 1) return threads;
  throw new UserError(
    `${threadsVariable} is "${environment[threadsVariable]}": give it a whole number from 1.`,
  );
}

/**
 * Loads the library on first use, which takes from half a second to two; its settings hold from then on.
 * @param oneDnn whether large products are to come, for which oneDNN's kernels pay; with small ones, as in logistic
 * regression, preparing them takes longer than the product.
 * @throws UserError when it cannot be loaded, or the number of threads is none.
 */
export function tensorFlow(
  located: LocatedTensorFlow,
  oneDnn = true,
  environment: NodeJS.ProcessEnv = process.env,
): TensorFlow {
  if (loaded !== null) return loaded;
  const threads = threadsOf(environment);
  try {
    loaded = loadBinding<TensorFlow>(located, { threads, oneDnn, environment });
    return loaded;
  } catch (cause) {
    const [reason] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
    throw new UserError(
      `TensorFlow in ${located.folder} cannot be loaded (${reason}): run "adam-repro engine install tensorflow" again, or use --engine wasm.`,
      { cause },
    );
  }
}
