import type { Command } from 'commander';
import { EXIT } from '../../errors.ts';
import type { Context } from '../context.ts';
import { type Failure, failureOf } from '../failure.ts';
import { count } from '../format.ts';
import { helpText } from '../help-text.ts';

export function addValidate(program: Command, context: Context): void {
  const { output } = context;
  program
    .command('validate')
    .summary('check spec files')
    .description(
      helpText(
        'Checks specs in all their profiles and names every mistake at once, each with file, line and column. Trains nothing; the exit code is 2 where there is a mistake.',
        [['adam-repro validate my-spec.yaml'], ['adam-repro validate specs/*.yaml']],
      ),
    )
    .argument('<file...>', 'spec files, or names of experiments')
    .action(async (files: string[]) => {
      const { loadSpec } = await import('../../spec/load.ts');
      const checked: { file: string; failure?: Failure }[] = [];
      for (const file of files) {
        try {
          await loadSpec(file);
          checked.push({ file });
        } catch (error) {
          const failure = failureOf(error);
          if (failure.exitCode !== EXIT.usage) throw error;
          output.error(failure.message);
          checked.push({ file, failure });
        }
      }
      const wrong = checked.filter(({ failure }) => failure !== undefined).length;
      const message = `${count(wrong, 'file')} of ${files.length} with mistakes`;
      const documents = checked.map(({ file, failure }) => ({
        file,
        valid: failure === undefined,
        issues: failure === undefined ? [] : (failure.issues ?? [{ message: failure.message }]),
      }));
      if (wrong > 0) context.exitCode = EXIT.usage;
      const error = { code: 'spec', message, exitCode: EXIT.usage };
      output.result({ files: documents, ...(wrong > 0 ? { error } : {}) }, () =>
        checked
          .map(({ file, failure }) => `${file}: ${failure === undefined ? 'valid' : 'not valid'}`)
          .join('\n'),
      );
    });
}
