import type { Engine } from '../engine.ts';
import { compileReference } from './executable.ts';

/** Float64 loops in TypeScript: the definition that the fast engines are tested against, and enough for landscapes. */
export const reference: Engine = {
  name: 'reference',
  availability: async () => ({ ok: true, device: 'CPU', gpu: false, variant: 'float64', threads: 1 }),
  compile: async (program) => compileReference(program),
};
