import { UserError } from '../errors.ts';
import type { Availability, Engine, EngineName } from './engine.ts';

export { type Availability, type Engine, type EngineName, type Executable, engineNames } from './engine.ts';

/** Engines load where they are used: the command line starts without them. */
const loaders: Readonly<Record<EngineName, () => Promise<Engine | null>>> = {
  reference: async () => (await import('./reference/index.ts')).reference,
  wasm: async () => (await import('./wasm/index.ts')).wasm,
  // Installed and driven by a later version; the name is reserved in specs so that they need not change.
  tensorflow: async () => null,
};

const notIncluded: Availability = {
  ok: false,
  reason: 'this version does not include the TensorFlow engine',
  remedy: 'use the embedded engine (--engine wasm)',
};

export async function engineAvailability(name: EngineName): Promise<Availability> {
  return (await loaders[name]())?.availability() ?? notIncluded;
}

/** @throws UserError when the engine cannot run here. */
export async function loadEngine(name: EngineName): Promise<Engine> {
  const engine = await loaders[name]();
  const availability = engine === null ? notIncluded : await engine.availability();
  if (engine !== null && availability.ok) return engine;
  const { reason, remedy } = availability as Extract<Availability, { ok: false }>;
  throw new UserError(`The engine ${name} is not available: ${reason}; ${remedy}.`);
}

/** The engine that `auto` stands for on this machine: TensorFlow where it is installed, else the embedded one. */
export async function resolveEngine(name: EngineName | 'auto'): Promise<EngineName> {
  if (name !== 'auto') return (await loadEngine(name)).name;
  return (await engineAvailability('tensorflow')).ok ? 'tensorflow' : 'wasm';
}
