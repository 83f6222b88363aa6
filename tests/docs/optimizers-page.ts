import { type Explanation, explainedNames, explainShipped, libraries } from '../../src/explain/index.ts';
import { markdownTable } from './generated.ts';

/** docs/optimizers.md, made from the rules themselves and from what `explain` says of them. */
export function optimizersPage(): string {
  return `${head}\n${explainedNames.map((name) => section(explainShipped(name))).join('\n')}`;
}

const head = `# Optimizers

Every shipped rule, as \`adam-repro explain RULE\` prints it: the equations are read off the definition that is run
(\`src/optimizers/\`), the defaults are the papers' where these name one. In an equation a prime marks the value after the step, \`g\` is the gradient
and \`theta\` the parameter; \`lr\` is the learning rate after the schedule. "Equal call" means the same steps, unless a
difference is named. This page is generated (\`npx vitest run tests/docs -u\` writes it anew); for a rule of your own see
[own-optimizer.md](own-optimizer.md).
`;

function section(explanation: Explanation): string {
  const { name, reference, formula, scalars, hyper, state, choices, calls, remarks } = explanation;
  const slots = Object.entries(state).map(([slot, start]) => `\`${slot}\` from ${start}`);
  const parts = [
    `## ${name}`,
    `${reference}. State of each parameter: ${slots.join(', ') || 'none'}.`,
    `<!-- not run: equations -->\n\`\`\`\n${[...formula, ...scalarLines(scalars)].join('\n')}\n\`\`\``,
    markdownTable(
      ['hyper-parameter', 'default', 'allowed', 'what it is'],
      hyper.map((each) => [`\`${each.name}\``, short(each.default), each.allowed, each.doc]),
    ).trimEnd(),
  ];
  if (choices.length > 0) {
    const rows = choices.map(({ what, paper, option, elsewhere }) => [
      what,
      paper,
      option ?? '-',
      elsewhere ?? '-',
    ]);
    parts.push(markdownTable(['left open', 'the paper', 'changed by', 'elsewhere'], rows).trimEnd());
  }
  if (calls !== null) {
    const rows = Object.entries(libraries).map(([key, library]) => {
      const { call, differs } = calls[key as keyof typeof libraries];
      return [library, call === null ? 'none' : `\`${call}\``, differs ?? '-'];
    });
    parts.push(markdownTable(['library', 'equal call', 'differs'], rows).trimEnd());
  }
  return `${[...parts, ...remarks].join('\n\n')}\n`;
}

const scalarLines = (scalars: Readonly<Record<string, string>>): string[] => {
  const entries = Object.entries(scalars);
  return entries.length === 0 ? [] : ['', ...entries.map(([name, text]) => `${name}: ${text}`)];
};

/** As the papers write it: 1e-8. */
const short = (value: number | boolean | string): string =>
  typeof value === 'number' && value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : String(value);
