import type { Command } from 'commander';
import type { Recovered, RecoveredTarget, RecoverPlan } from '../../tuning/index.ts';
import type { Context } from '../context.ts';
import { openExperiment } from '../experiment.ts';
import { count } from '../format.ts';
import { helpText } from '../help-text.ts';
import { setEngineEnvironment } from '../run-options.ts';
import { searchDryRun } from '../search-dry-run.ts';
import { addSearchOptions, ascending, type SearchOptions, shareOfOne } from '../search-options.ts';
import { withStages } from '../search-run.ts';
import {
  distance,
  fileLine,
  rankingTable,
  searchedSettings,
  seedsText,
  shownCandidates,
  warnOfEdges,
} from '../search-text.ts';

interface RecoverOptions extends SearchOptions {
  readonly rungs?: readonly number[];
  readonly keep?: number;
}

export function addRecover(program: Command, context: Context): void {
  const command = program
    .command('recover')
    .summary("search the settings that the paper leaves open, by the paper's curves")
    .description(
      helpText(
        'Searches the choices in the spec\'s section "recover" for the curves nearest to the ones read off the paper\'s figure: all candidates train for a few epochs, the nearest go on to the next rung. Shows the runners-up, so that it can be seen how well a setting is determined, and prints the best as lines for the spec. What is done is not repeated.',
        [
          ['adam-repro recover mnist-logreg'],
          ['adam-repro recover mnist-mlp -n', 'how much it is and how long it takes'],
          ['adam-repro recover mnist-mlp --only adam --rungs 6,20'],
          ['adam-repro recover mnist-mlp --search model.dropout.input=[0,0.1,0.2]'],
        ],
      ),
    )
    .argument('<experiment>', 'name of an experiment (see `adam-repro list`), or path of a spec');
  addSearchOptions(command)
    .option('--rungs <epochs>', 'lengths of the rounds, such as 3,10,45', ascending)
    .option('--keep <share>', 'share of the candidates that goes on to the next rung', shareOfOne)
    .action(async (name: string, options: RecoverOptions) => {
      setEngineEnvironment(options, context.environment);
      await recoverExperiment(name, options, context);
    });
}

