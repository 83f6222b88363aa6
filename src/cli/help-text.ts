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
