import type { Command } from 'commander';
import type { Explanation } from '../../explain/index.ts';
import type { Context } from '../context.ts';
import { helpText, wrapProse } from '../help-text.ts';
import type { Paint } from '../output.ts';
import { renderTable } from '../table.ts';

export function addExplain(program: Command, { output }: Context): void {
  program
    .command('explain')
    .summary("an optimizer's formula, its ambiguous choices, and its name elsewhere")
    .description(
      helpText(
        "Prints one step of a rule as equations (read off the rule that is run), its hyper-parameters with the paper's defaults, what the paper leaves open and what others make of it, and the equal call in PyTorch, Keras and optax.",
        [['adam-repro explain adamw'], ['adam-repro explain ./mine.ts', 'a rule of your own']],
      ),
    )
    .argument('<optimizer>', 'name of a shipped rule, sgdw, adamw, or the path of a file')
    .action(async (name: string) => {
      const { explainRule, explainShipped, libraries } = await import('../../explain/index.ts');
      const isFile = /[\\/]|\.(ts|js|mjs)$/.test(name);
      const explanation = isFile
        ? explainRule(await (await import('../../optimizers/load.ts')).loadOptimizerFile(name))
        : explainShipped(name);
      output.result({ explanation }, () => explanationText(explanation, libraries, output.paint));
    });
}

const width = 100;
const indented = (text: string): string =>
  wrapProse(text, width - 2)
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');

function explanationText(
  { name, reference, formula, scalars, hyper, state, choices, calls, remarks }: Explanation,
  libraries: Readonly<Record<string, string>>,
  paint: Paint,
): string {
  const slots = Object.entries(state);
  const sections: [string, string][] = [
    [
      'One step (a prime marks the value after it, g is the gradient)',
      [
        ...formula.map((line) => `  ${line}`),
        ...(Object.keys(scalars).length > 0 ? ['', 'with, at step t = 1, 2, ...', ''] : []),
        ...Object.entries(scalars).map(([scalar, text]) => `  ${scalar}: ${text}`),
        '',
        slots.length === 0
          ? 'No state.'
          : `State of each parameter: ${slots.map(([slot, start]) => `${slot} from ${start}`).join(', ')}.`,
      ].join('\n'),
    ],
    [
      'Hyper-parameters',
      renderTable(
        [{ title: '  name' }, { title: 'default' }, { title: 'allowed' }, { title: '' }],
        hyper.map((row) => [`  ${row.name}`, String(row.default), row.allowed, row.doc]),
      ),
    ],
  ];
  if (choices.length > 0) {
    const text = choices.map(({ what, paper, option, elsewhere }) =>
      [
        `  ${what}`,
        indented(`  paper: ${paper}`),
        ...(option === undefined ? [] : [indented(`  here: ${option}`)]),
        ...(elsewhere === undefined ? [] : [indented(`  elsewhere: ${elsewhere}`)]),
      ].join('\n'),
    );
    sections.push(['Ambiguous choices', text.join('\n')]);
  }
  if (calls !== null) {
    const text = Object.entries(calls).map(([library, { call, differs }]) =>
      [
        `  ${(libraries[library] ?? library).padEnd(8)} ${call ?? 'none'}`,
        ...(differs === undefined ? [] : [`${' '.repeat(11)}differs: ${differs}`]),
      ].join('\n'),
    );
    sections.push(['The equal call elsewhere', text.join('\n')]);
  }
  return [
    `${paint.bold(name)}: ${reference === '' ? 'no reference given' : reference}`,
    ...sections.map(([title, text]) => `${paint.bold(title)}\n\n${text}`),
    ...remarks.map((remark) => wrapProse(remark, width)),
  ].join('\n\n');
}
