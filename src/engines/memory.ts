import { totalmem } from 'node:os';
import { constrainedMemory } from 'node:process';
import { UserError } from '../errors.ts';
import type { EngineName } from './engine.ts';

/** WebAssembly addresses have 32 bits. */
const wasmBytes = 2 ** 32;

/** What a run holds at least, in numbers. */
export interface MemoryNeeds {
  /** Trained numbers together with the optimizer's state. */
  readonly stored: number;
  /** The largest of the arrays that are computed. */
  readonly largestArray: number;
  /** The data set, in bytes. */
  readonly dataBytes: number;
}

/**
 * Refuses a run that cannot fit, before anything is made. This is a lower bound: what only the compiled program shows
 * is left to the engine.
 * @throws UserError with what is needed and what there is.
 */
export function checkMemory(engine: EngineName, needs: MemoryNeeds): void {
  const { stored, largestArray, dataBytes } = needs;
  const engineBytes = (stored + largestArray) * (engine === 'reference' ? 8 : 4) + dataBytes;
  // The first values and the data are made on the host and then handed to the engine.
  const hostBytes = engineBytes + stored * 4 + dataBytes;
  const machineBytes = machineMemory();
  const inEngine = engine === 'wasm' && engineBytes > wasmBytes;
  if (!inEngine && hostBytes <= machineBytes) return;
  const limit = inEngine ? 'the wasm engine can have 4 GiB' : `this machine has ${gibibytes(machineBytes)}`;
  throw new UserError(
    `This model needs at least ${gibibytes(inEngine ? engineBytes : hostBytes)} of memory ` +
      `(${stored.toLocaleString('en-US')} numbers of parameters and optimizer state), and ${limit}: ` +
      `make the model or the batches smaller${inEngine ? ', or take another engine' : ''}.`,
  );
}

/** Of the container where there is one. */
function machineMemory(): number {
  const constrained = constrainedMemory() ?? 0;
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

const gibibytes = (bytes: number): string =>
  `${(bytes / 2 ** 30).toLocaleString('en-US', { maximumFractionDigits: 1 })} GiB`;

/** What a process of this engine takes before it holds anything, as measured on Linux, rounded up. */
export function baseBytes(engine: EngineName): number {
  return engine === 'tensorflow' ? 700e6 : 150e6;
}
