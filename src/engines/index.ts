import { UsageError, UserError } from '../errors.ts';
import { type Availability, type Engine, type EngineName, engineNames } from './engine.ts';

export type { Availability, Engine, EngineName, Executable } from './engine.ts';
export { engineNames };

/** Engines load where they are used: the command line starts without them. */
const loaders: Readonly<Record<EngineName, () => Promise<Engine>>> = {
  reference: async () => (await import('./reference/index.ts')).reference,
  wasm: async () => (await import('./wasm/index.ts')).wasm,
  tensorflow: async () => (await import('./tensorflow/index.ts')).tensorflow,
};

export async function engineAvailability(name: EngineName): Promise<Availability> {
  return (await loaders[name]()).availability();
}

/** @throws UserError when there is no such engine, or it cannot run here. */
export async function loadEngine(name: EngineName): Promise<Engine> {
  if (!Object.hasOwn(loaders, name))
    throw new UsageError(`There is no engine "${name}": use one of ${engineNames.join(', ')}.`);
  const engine = await loaders[name]();
  const availability = await engine.availability();
  if (availability.ok) return engine;
  const { reason, remedy } = availability;
  throw new UserError(`The engine ${name} is not available: ${reason}; ${remedy}.`);
}

/** The engine that `auto` stands for on this machine: TensorFlow where it is installed, else the embedded one. */
export async function resolveEngine(name: EngineName | 'auto'): Promise<EngineName> {
  if (name !== 'auto') return (await loadEngine(name)).name;
  return (await engineAvailability('tensorflow')).ok ? 'tensorflow' : 'wasm';
}
