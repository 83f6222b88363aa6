import type { Program, SignatureName } from '../graph/program.ts';

/** The engines: float64 in JavaScript, float32 in WebAssembly, float32 by TensorFlow. */
export const engineNames = ['reference', 'wasm', 'tensorflow'] as const;
/** The name of an engine. */
export type EngineName = (typeof engineNames)[number];

/** The elements of an array, in row-major order. */
export type TensorData = Float64Array | Float32Array | Int32Array | Uint8Array;
/** Values for a signature's feeds, by name; lengths must match the feeds' shapes. */
export type Feeds = Readonly<Record<string, TensorData>>;
/** A signature's results, by name. The arrays belong to the executable and hold until its next `run`: copy what you keep. */
export type Fetches = Readonly<Record<string, TensorData>>;

/** Whether an engine runs on this machine: on what, or why not. */
export type Availability =
  | {
      readonly ok: true;
      readonly device: string;
      /** A GPU is one run's at a time. */
      readonly gpu: boolean;
      readonly variant: string;
      /** Of one process. */
      readonly threads: number;
    }
  /** One clause each: why it is not there, and what to do. */
  | { readonly ok: false; readonly reason: string; readonly remedy: string };

/** `compile` does all the failing: it names every op that the engine cannot run. */
export interface Engine {
  readonly name: EngineName;
  availability(): Promise<Availability>;
  compile(program: Program): Promise<Executable>;
  /** How the updates of the program's `step` are carried out, one clause each, by an engine that has several ways. */
  describeUpdates?(program: Program): readonly { readonly parameter: string; readonly how: string }[];
}

/** A compiled program with its variables. */
export interface Executable {
  run(signature: SignatureName, feeds: Feeds): Fetches;
  dispose(): void;
}
