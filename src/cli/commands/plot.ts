import { type Command, InvalidArgumentError, Option } from 'commander';
import { UserError } from '../../errors.ts';
import type { FigureFormat } from '../../figures/index.ts';
import type { ResolvedExperiment } from '../../spec/resolve.ts';
import type { ProfileName } from '../../spec/schema.ts';
import type { Context } from '../context.ts';
import { defaultProfile, profileNames } from '../experiment.ts';
import { helpText } from '../help-text.ts';
import { plotExperiment } from '../plot.ts';
import { resultsOption } from '../results-option.ts';
import { selectExperiments } from '../selection.ts';

const formats = ['svg', 'png', 'pdf', 'gif'] as const satisfies readonly FigureFormat[];

interface PlotOptions {
  readonly profile: ProfileName;
  readonly variant?: string;
  readonly all?: boolean;
  readonly output: string;
  readonly to?: string;
  readonly format: readonly FigureFormat[];
  readonly width?: number;
  readonly paperStyle?: boolean;
  readonly data?: boolean;
}

export function addPlot(program: Command, { output }: Context): void {
  program
    .command('plot')
    .summary("draw the figures of experiments, with the paper's curves behind")
    .description(
      helpText(
        "Draws the figure of an experiment from its tables in the results folder, with the paper's axes and its own curves dashed behind. Runs that are not finished yet are drawn as far as they are. The figure, its Vega-Lite source and the distance to the paper's curves go beside the tables, or to the folder of --to.",
        [
          ['adam-repro plot mnist-logreg'],
          ['adam-repro plot mnist-logreg -p paper --variant tuned'],
          ['adam-repro plot mnist-mlp --paper-style --format svg --to figures', 'for a LaTeX column'],
          ['adam-repro plot beale --format gif', 'an animation; takes some ten seconds'],
          ['adam-repro plot --all', 'whatever there are results of'],
        ],
      ),
    )
    .argument('[experiments...]', 'names of experiments (see `adam-repro list`), or paths of specs')
    .option('-a, --all', 'every experiment that there are results of')
    .addOption(
      new Option('-p, --profile <profile>', 'of which profile').choices(profileNames).default(defaultProfile),
    )
    .option('--variant <name>', 'another variant of the experiment, such as tuned')
    .addOption(resultsOption())
    .option('--to <folder>', 'write the figures there (default: beside the tables)')
    .option(
      '--format <formats>',
      'one or several of svg, png, pdf and, for paths over a landscape, gif',
      parseFormats,
      ['svg', 'png'] satisfies FigureFormat[],
    )
    .option('--width <pixels>', 'width of the figure', parseWidth)
    .option('--paper-style', 'small and without title and caption, for a column of a paper')
    .option('--data', 'write the numbers behind the picture as CSV too')
    .action(async (names: readonly string[], options: PlotOptions) => {
      const { profile, variant, all } = options;
      const experiments = await selectExperiments(names, {
        ...{ profile, ...(variant === undefined ? {} : { variant }), ...(all ? { all } : {}) },
      });
      const figures: { experiment: string; profile: string; files: readonly string[] }[] = [];
      for (const experiment of experiments) {
        const files = await plotExperiment(experiment, options);
        if (files !== undefined) figures.push({ experiment: experiment.name, profile, files });
        else if (!all) throw new UserError(await nothingText(experiment, options));
      }
      output.result({ figures }, () =>
        figures.length === 0
          ? `There are no results of profile ${profile} in ${options.output} yet.`
          : figures.flatMap(({ files }) => files).join('\n'),
      );
    });
}

async function nothingText(experiment: ResolvedExperiment, { output }: PlotOptions): Promise<string> {
  const { hasFigure } = await import('../../figures/index.ts');
  const { name, baseName, variant, profile } = experiment;
  if (!hasFigure(experiment))
    return `${name} has no figure: its results are statements about single steps, which \`adam-repro verify\` judges.`;
  const words = [baseName, ...(variant === 'as-drawn' ? [] : ['--variant', variant]), '-p', profile];
  return `there are no results of ${name}, profile ${profile}, in ${output} yet: adam-repro run ${words.join(' ')}`;
}

function parseFormats(typed: string): FigureFormat[] {
  const found = typed.split(',').map((word) => formats.find((format) => format === word.trim()));
  if (found.includes(undefined))
    throw new InvalidArgumentError(`Expected one or several of ${formats.join(', ')}, such as svg,png.`);
  return found as FigureFormat[];
}

function parseWidth(typed: string): number {
  const width = Number(typed);
  if (!Number.isInteger(width) || width < 200 || width > 4000) {
    throw new InvalidArgumentError('Expected a whole number from 200 to 4000.');
  }
  return width;
}
