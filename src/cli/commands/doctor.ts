import type { Command } from 'commander';
import { EXIT } from '../../errors.ts';
import type { Context } from '../context.ts';
import type { Check } from '../doctor/check.ts';
import { helpText } from '../help-text.ts';
import { resultsOption } from '../results-option.ts';
import { renderTable } from '../table.ts';

export function addDoctor(program: Command, context: Context): void {
  const { output, environment } = context;
  program
    .command('doctor')
    .summary('what this machine has and lacks')
    .description(
      helpText(
        'Looks at Node, cores, memory, engines, data sets, disk space and npm, and says what to do about whatever is missing. Changes nothing; the exit code is 1 where nothing could run.',
        [['adam-repro doctor'], ['adam-repro doctor --json']],
      ),
    )
    .addOption(resultsOption())
    .action(async ({ output: resultsFolder }: { output: string }) => {
      const [{ machineChecks, diskCheck, npmCheck }, { engineChecks }, { dataChecks }, { dataFolder }] =
        await Promise.all([
          import('../doctor/machine.ts'),
          import('../doctor/engines.ts'),
          import('../doctor/data.ts'),
          import('../../datasets/data-folder.ts'),
        ]);
      const checks: Check[] = [
        ...machineChecks(),
        ...(await engineChecks(environment)),
        ...(await dataChecks(dataFolder(environment))),
        await diskCheck('results folder', resultsFolder, '--output'),
        await diskCheck('data folder', dataFolder(environment), 'ADAM_REPRO_DATA'),
        npmCheck(environment),
      ];
      const bad = checks.filter(({ verdict }) => verdict === 'bad');
      const message = `nothing can run: ${bad.map(({ name, found }) => `${name}: ${found}`).join('; ')}`;
      if (bad.length > 0) context.exitCode = EXIT.failed;
      const error = { code: 'failed', message, exitCode: EXIT.failed };
      output.result({ checks, ...(bad.length > 0 ? { error } : {}) }, () => {
        const { green, yellow, red } = output.paint;
        const marks = { ok: green('ok'), limited: yellow('limited'), bad: red('bad') };
        const rows = checks.map((c) => [
          c.name,
          marks[c.verdict],
          c.remedy === undefined ? c.found : `${c.found}; ${c.remedy}`,
        ]);
        return renderTable([{ title: 'what' }, { title: 'state' }, { title: 'found' }], rows);
      });
    });
}
