import { spawn } from 'node:child_process';
import type { Command } from 'commander';
import type { ResolvedExperiment } from '../../spec/resolve.ts';
import type { Context } from '../context.ts';
import { defaultProfile, profileNames } from '../experiment.ts';
import { duration } from '../format.ts';
import { helpText } from '../help-text.ts';
import type { ExperimentListing, ProfileListing } from '../listing.ts';
import { resultsOption } from '../results-option.ts';
import { renderTable } from '../table.ts';

interface ListOptions {
  readonly output: string;
  readonly measure?: boolean;
}

export function addList(program: Command, { output }: Context): void {
  program
    .command('list')
    .summary('the experiments that can be run')
    .description(
      helpText(
        'The experiments that come with adam-repro: the paper and figure each belongs to, and for each profile how many of its runs are done in the results folder and how long all of them take on this machine. Times come from steps that were measured here, by a run or by --measure; a dash stands where none was.',
        [
          ['adam-repro list'],
          ['adam-repro list --measure', 'takes a few minutes'],
          ['adam-repro list --json'],
        ],
      ),
    )
    .option('--measure', 'measure the steps that were not measured on this machine yet')
    .addOption(resultsOption())
    .action(async ({ output: resultsFolder, measure = false }: ListOptions) => {
      const { listExperiments } = await import('../listing.ts');
      const measured = async (experiment: ResolvedExperiment): Promise<void> => {
        output.note(`Measuring ${experiment.name}, profile ${experiment.profile} ...`);
        if (!(await measureElsewhere(experiment))) {
          output.note(`It could not be measured: adam-repro run ${experiment.baseName} -n says why.`);
        }
      };
      const listings = await listExperiments(resultsFolder, measure ? measured : undefined);
      const experiments = listings.sort(byFigure).map((listing) => {
        const { runs, states } = listing.profiles[defaultProfile];
        return { ...listing, profile: defaultProfile, runs, done: doneOf(states) };
      });
      output.result({ experiments }, () =>
        renderTable(
          [
            { title: 'experiment' },
            { title: 'variant' },
            { title: 'paper' },
            { title: 'figure' },
            { title: 'title' },
            ...profileNames.flatMap((title) => [{ title, align: 'right' as const }, { title: 'state' }]),
          ],
          experiments.map((e: ExperimentListing) => [
            output.paint.bold(e.name),
            e.variant,
            e.paper ?? '-',
            e.figure ?? '-',
            e.title,
            ...profileNames.flatMap((profile) => [
              timeText(e.profiles[profile]),
              stateText(e.profiles[profile]),
            ]),
          ]),
        ),
      );
      output.note('\nRun one with: adam-repro run EXPERIMENT [--variant VARIANT] [-p PROFILE]');
      if (
        !measure &&
        listings.some(({ profiles }) => Object.values(profiles).some((p) => p.seconds === null))
      ) {
        output.note('A dash: no step was measured on this machine yet; --measure does that.');
      }
    });
}

/**
 * A dry run in a process of its own keeps what it measures: what an engine decides for its first program in a process must
 * not hold for those of other experiments. Whether it could.
 */
function measureElsewhere({ baseName, variant, profile }: ResolvedExperiment): Promise<boolean> {
  const words = ['run', baseName, '--variant', variant, '-p', profile, '-n', '-q', '--fresh'];
  return new Promise((done) => {
    const child = spawn(process.execPath, [process.argv[1]!, ...words], { stdio: 'ignore' });
    child.on('error', () => done(false));
    child.on('close', (code) => done(code === 0));
  });
}

/** By paper and figure; what is drawn on no page comes last. */
function byFigure(a: ExperimentListing, b: ExperimentListing): number {
  const place = ({ paper, figure, name }: ExperimentListing): string[] => [paper ?? '~', figure ?? '~', name];
  const [left, right] = [place(a), place(b)];
  for (const [i, text] of left.entries()) {
    const order = text.localeCompare(right[i]!, 'en', { numeric: true });
    if (order !== 0) return order;
  }
  return 0;
}

const doneOf = (states: ProfileListing['states']): number => (states.complete ?? 0) + (states.diverged ?? 0);

const timeText = ({ seconds }: ProfileListing): string => (seconds === null ? '-' : duration(seconds));

/** `3/5`, and what is worth a word. */
function stateText({ runs, states }: ProfileListing): string {
  const words = (['diverged', 'running', 'interrupted', 'failed'] as const).flatMap((status) =>
    states[status] === undefined ? [] : [`${states[status]} ${status}`],
  );
  return [`${doneOf(states)}/${runs}`, ...words].join(', ');
}
