import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { markdownTable } from './generated.ts';
import { root } from './root.ts';

interface Sample {
  readonly model: string;
  readonly library: string;
  readonly mode: string;
  readonly round: string;
  readonly milliseconds: string;
}

const models = ['logreg', 'mlp', 'cnn', 'vae'];
const processes = '2 processes, one thread each';
/** Each row: ours, the peer, the file of the measurements and how many processes and threads. */
const rows = [
  ['adam-repro, wasm', /^tfjs-backend-wasm/, 'tfjs-wasm', 'one process, one thread'],
  ['adam-repro, wasm', /^PyTorch/, 'torch', processes],
  ['adam-repro, TensorFlow', /^PyTorch/, 'torch', processes],
  ['adam-repro, TensorFlow', /^PyTorch/, 'torch', 'one process, 2 threads'],
] as const;

/** How many times as fast as the peer: the median over the rounds, each of which timed both. */
export function engineRatios(): string {
  const table = rows.map(([ours, peer, file, mode]) => {
    const samples = (
      parse(readFileSync(join(root, `bench/results/${file}.csv`)), { columns: true }) as Sample[]
    ).filter((sample) => sample.mode === mode);
    const theirs = samples.filter(({ library }) => peer.test(library));
    const ratios = models.map((model) => {
      const own = samples.filter((sample) => sample.library === ours && sample.model === model);
      const perRound = own.flatMap(({ round, milliseconds }) =>
        theirs
          .filter((other) => other.model === model && other.round === round)
          .map((other) => Number(other.milliseconds) / Number(milliseconds)),
      );
      return perRound.length === 0 ? '-' : middle(perRound).toFixed(2);
    });
    return [ours.replace('adam-repro, ', ''), theirs[0]!.library, mode, ...ratios];
  });
  const head = ['engine', 'beside', 'processes and threads', 'logistic regression', 'MLP', 'CNN', 'VAE'];
  return markdownTable(head, table);
}

/** As in bench/report.mjs, which counts odd numbers of rounds. */
const middle = (x: readonly number[]): number => [...x].sort((a, b) => a - b)[Math.floor(x.length / 2)]!;
