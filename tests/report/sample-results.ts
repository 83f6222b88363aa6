import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ReportSource, reportSources } from '../../src/report/index.ts';
import { curvesColumns, runsColumns } from '../../src/results/tables.ts';
import { runId } from '../../src/spec/hash.ts';
import type { ProfileName } from '../../src/spec/schema.ts';

/** A title that would be a script, if a page did not escape it. */
export const hostileTitle = '<script>alert("title")</script> & <img src=x onerror=alert(1)>';
export const hostileLabel = `Adam <b onclick="alert('label')">`;

const spec = (title: string, label: string) => `title: ${JSON.stringify(title)}
data: { name: synthetic, trainExamples: 256, testExamples: 64 }
model: { type: logistic-regression, initialization: zeros }
training: { batchSize: 64, epochs: 20 }
evaluation: { every: 1 }
optimizers:
  adam: { label: ${JSON.stringify(label)}, lr: 0.01 }
  sgd: { label: SGD, lr: 0.1 }
variants:
  tuned:
    optimizers:
      sgd: { lr: 0.3 }
`;

export interface Sample {
  readonly title?: string;
  readonly label?: string;
  readonly profile?: ProfileName;
  readonly variant?: string;
  readonly seeds?: readonly number[];
  readonly optimizers?: readonly string[];
  readonly epochs?: number;
  /** Of the runs of `sgd`. */
  readonly status?: string;
}

/** Writes a spec of the given name and, as a run would leave them, the tables of some of its results; gives the spec's path. */
export async function sampleResults(
  folder: string,
  name: string,
  {
    title = 'A sample',
    label = 'Adam',
    profile = 'paper',
    variant = 'as-drawn',
    seeds = [0, 1, 2],
    optimizers = ['adam', 'sgd'],
    epochs = 20,
    status = 'complete',
  }: Sample = {},
): Promise<string> {
  const file = join(folder, `${name}.yaml`);
  writeFileSync(file, spec(title, label));
  const source = (await reportSources([file])).find((one) => one.variant === variant)!;
  const experiment = await source.resolve(profile);
  const curves: string[] = [];
  const runs: string[] = [];
  for (const run of experiment.runs.filter(({ optimizer }) => optimizers.includes(optimizer))) {
    for (const seed of seeds) {
      const id = runId({ ...run, seed });
      const { optimizer, optimizerSettings, model, data, batchSize } = run;
      const json = (value: unknown): string => `"${JSON.stringify(value).replaceAll('"', '""')}"`;
      const { hyper, schedule, warmupSteps, weightDecay } = optimizerSettings;
      const how = optimizer === 'sgd' ? status : 'complete';
      runs.push(
        [
          ...[id, optimizer, json({ ...hyper, schedule, warmupSteps, weightDecay }), json(model), json(data)],
          ...[batchSize, run.epochs, seed, how, epochs, 12.5, 1, 0.5],
        ].join(','),
      );
      for (let epoch = 1; epoch <= epochs; epoch++) {
        const cost = (optimizer === 'adam' ? 0.5 : 2) / epoch + 0.01 * seed;
        for (const [split, metric, value] of [
          ['train', 'minibatch-cost', cost],
          ['test', 'error', cost / 10],
        ]) {
          curves.push(
            [
              experiment.name,
              profile,
              run.engine,
              optimizer,
              id,
              seed,
              epoch,
              4 * epoch,
              split,
              metric,
              value,
            ].join(','),
          );
        }
      }
    }
  }
  const place = join(folder, 'results', experiment.name, profile);
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'curves.csv'), `${[curvesColumns.join(','), ...curves].join('\n')}\n`);
  writeFileSync(join(place, 'runs.csv'), `${[runsColumns.join(','), ...runs].join('\n')}\n`);
  return file;
}

export const sourcesOf = (...files: readonly string[]): Promise<ReportSource[]> => reportSources(files);
