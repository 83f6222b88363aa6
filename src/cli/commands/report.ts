import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { bytes, count } from '../format.ts';
import { helpText } from '../help-text.ts';
import { resultsOption } from '../results-option.ts';

interface ReportCommandOptions {
  readonly output: string;
  readonly to?: string;
}

export function addReport(program: Command, { output }: Context): void {
  program
    .command('report')
    .summary('one HTML page with verdicts, figures, tables and data')
    .description(
      helpText(
        'Writes one HTML page on the results in the folder: verdicts on the claims, figures to explore, tables, settings, and the data as CSV. It opens in any browser and loads nothing from anywhere. Without EXPERIMENT everything that there are results of.',
        [
          ['adam-repro report'],
          ['adam-repro report mnist-logreg imdb-logreg'],
          ['adam-repro report -o results/reference --to report.html'],
        ],
      ),
    )
    .argument('[experiments...]', 'names of experiments (see `adam-repro list`), or paths of specs')
    .addOption(resultsOption())
    .option('--to <file>', 'write the page there (default: report.html in the results folder)')
    .action(async (names: readonly string[], { output: resultsFolder, to }: ReportCommandOptions) => {
      const [{ makeReport, reportSources, writeReport }, { claims, commandFor, judgeClaims }] =
        await Promise.all([import('../../report/index.ts'), import('../../claims/index.ts')]);
      const file = to ?? `${resultsFolder}/report.html`;
      const sources = await reportSources(names);
      const wanted = claims.filter(({ needs }) => names.length === 0 || names.includes(needs.experiment));
      const judged = [];
      for (const verdict of await judgeClaims(wanted, resultsFolder)) {
        judged.push({ ...verdict, command: await commandFor(verdict.claim.needs) });
      }
      const report = await makeReport({
        ...{ resultsFolder, judged, sources, nameOthers: names.length === 0 },
        onProgress: (name) => output.detail(`Drawing ${name} ...`),
      });
      writeReport(resolve(file), report.page);
      const { shown, missing } = report;
      output.result({ file, bytes: Buffer.byteLength(report.page), shown, missing }, () => file);
      output.note(
        `${count(shown.length, 'experiment')}, ${count(judged.length, 'claim')}, ${bytes(Buffer.byteLength(report.page))}.`,
      );
    });
}