async function recoverExperiment(name: string, options: RecoverOptions, context: Context): Promise<void> {
  const { output } = context;
  const tuning = await import('../../tuning/index.ts');
  const { spec, resolve } = await openExperiment(name, options);
  const base = await resolve();
  const { search = [], rungs, keep } = options;
  const { plan, seeds, leftOut, pointsLeftOut } = tuning.planRecover(spec, base, {
    ...{ search, ...(rungs && { rungs }), ...(keep !== undefined && { keep }) },
  });
  const changes = options.seeds === undefined && seeds ? { seeds: seeds.join(',') } : {};
  const candidate = tuning.candidateMaker({
    ...{ kind: 'recover', spec, resolve, changes },
    evaluates: false,
  });
  if (leftOut.length > 0) {
    output.note(`Left out, without a search space or a curve in the paper: ${leftOut.join(', ')}.`);
  }
  if (pointsLeftOut > 0) {
    output.note(`Left out, without a marker in the paper's figure: ${count(pointsLeftOut, 'point')}.`);
  }
  const stages = tuning.rungSizes(plan).map((sizes, rung) => ({ epochs: plan.rungs[rung]!, sizes }));
  for (const [rung, { epochs, sizes }] of stages.entries()) {
    if (Object.keys(sizes).length > 0) continue;
    output.note(
      `Rung ${rung + 1} of ${stages.length}, ${count(epochs, 'epoch')}, is skipped: no curve has ${tuning.FEWEST_POINTS} points so early.`,
    );
  }
  if (options.dryRun) {
    const candidates = await tuning.recoverCandidates(plan, candidate);
    await searchDryRun({ base, stages, candidates }, options, context);
    return;
  }
  const { name: experiment, profile } = base;
  const place = { kind: 'recover' as const, resultsFolder: options.output, experiment, profile };
  tuning.readTable(place);
  const content = { optimizers: tuning.optimizerNames(spec) };
  const recovered = await withStages(base, options, context, (run) =>
    tuning.recover(plan, { candidate, run, measured: (found) => tuning.addToTable(place, content, found) }),
  );
  const remedy = 'Try --search with other values.';
  warnOfEdges(output, 'shared', recovered.sharedEdges, remedy);
  for (const { optimizer, edges } of recovered.targets) warnOfEdges(output, optimizer, edges, remedy);
  const file = tuning.tablePath(place);
  const best = recovered.targets.map(({ ranking }) => ranking[0]!);
  // The points of a figure are not settings that were found.
  const found = best.filter(({ candidate }) => !plan.overGrid?.includes(candidate.optimizer));
  const lines = [
    ...tuning.nestedLines(recovered.shared[0]!.shared),
    ...tuning.entryLines(
      found,
      ({ values, epochs }) =>
        `median |log ratio| to the paper's curve ${distance(values?.median)}, at most ${distance(values?.max)}, over ${count(epochs, 'epoch')}`,
    ),
  ];
  const seedsUsed = best[0]!.candidate.runs.map(({ seed }) => seed);
  const { engine } = base;
  output.result(
    {
      ...{ experiment, profile, engine, rungs: plan.rungs, seeds: seedsUsed },
      shared: recovered.shared.map((s) => ({ ...s, score: Number.isFinite(s.score) ? s.score : null })),
      optimizers: recovered.targets.map(documentOf),
      ...{ yaml: `${lines.join('\n')}\n`, files: [file] },
    },
    () =>
      [
        `${experiment}, profile ${profile}, engine ${engine}, ${seedsText(seedsUsed)}: |log ratio| to the paper's ${plan.overGrid ? 'markers' : 'curves'}`,
        '',
        ...sharedTable(plan, recovered, context),
        table(plan, recovered, context),
        '',
        ...(lines.length > 0 ? ['For the spec:', '', ...lines, ''] : []),
        fileLine(file),
      ].join('\n'),
  );
}

function sharedTable(plan: RecoverPlan, { shared }: Recovered, { output }: Context): string[] {
  if (shared.length < 2) return [];
  const rows = shared.slice(0, output.settings.verbose ? undefined : shownCandidates).map((s) => ({
    name: plan.overGrid ? 'all points' : 'all optimizers',
    settings: searchedSettings(plan.shared, s.shared),
    cells: [
      String(s.epochs),
      `${distance(s.score)}${s.without > 0 && plan.overGrid ? `, ${s.without} diverged` : ''}`,
    ],
  }));
  const columns = [
    { title: 'epochs', align: 'right' },
    { title: 'mean of\nthe best', align: 'right' },
  ] as const;
  return [rankingTable('shared', columns, rows, output.paint), ''];
}

function table(plan: RecoverPlan, { targets }: Recovered, { output }: Context): string {
  const shown = output.settings.verbose ? undefined : shownCandidates;
  const rows = targets.flatMap(({ optimizer, ranking }) =>
    ranking.slice(0, shown).map(({ candidate, epochs, values, status }) => ({
      name: optimizer,
      settings: searchedSettings(plan.axes[optimizer]!, candidate.settings),
      cells: [
        String(epochs),
        ...(values === undefined
          ? [status, '-', '-']
          : [values.value, values.median, values.max].map(distance)),
      ],
    })),
  );
  const columns = ['epochs', 'mean', 'median', 'largest'].map(
    (title) => ({ title, align: 'right' }) as const,
  );
  return rankingTable('optimizer', columns, rows, output.paint);
}

function documentOf({ optimizer, ranking, edges }: RecoveredTarget) {
  return {
    optimizer,
    edges,
    candidates: ranking.map(({ candidate, epochs, status, values, ids }) => ({
      settings: candidate.settings,
      ...{ epochs, status, distance: values ?? null, runs: ids },
    })),
  };
}
