import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { helpText } from '../help-text.ts';

export function addSchema(program: Command, { output }: Context): void {
  program
    .command('schema')
    .summary('the JSON Schema of specs, for editors')
    .description(
      helpText(
        'Prints the JSON Schema (draft 7) of the spec format. An editor with YAML support completes and checks a spec that begins with the line `# yaml-language-server: $schema=experiment.schema.json`.',
        [['adam-repro schema > experiment.schema.json']],
      ),
    )
    .action(async () => {
      const { experimentJsonSchema } = await import('../../spec/json-schema.ts');
      const schema = experimentJsonSchema();
      output.result({ schema }, () => JSON.stringify(schema, null, 2));
    });
}
