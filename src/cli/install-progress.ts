import type { InstallEvent, Stage } from '../engines/tensorflow/install/progress.ts';
import { bytes, duration } from './format.ts';
import type { LiveRegion, Output } from './output.ts';
import { cut } from './table.ts';

/** Milliseconds between two signs of life where lines are printed, and between two pictures of a live block. */
const lineInterval = 30_000;
const drawInterval = 150;
const barWidth = 24;

/** What the display knows of a stage at work. */
export interface StageRow {
  readonly text: string;
  readonly started: number;
  readonly total: number | undefined;
  readonly done: number;
}

/** The stages at work, in the order they began. */
export class StageBoard {
  readonly rows = new Map<Stage, StageRow>();

  /** The row that the event ended, if it did. */
  apply(event: Exclude<InstallEvent, { type: 'note' }>, now: number): StageRow | undefined {
    const row = this.rows.get(event.stage);
    switch (event.type) {
      case 'started': {
        const { text, total } = event;
        this.rows.set(event.stage, { text, total, started: now, done: 0 });
        return undefined;
      }
      case 'progress':
        // pip keeps a second copy for a moment.
        if (row) this.rows.set(event.stage, { ...row, done: Math.min(event.done, row.total ?? event.done) });
        return undefined;
      case 'finished':
        this.rows.delete(event.stage);
        return row;
    }
  }
}

/** `pip: tensorflow-cpu 2.21.0  [######......]  137 MB of 274 MB`, or the time it takes already. */
export function stageLine({ text, started, total, done }: StageRow, now: number, bar: boolean): string {
  if (total === undefined) return `${text}  ${duration((now - started) / 1000)}`;
  const filled = Math.round((barWidth * done) / total);
  const picture = bar ? `  [${'#'.repeat(filled)}${'.'.repeat(barWidth - filled)}]` : '';
  return `${text}${picture}  ${bytes(done)} of ${bytes(total)}`;
}

export interface InstallDisplay {
  readonly report: (event: InstallEvent) => void;
  /** Leaves the terminal as it was found. */
  stop(): void;
}

/** Shows an installation on stderr in the style the output asks for, until it is stopped. */
export function showInstall(output: Output): InstallDisplay {
  const board = new StageBoard();
  const style = output.progressStyle;
  const stop =
    style === 'live' ? showLive(output, board) : style === 'lines' ? showLines(output, board) : () => {};
  return {
    report(event) {
      if (event.type === 'note') {
        output.warn(event.text);
        return;
      }
      const now = performance.now();
      const ended = board.apply(event, now);
      if (style === 'lines' && event.type === 'started') {
        output.note(event.total === undefined ? event.text : `${event.text} (${bytes(event.total)})`);
      }
      if (style === 'live' && ended) output.note(`${ended.text}  ${duration((now - ended.started) / 1000)}`);
    },
    stop,
  };
}

function showLines(output: Output, board: StageBoard): () => void {
  const timer = setInterval(() => {
    for (const row of board.rows.values()) output.note(stageLine(row, performance.now(), false));
  }, lineInterval);
  return () => clearInterval(timer);
}

const control = '\u001b[';

function showLive(output: Output, board: StageBoard): () => void {
  let drawn = 0;
  const region: LiveRegion = {
    clear() {
      if (drawn > 0) output.draw(`\r${control}${drawn}A${control}J`);
      drawn = 0;
    },
    draw() {
      const { columns } = output.noteSize;
      const lines = [...board.rows.values()].map((row) =>
        cut(stageLine(row, performance.now(), true), columns - 1),
      );
      const up = drawn > 0 ? `\r${control}${drawn}A` : '';
      output.draw(`${up}${lines.map((line) => `${line}${control}K\n`).join('')}${control}J`);
      drawn = lines.length;
    },
  };
  output.live = region;
  const timer = setInterval(() => region.draw(), drawInterval);
  return () => {
    clearInterval(timer);
    region.clear();
    output.live = null;
  };
}
