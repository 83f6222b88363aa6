import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { EXIT, UsageError, UserError } from '../../errors.ts';
import type { RuleCheck } from '../../own-optimizer/index.ts';
import type { Context } from '../context.ts';
import { failureOf } from '../failure.ts';
import { helpText, wrapProse } from '../help-text.ts';
import type { Paint } from '../output.ts';
import { renderTable } from '../table.ts';

export function addCheck(program: Command, context: Context): void {
  const { output } = context;
  program
    .command('check')
    .summary('whether an optimizer of your own is sound')
    .description(
      helpText(
        'Loads a rule and tries it with its defaults, in seconds and without training: whether it stays finite, gives the same bits twice and after a stop, and computes the same on every engine that is installed. Exit code 1 where a check fails.',
        [['adam-repro check mine.ts'], ['adam-repro check mine.ts --json']],
      ),
    )
    .argument('<file>', 'of the rule, see `adam-repro init optimizer`')
    .action(async (file: string) => {
      if (!existsSync(file)) {
        throw new UsageError(
          `${file} does not exist: check the path, or write it with \`adam-repro init optimizer ${file}\`.`,
        );
      }
      const checks = await checksOf(file);
      const failures = checks.filter(({ status }) => status === 'failed');
      const error =
        failures.length === 0
          ? undefined
          : new UserError(
              `${file}: ${failures.length} of ${checks.length} checks failed: ${names(failures)}.`,
            );
      output.result(
        { file, passed: error === undefined, checks, ...(error && { error: failureOf(error) }) },
        () => checkText(checks, output.paint),
      );
      if (error === undefined) return;
      context.exitCode = EXIT.failed;
      output.error(error.message);
    });
}

const names = (checks: readonly RuleCheck[]): string => checks.map(({ name }) => name).join(', ');

async function checksOf(file: string): Promise<RuleCheck[]> {
  const [{ loadOptimizerFile }, { checkRule }] = await Promise.all([
    import('../../optimizers/load.ts'),
    import('../../own-optimizer/index.ts'),
  ]);
  try {
    return await checkRule(await loadOptimizerFile(file));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [{ name: 'loads', status: 'failed', detail: error.message }];
  }
}

function checkText(checks: readonly RuleCheck[], paint: Paint): string {
  const painted: Readonly<Record<RuleCheck['status'], (text: string) => string>> = {
    passed: paint.green,
    failed: paint.red,
    skipped: paint.yellow,
    information: (text) => text,
  };
  const rows = checks.map(({ name, status, detail }) => {
    const told = status === 'failed' ? 'see below' : detail;
    return [name, painted[status](status), told];
  });
  const failures = checks.filter(({ status }) => status === 'failed');
  const table = renderTable([{ title: 'check' }, { title: 'result' }, { title: '' }], rows);
  return [table, ...failures.map(({ detail }) => wrapProse(detail, 100))].join('\n\n');
}
