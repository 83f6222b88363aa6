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

/** Loads the library on first use, which takes from half a second to two; its settings hold from then on. */
export function tensorFlow(located: LocatedTensorFlow): TensorFlow {
  loaded ??= loadBinding<TensorFlow>(located);
  return loaded;
}
