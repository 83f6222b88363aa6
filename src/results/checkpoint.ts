import { createHash } from 'node:crypto';
import type { Snapshot, TrialState } from '../training/trial-events.ts';
import { decodeMetadata, decodeSafetensors, encodeSafetensors, headBytes } from './safetensors.ts';
import { compactJson } from './stable-json.ts';

/** How much of a run's curve belongs to a checkpoint. */
export interface CurveMark {
  readonly bytes: number;
  readonly sha256: string;
}

/** What a checkpoint says without its tensors. */
export interface CheckpointSummary {
  readonly id: string;
  readonly state: TrialState;
  readonly curve: CurveMark;
}

export interface Checkpoint extends CheckpointSummary {
  readonly snapshot: Snapshot;
}

const noHash = '0'.repeat(64);
const hashField = /"content_sha256":"([0-9a-f]{64})"/;

/**
 * The bytes of checkpoint.safetensors, in chunks. Its metadata carry the run's id, the trial's state, length and
 * sha256 of the curve, and the sha256 of the whole file (computed with zeros in its own place).
 */
export function encodeCheckpoint(id: string, snapshot: Snapshot, curve: CurveMark): Uint8Array[] {
  const [head, ...data] = encodeSafetensors({
    metadata: {
      content_sha256: noHash,
      curve_bytes: String(curve.bytes),
      curve_sha256: curve.sha256,
      run: id,
      state: compactJson(snapshot.state),
    },
    tensors: snapshot.tensors,
  });
  const hash = hashOf([head!, ...data]);
  return [replaceText(head!, `"content_sha256":"${noHash}"`, `"content_sha256":"${hash}"`), ...data];
}

/** The inverse of `encodeCheckpoint`; `undefined` if a single bit has changed, or for another run's checkpoint. */
export function decodeCheckpoint(bytes: Uint8Array, id: string): Checkpoint | undefined {
  const start = headBytes(bytes);
  if (start === undefined || start > bytes.length) return undefined;
  const head = bytes.subarray(0, start);
  const hash = hashField.exec(Buffer.from(head).toString('latin1'))?.[1];
  if (hash === undefined) return undefined;
  const blank = replaceText(head, `"content_sha256":"${hash}"`, `"content_sha256":"${noHash}"`);
  if (hashOf([blank, bytes.subarray(start)]) !== hash) return undefined;
  const summary = decodeSummary(head, id);
  const content = decodeSafetensors(bytes);
  if (summary === undefined || content === undefined) return undefined;
  return { ...summary, snapshot: { state: summary.state, tensors: content.tensors } };
}

/** The summary from the part before the tensors, whose length `headBytes` tells; unlike the whole it is not verified. */
export function decodeSummary(head: Uint8Array, id: string): CheckpointSummary | undefined {
  const metadata = decodeMetadata(head);
  if (metadata?.run !== id) return undefined;
  try {
    return {
      id,
      state: JSON.parse(metadata.state!),
      curve: { bytes: Number(metadata.curve_bytes), sha256: metadata.curve_sha256! },
    };
  } catch {
    return undefined;
  }
}

function hashOf(chunks: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}

/** A copy with one text in the place of another one of the same length. */
function replaceText(bytes: Uint8Array, from: string, to: string): Uint8Array {
  const copy = Buffer.from(bytes);
  copy.write(to, copy.indexOf(from), 'latin1');
  return copy;
}
