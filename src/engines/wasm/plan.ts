/** Where arrays live in one block of memory, found once from their lifetimes. */

/** Every array starts at a multiple of this: a cache line, and four vectors. */
export const alignment = 64;

export const aligned = (bytes: number): number => Math.ceil(bytes / alignment) * alignment;

export interface PlannedValue {
  readonly bytes: number;
  /** The steps between which the value is needed, both included. */
  readonly first: number;
  readonly last: number;
}

export interface MemoryPlan {
  /** Byte offset of each value. */
  readonly offsets: readonly number[];
  readonly bytes: number;
}

/**
 * Gives values offsets such that no two that live at the same step overlap. The largest come first, each into the
 * smallest gap that holds it (the greedy planner of XNNPACK and TensorFlow Lite).
 */
export function planMemory(values: readonly PlannedValue[]): MemoryPlan {
  const offsets = new Array<number>(values.length).fill(0);
  const placed: number[] = [];
  let total = 0;
  const largestFirst = values.map((_, i) => i).sort((a, b) => values[b]!.bytes - values[a]!.bytes || a - b);
  for (const i of largestFirst) {
    const value = values[i]!;
    const alive = placed
      .filter((j) => values[j]!.first <= value.last && value.first <= values[j]!.last)
      .sort((a, b) => offsets[a]! - offsets[b]!);
    const needed = aligned(value.bytes);
    let end = 0;
    let best: { offset: number; gap: number } | undefined;
    for (const j of alive) {
      const gap = offsets[j]! - end;
      if (gap >= needed && (best === undefined || gap < best.gap)) best = { offset: end, gap };
      end = Math.max(end, offsets[j]! + aligned(values[j]!.bytes));
    }
    offsets[i] = best?.offset ?? end;
    placed.push(i);
    total = Math.max(total, offsets[i]! + needed);
  }
  return { offsets, bytes: total };
}
