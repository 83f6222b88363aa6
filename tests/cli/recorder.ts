import { Output, type OutputSettings } from '../../src/cli/output.ts';

/** A stream that remembers what was written to it. */
export class Recorder {
  text = '';
  readonly isTTY: boolean;
  columns: number | undefined;
  rows: number | undefined;
  constructor(isTTY = false, columns?: number, rows?: number) {
    this.isTTY = isTTY;
    this.columns = columns;
    this.rows = rows;
  }
  write(text: string): void {
    this.text += text;
  }
}

export interface RecordedOutput {
  readonly output: Output;
  readonly stdout: Recorder;
  readonly stderr: Recorder;
}

export function recordedOutput(
  settings: Partial<OutputSettings> = {},
  { stdout = new Recorder(), stderr = new Recorder(), environment = {} as NodeJS.ProcessEnv } = {},
): RecordedOutput {
  const output = new Output({ stdout, stderr }, environment);
  output.settings = { ...output.settings, ...settings };
  return { output, stdout, stderr };
}
