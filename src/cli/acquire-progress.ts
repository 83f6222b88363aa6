import type { LiveRegion, Output } from './output.ts';
import { cut } from './table.ts';

/** Milliseconds between two signs of life where lines are printed, and where one line is drawn anew in its place. */
const lineInterval = 30_000;
const drawInterval = 1000;

/** What fetching and preparing data takes to show its progress. */
export interface AcquireDisplay {
  readonly progressInterval: number;
  readonly onProgress: (line: string, goesOn: boolean) => void;
  /** Leaves the terminal as it was found. */
  stop(): void;
}

/**
 * Shows on stderr what is fetched and prepared, until it is stopped: a line for each thing that begins, and below, in
 * the style the output asks for, how far it is.
 */
export function showAcquiring(output: Output): AcquireDisplay {
  switch (output.progressStyle) {
    case 'live':
      return showLive(output);
    case 'lines':
      return {
        progressInterval: lineInterval,
        onProgress: (line) => output.note(line),
        stop: () => {},
      };
    case 'none':
      return {
        progressInterval: lineInterval,
        onProgress: (line, goesOn) => {
          if (!goesOn) output.note(line);
        },
        stop: () => {},
      };
  }
}

const control = '\u001b[';

function showLive(output: Output): AcquireDisplay {
  let shown = '';
  let isDrawn = false;
  const region: LiveRegion = {
    clear() {
      if (isDrawn) output.draw(`\r${control}1A${control}J`);
      isDrawn = false;
    },
    draw() {
      if (shown === '') return;
      output.draw(`${cut(shown, output.noteSize.columns - 1)}${control}K\n`);
      isDrawn = true;
    },
  };
  const show = (line: string): void => {
    region.clear();
    shown = line;
    region.draw();
  };
  output.live = region;
  return {
    progressInterval: drawInterval,
    onProgress(line, goesOn) {
      show(goesOn ? line : '');
      if (!goesOn) output.note(line);
    },
    stop() {
      show('');
      output.live = null;
    },
  };
}
