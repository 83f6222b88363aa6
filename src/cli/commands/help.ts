import type { Command } from 'commander';
import { UsageError } from '../../errors.ts';
import type { Context } from '../context.ts';
import { helpText } from '../help-text.ts';
import { topics } from '../topics.ts';

export function addHelp(program: Command, { output }: Context): void {
  program.helpCommand(false);
  program
    .command('help')
    .summary('help for a command or a topic (exit-codes, environment)')
    .description(
      helpText('Help for a command or a topic.', [
        ['adam-repro help run'],
        ['adam-repro help exit-codes'],
        ['adam-repro help environment'],
      ]),
    )
    .argument('[topic...]', `a command, or one of: ${Object.keys(topics).join(', ')}`)
    .action(async (words: string[]) => {
      const [word] = words;
      const topic = word !== undefined && Object.hasOwn(topics, word) ? topics[word] : undefined;
      if (word !== undefined && topic !== undefined) {
        output.result({ topic: word, help: topic.text }, () => topic.text);
        return;
      }
      let command = program;
      for (const name of words) {
        const next = command.commands.find((c) => c.name() === name);
        if (next === undefined) throw new UsageError(await unknownTopic(name, command, command === program));
        command = next;
      }
      const help = command.helpInformation().trimEnd();
      output.result({ help }, () => help);
    });
}

async function unknownTopic(name: string, command: Command, withTopics: boolean): Promise<string> {
  const { nearestName } = await import('../../spec/nearest.ts');
  const names = [...command.commands.map((c) => c.name()), ...(withTopics ? Object.keys(topics) : [])];
  const nearest = nearestName(name, names);
  const hint = nearest === undefined ? `there are ${names.join(', ')}` : `did you mean ${nearest}?`;
  return `There is no help on "${name}"; ${hint}${nearest === undefined ? '.' : ''}`;
}
