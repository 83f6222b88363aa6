import { basename, extname, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { UsageError } from '../../errors.ts';
import type { Context } from '../context.ts';
import { helpText } from '../help-text.ts';
import { writeFile } from '../write-file.ts';

/** Where editors find the schema if adam-repro is installed beside the file. */
const installedSchema = './node_modules/adam-repro/schema/experiment.schema.json';

export function addInit(program: Command, { output }: Context): void {
  const command = program
    .command('init')
    .summary('a first file for an optimizer or an experiment of your own')
    .description(
      helpText('Writes a commented file to begin with. A file that exists is never overwritten.', [
        ['adam-repro init optimizer mine.ts', 'then: check mine.ts, run mnist-mlp --optimizer ./mine.ts'],
        ['adam-repro init experiment my-spec.yaml', 'then: validate my-spec.yaml, run ./my-spec.yaml'],
      ]),
    );
  command
    .command('optimizer')
    .summary('an update rule, in TypeScript')
    .description(
      'Writes an update rule with state, hyper-parameters and a number that changes with the step.',
    )
    .argument('<file>', 'such as mine.ts')
    .action(async (file: string) => {
      if (!/\.(ts|js|mjs)$/.test(file)) {
        throw new UsageError(
          `${file} cannot hold an optimizer: name a .ts, .js or .mjs file, such as mine.ts.`,
        );
      }
      const { optimizerTemplate } = await import('../../own-optimizer/index.ts');
      writeFile(file, optimizerTemplate(basename(file, extname(file)), `./${basename(file)}`), {
        isNew: true,
      });
      output.result({ file }, () => `Written: ${file}\nNext: adam-repro check ${file}`);
    });
  command
    .command('experiment')
    .summary('a spec, in YAML')
    .description('Writes a spec with two optimizers on MNIST; its first line tells editors the schema.')
    .argument('<file>', 'such as my-spec.yaml')
    .action(async (file: string) => {
      if (!/\.ya?ml$/i.test(file)) {
        throw new UsageError(`${file} cannot hold a spec: name a .yaml or .yml file, such as my-spec.yaml.`);
      }
      const { experimentTemplate } = await import('../../own-optimizer/index.ts');
      writeFile(file, experimentTemplate(schemaFor()), { isNew: true });
      output.result({ file }, () => `Written: ${file}\nNext: adam-repro validate ${file}`);
    });
}

/** The schema of this package where the working folder holds it, else where an installation puts it. */
function schemaFor(): string {
  const shipped = fileURLToPath(new URL('../../../schema/experiment.schema.json', import.meta.url));
  const path = relative(process.cwd(), shipped);
  return path.startsWith('..') ? installedSchema : `./${path.split(sep).join('/')}`;
}
