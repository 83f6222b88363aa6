import type { RunEvent } from '../runner/events.ts';
import { clock, cost, count, duration, rate } from './format.ts';
import type { LiveRegion, Output } from './output.ts';
import type { BoardRow, RunBoard } from './run-board.ts';
import { cut } from './table.ts';

/** Milliseconds between two signs of life where lines are printed, and between two pictures of a live block. */
const lineInterval = 30_000;
const drawInterval = 150;

export interface ProgressDisplay {
  apply(event: RunEvent): void;
  /** Leaves the terminal as it was found. */
  stop(): void;
}

/** Shows the board on stderr in the style the output asks for, until it is stopped. */
export function showProgress(output: Output, board: RunBoard): ProgressDisplay {
  switch (output.progressStyle) {
    case 'live':
      return showLiveBlock(output, board);
    case 'lines':
      return showLines(output, board);
    case 'none':
      return { apply: (event) => void board.apply(event), stop: () => {} };
  }
}

function showLines(output: Output, board: RunBoard): ProgressDisplay {
  const timer = setInterval(() => output.note(signOfLife(board)), lineInterval);
  return {
    apply(event) {
      const row = board.apply(event);
      const line = row === undefined ? undefined : eventLine(board, row, event);
      if (line !== undefined) output.note(line);
    },
    stop: () => clearInterval(timer),
  };
}

/** The line of an event that is worth one. */
export function eventLine(board: RunBoard, row: BoardRow, event: RunEvent): string | undefined {
  const name = `${row.name} seed ${row.seed} (run ${board.position(row)}/${board.rows.length})`;
  switch (event.type) {
    case 'started':
      return event.fromEpoch > 0
        ? `${name}: going on after ${row.unit} ${event.fromEpoch}/${row.epochs}`
        : `${name}: started, ${count(row.epochs, row.unit)}`;
    case 'restarted':
      return `${name}: begins anew, because ${event.reason}`;
    case 'retried':
      return `${name}: ${event.reason}; another one goes on from its last checkpoint (retry ${event.retry} of ${event.of})`;
    case 'waiting':
      return `${name}: another process works on it, waiting for its result`;
    case 'finished':
      return `${name}: ${endText(row)}`;
    case 'progress':
      return undefined;
  }
}

/** One line per run at work, so that a log shows what goes on. */
export function signOfLife(board: RunBoard): string {
  const active = board.rows.filter(({ status }) => status === 'running' || status === 'waiting');
  if (active.length === 0) return `${board.done}/${board.rows.length} runs done`;
  return active.map((row) => `${row.name} seed ${row.seed}: ${stateText(row)}`).join('\n');
}

function stateText(row: BoardRow): string {
  const { status, progress, epochs, epochsDone, unit } = row;
  if (status === 'waiting') return 'waiting for another process';
  if (status !== 'running') return status;
  const { stepsPerSecond = Number.NaN, secondsLeft = Number.NaN } = progress ?? {};
  const parts = [
    `${unit} ${epochsDone}/${epochs}`,
    ...(progress === undefined ? [] : [`cost ${cost(progress.cost)}`]),
    workText(row) ?? `${rate(stepsPerSecond)} steps/s`,
    ...(progress === undefined ? [] : [`ETA ${duration(secondsLeft)}`]),
  ];
  return parts.join(', ');
}

/** What a run does while it does not train. */
function workText({ progress, evaluation }: BoardRow): string | undefined {
  if (evaluation !== undefined) {
    return `evaluating ${Math.floor((100 * evaluation.done) / Math.max(1, evaluation.of))}%`;
  }
  return progress === undefined ? 'preparing' : undefined;
}

function endText({ status, progress, cost: last, epochs, unit, seconds, reason }: BoardRow): string {
  const parts = [
    status === 'diverged' && progress && unit === 'epoch'
      ? `diverged in epoch ${progress.epoch + 1}/${epochs}`
      : status,
  ];
  if (reason !== undefined) parts.push(reason);
  else if (last !== undefined) parts.push(`minibatch cost ${cost(last)}`);
  if (seconds !== undefined) parts.push(duration(seconds));
  return parts.join(', ');
}

