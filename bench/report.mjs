// Makes the table of a benchmark from its samples: to the terminal, to bench/results/ and into docs/performance.md.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';

const median = (x) => [...x].sort((a, b) => a - b)[Math.floor(x.length / 2)];
const short = (x) => (x >= 100 ? x.toFixed(0) : x >= 10 ? x.toFixed(1) : x.toFixed(2));

export function report({ peer, measurements, samples, sgemm, memory }) {
  // The machine's rate is the best that was seen: a slow minute says nothing of what it can do.
  const rate = sgemm.length > 0 ? Math.max(...sgemm) : undefined;
  const rows = measurements.map(({ model, library, title, mode, gflop }, i) => {
    // Against the peer in the same model and mode, round by round, so that a slow minute hits both sides.
    const other = measurements.findIndex((m) => m.model === model && m.library === peer && m.mode === mode);
    const ratio =
      other < 0 || library === peer ? undefined : median(samples[i].map((ms, r) => samples[other][r] / ms));
    const gflops = gflop === undefined ? undefined : gflop / (median(samples[i]) / 1000);
    return {
      model,
      library: title,
      'processes and threads': mode,
      'ms per step': short(median(samples[i])),
      spread: `${short(Math.min(...samples[i]))}-${short(Math.max(...samples[i]))}`,
      'GF/s': gflops === undefined ? '' : gflops.toFixed(0),
      ...(rate === undefined
        ? {}
        : { 'of sgemm': gflops === undefined ? '' : `${((100 * gflops) / rate).toFixed(0)} %` }),
      'times as fast as the peer': ratio === undefined ? '' : ratio.toFixed(2),
    };
  });
  const columns = Object.keys(rows[0]);
  const table = [columns, columns.map(() => '---'), ...rows.map((row) => Object.values(row))]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
  const note = [
    `${cpus()[0].model.trim()}, ${cpus().length} cores, Node ${process.version}, ${samples[0].length} interleaved rounds`,
    rate === undefined ? '' : `, sgemm of 1024 x 1024 on all cores ${rate.toFixed(0)} GF/s`,
    `. Resident memory of one MLP run on the wasm engine: ${memory.toFixed(0)} MB.`,
  ].join('');
  console.log(`${table}\n\n${note}`);

  const here = import.meta.dirname;
  mkdirSync(join(here, 'results'), { recursive: true });
  const records = measurements.flatMap(({ model, title, mode }, i) =>
    samples[i].map((ms, round) => ({ model, library: title, mode, round: round + 1, milliseconds: ms })),
  );
  writeFileSync(join(here, 'results', `${peer}.csv`), stringify(records, { header: true }));

  const page = join(here, '../docs/performance.md');
  const [start, end] = [`<!-- ${peer} -->`, `<!-- end of ${peer} -->`];
  const text = readFileSync(page, 'utf8');
  if (!text.includes(start)) return;
  const [before, after] = [text.split(start)[0], text.split(end)[1]];
  writeFileSync(page, `${before}${start}\n${table}\n\n${note}\n${end}${after}`);
}
