import type { TensorFlow } from './binding.ts';

export async function canCompile(_tf: TensorFlow): Promise<boolean> {
  return process.env.XLA !== '0';
}
