/** Mean and deviation of one channel, in units of its numbers. */
export interface ChannelStatistics {
  readonly mean: number;
  readonly deviation: number;
}

/** Of every channel of `data`, uint8 [..., channels]; a deviation of 0 counts as 1. */
export function channelStatistics(data: Uint8Array, channels: number): ChannelStatistics[] {
  const counts = Array.from({ length: channels }, () => new Float64Array(256));
  counts.forEach((count, channel) => {
    for (let i = channel; i < data.length; i += channels) count[data[i]!]!++;
  });
  return counts.map((count) => {
    const average = (of: (value: number) => number) =>
      count.reduce((sum, n, value) => sum + n * of(value), 0) / (data.length / channels);
    const mean = average((value) => value);
    return { mean, deviation: Math.sqrt(average((value) => (value - mean) ** 2)) || 1 };
  });
}

/** (x - mean) / deviation of its channel, written to `into`, which is as long as `data`. */
export function standardizeChannels(
  data: Uint8Array,
  statistics: readonly ChannelStatistics[],
  into: Float32Array,
): void {
  const channels = statistics.length;
  statistics.forEach(({ mean, deviation }, channel) => {
    const table = Float32Array.from({ length: 256 }, (_, value) => (value - mean) / deviation);
    for (let i = channel; i < data.length; i += channels) into[i] = table[data[i]!]!;
  });
}
