import picocolors from 'picocolors';
import { type When, wantsColor, wantsLiveBlock } from './color.ts';

/** What the command line needs of a stream; `process.stdout` is one, and so is a recorder in a test. */
export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

export interface Streams {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
}

export interface OutputSettings {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly debug: boolean;
  readonly color: When | undefined;
  readonly progress: When;
}

export const defaultSettings: OutputSettings = {
  json: false,
  quiet: false,
  verbose: false,
  debug: false,
  color: undefined,
  progress: 'auto',
};

export type Paint = ReturnType<typeof picocolors.createColors>;

/** Something drawn at the end of stderr that steps aside while a line is written. */
export interface LiveRegion {
  clear(): void;
  draw(): void;
}

/** Version of the JSON documents' shape; raised when a field changes its meaning or goes away. */
export const schemaVersion = 1;

/**
 * The one place that writes: results go to stdout, everything else to stderr. With `--json` stdout carries exactly one
 * document.
 */
export class Output {
  settings: OutputSettings = defaultSettings;
  live: LiveRegion | null = null;
  readonly #streams: Streams;
  readonly #environment: NodeJS.ProcessEnv;
  #documentWritten = false;

  constructor(streams: Streams, environment: NodeJS.ProcessEnv) {
    this.#streams = streams;
    this.#environment = environment;
  }

  /** Colours for text on stdout. */
  get paint(): Paint {
    return this.#paintFor(this.#streams.stdout);
  }

  /** Colours for text on stderr. */
  get notePaint(): Paint {
    return this.#paintFor(this.#streams.stderr);
  }

  /** Terminal size of stderr, where progress is drawn. */
  get noteSize(): { columns: number; rows: number } {
    const { columns, rows } = this.#streams.stderr;
    return { columns: columns || 80, rows: rows || 24 };
  }

  get documentWritten(): boolean {
    return this.#documentWritten;
  }

  /** Whether progress is redrawn in place, as lines, or not shown at all. */
  get progressStyle(): 'live' | 'lines' | 'none' {
    const { quiet, verbose, progress } = this.settings;
    if (quiet || progress === 'never') return 'none';
    const isTerminal = this.#streams.stderr.isTTY === true;
    // Verbose lines and a block that moves would chase each other.
    return !verbose && wantsLiveBlock({ flag: progress, environment: this.#environment, isTerminal })
      ? 'live'
      : 'lines';
  }

  /** What the command was asked for: `document` with `--json`, else the text. */
  result(document: Readonly<Record<string, unknown>>, text: () => string): void {
    if (!this.settings.json) {
      this.#write('stdout', `${text()}\n`);
      return;
    }
    if (this.#documentWritten) throw new Error('a second JSON document');
    this.#documentWritten = true;
    this.#write('stdout', `${JSON.stringify({ schemaVersion, ...document }, null, 2)}\n`);
  }

  /** Said unless `--quiet`. */
  note(text: string): void {
    if (!this.settings.quiet) this.#write('stderr', `${text}\n`);
  }

  /** Said with `--verbose`. */
  detail(text: string): void {
    if (this.settings.verbose) this.#write('stderr', `${this.notePaint.dim(text)}\n`);
  }

  /** Said even then: what the user asked for with a signal. */
  notice(text: string): void {
    this.#write('stderr', `${text}\n`);
  }

  warn(text: string): void {
    this.#write('stderr', `${this.notePaint.yellow('warning:')} ${text}\n`);
  }

  error(text: string): void {
    this.#write('stderr', `${this.notePaint.red('error:')} ${text}\n`);
  }

  /** Text for stderr as it is, cursor movements included: for the live region only. */
  draw(text: string): void {
    this.#streams.stderr.write(text);
  }

  #write(stream: 'stdout' | 'stderr', text: string): void {
    this.live?.clear();
    this.#streams[stream].write(text);
    this.live?.draw();
  }

  #paintFor(stream: OutputStream): Paint {
    const { color: flag } = this.settings;
    return picocolors.createColors(
      wantsColor({ flag, environment: this.#environment, isTerminal: stream.isTTY === true }),
    );
  }
}
