import type { ClaimVerdict, Verdict } from '../claims/index.ts';
import type { Paint } from './output.ts';
import { renderTable } from './table.ts';

export interface Judged extends ClaimVerdict {
  /** Computes what the claim needs. */
  readonly command: string;
}

const indent = ' '.repeat(4);

/**
 * What each claim says and, below it, verdict, paper and ours side by side. Lines are wrapped to fit the columns, as far
 * as words allow.
 */
export function verdictTable(judged: readonly Judged[], paint: Paint, columns: number): string {
  const room = columns - indent.length;
  const verdictWidth = 22; // the longest verdict in two lines
  const side = Math.max(20, Math.floor((room - verdictWidth - 2 * 2) / 2));
  const rows = judged.map((result) => {
    const cells = [result.verdict, result.paper ?? '-', result.ours ?? '-'].map((text, i) =>
      wrapped(text, i === 0 ? verdictWidth : side),
    );
    const height = Math.max(...cells.map((lines) => lines.length));
    return Array.from({ length: height }, (_, i) => {
      const [verdict, paper, ours] = cells.map((lines) => lines[i] ?? '');
      return [coloured(result.verdict, paint, verdict), paper!, ours!];
    });
  });
  const titles = ['verdict', 'paper', 'ours'].map((title) => ({ title }));
  const [head, ...lines] = renderTable(titles, rows.flat()).split('\n');
  const claims = judged.flatMap((result, i) => [
    ...statementLines(result, paint, room),
    ...[...lines.splice(0, rows[i]!.length), ...remarkLines(result, room)].map((line) => indent + line),
  ]);
  return ['claim', indent + head!, ...claims].join('\n');
}

/** The id, and after it the statement: its further lines are indented as the rest of the claim. */
function statementLines({ claim: { id, statement } }: Judged, paint: Paint, room: number): string[] {
  const [first, ...others] = wrapped(`${id}  ${statement}`, room);
  return [paint.bold(id) + first!.slice(id.length), ...others.map((line) => indent + line)];
}

/** Why nothing is decided; a command is one line, so that it can be copied. */
function remarkLines({ verdict, reason, command }: Judged, room: number): string[] {
  if (verdict === 'not run') return [command];
  return reason === undefined ? [] : wrapped(`(${reason})`, room);
}

/** By words; one that is longer than the width has a line of its own. */
function wrapped(text: string, width: number): string[] {
  const [first, ...words] = text.split(' ');
  const lines = [first!];
  for (const word of words) {
    const last = lines.at(-1)!;
    if (last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

export function coloured(verdict: Verdict, paint: Paint, text: string = verdict): string {
  if (text === '') return '';
  if (verdict === 'reproduced' || verdict === 'better than the paper') return paint.green(text);
  if (verdict === 'not reproduced') return paint.red(text);
  return verdict === 'not run' ? paint.dim(text) : paint.yellow(text);
}