/** The block as plain lines, at most `rows` of them and none wider than `columns`: a summary, then one per run. */
export function blockLines(board: RunBoard, { columns, rows }: { columns: number; rows: number }): string[] {
  const shown = rowsThatFit(board.rows, rows - 1);
  const hidden = board.rows.length - shown.length;
  const eta = Number.isNaN(board.secondsLeft) ? '' : `, ETA ${duration(board.secondsLeft)}`;
  const more = hidden > 0 ? `, ${hidden} not shown` : '';
  const summary = `${board.done}/${board.rows.length} runs done, ${board.running} running${eta}${more}`;
  const nameWidth = Math.max(...board.rows.map(({ name }) => [...name].length));
  return [summary, ...shown.map((row) => rowLine(row, nameWidth))].map((line) => cut(line, columns - 1));
}

function rowLine(row: BoardRow, nameWidth: number): string {
  const { name, seed, status, progress, cost: last, epochs, epochsDone, unit, seconds, reason } = row;
  const width = String(epochs).length;
  const parts = [
    `  ${name.padEnd(nameWidth)}  seed ${seed}`,
    `${unit} ${String(epochsDone).padStart(width)}/${epochs}`,
    last === undefined ? '' : `cost ${cost(last).padEnd(9)}`,
  ];
  if (status === 'running') {
    parts.push((workText(row) ?? `${rate(progress!.stepsPerSecond).padStart(5)} steps/s`).padEnd(13));
    if (progress !== undefined) parts.push(`ETA ${clock(progress.secondsLeft)}`);
  } else parts.push(reason === undefined ? status : `${status}: ${reason}`);
  if (seconds !== undefined) parts.push(clock(seconds));
  return parts
    .filter((part) => part !== '')
    .join('  ')
    .trimEnd();
}

/** All rows where they fit, else those at work first, then what comes next, then what is over; in their order. */
function rowsThatFit(rows: readonly BoardRow[], room: number): BoardRow[] {
  const importance = ({ status }: BoardRow): number =>
    status === 'running'
      ? 0
      : status === 'waiting'
        ? 1
        : status === 'failed'
          ? 2
          : status === 'pending'
            ? 3
            : 4;
  const chosen = new Set([...rows].sort((a, b) => importance(a) - importance(b)).slice(0, Math.max(1, room)));
  return rows.filter((row) => chosen.has(row));
}

const control = '\u001b[';
const hideCursor = `${control}?25l`;
const showCursor = `${control}?25h`;

function showLiveBlock(output: Output, board: RunBoard): ProgressDisplay {
  let drawn = 0;
  let height = output.noteSize.rows;
  /** Lines of the block that a terminal which became lower has scrolled out of reach; a higher one brings them back. */
  let outOfReach = 0;
  const region: LiveRegion = {
    clear() {
      if (drawn > 0) output.draw(`\r${control}${drawn}A${control}J`);
      drawn = outOfReach = 0;
    },
    draw() {
      const { columns, rows } = output.noteSize;
      const back = Math.min(outOfReach, Math.max(0, rows - height));
      const lost = Math.max(0, drawn + 1 - rows);
      outOfReach += lost - back;
      height = rows;
      const lines = blockLines(board, { columns, rows: rows - 1 });
      const reach = drawn - lost + back;
      const up = reach > 0 ? `\r${control}${reach}A` : '';
      output.draw(`${up}${lines.map((line) => `${line}${control}K\n`).join('')}${control}J`);
      drawn = lines.length;
    },
  };
  const restore = (): void => output.draw(showCursor);
  // Also where the program ends on the way: a terminal without a cursor is a nuisance.
  process.once('exit', restore);
  output.draw(hideCursor);
  output.live = region;
  region.draw();
  const timer = setInterval(() => region.draw(), drawInterval);
  return {
    apply(event) {
      const row = board.apply(event);
      // What the block itself does not show.
      const isHidden = event.type === 'restarted' || event.type === 'retried';
      if (row !== undefined && isHidden) output.note(eventLine(board, row, event)!);
    },
    stop() {
      clearInterval(timer);
      region.draw();
      output.live = null;
      process.removeListener('exit', restore);
      restore();
    },
  };
}
