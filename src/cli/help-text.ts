import { Help } from 'commander';

/** A command's description with its examples, each as it is typed and, where needed, what it does. */
export function helpText(
  description: string,
  examples: readonly (readonly [command: string, comment?: string])[],
): string {
  const width = Math.max(...examples.map(([command]) => command.length));
  const lines = examples.map(([command, comment]) =>
    comment === undefined ? `  ${command}` : `  ${command.padEnd(width)}  # ${comment}`,
  );
  return `${description}\n\nExamples:\n${lines.join('\n')}`;
}

/** Wraps as commander does, and leaves lines that are set in as they are: examples are copied and pasted. */
export function wrapProse(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => (line.startsWith('  ') ? line : Help.prototype.boxWrap(line, width)))
    .join('\n');
}
