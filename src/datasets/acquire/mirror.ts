import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { urlToHttpOptions } from 'node:url';
import { gunzipUrl } from 'mnist-dataset';
import { UsageError, UserError } from '../../errors.ts';
import { type DataFile, isPublished } from '../data-files.ts';

export interface DownloadOptions {
  /** How often a failed download is tried again. */
  readonly retries?: number;
  /** Milliseconds before the first retry; the second waits twice as long. */
  readonly retryDelay?: number;
  /** Milliseconds without a byte after which a connection is given up. */
  readonly stallTimeout?: number;
  /** Called as each try begins. */
  readonly watch?: (transfer: Transfer) => void;
  readonly signal?: AbortSignal | undefined;
}

/** A download at work. */
export interface Transfer {
  /** Received by now, the head of the answer included. */
  bytes(): number;
  /** Of the whole body, where the server has said so. */
  total: number | undefined;
}

/** A failure that another try would only repeat. */
class PermanentFailure extends Error {}

/** The address of `file`, gzipped, on a mirror. Throws `UsageError` for anything but a plain http address. */
export function mirrorUrl(mirror: string, file: string): URL {
  const base = URL.canParse(mirror) ? new URL(mirror) : null;
  if (base?.protocol === 'https:') {
    throw new UsageError(
      `The mirror ${mirror} uses https, and mirrors are read over plain http only (checksums guard the content): ` +
        'give an http:// address.',
    );
  }
  if (base?.protocol !== 'http:') {
    throw new UsageError(`The mirror ${JSON.stringify(mirror)} is not an address that starts with http://.`);
  }
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  base.pathname += `${file}.gz`;
  return base;
}

/**
 * The unpacked content of `file` from `<mirror>/<name>.gz`, verified. Throws `UserError` naming the address and the
 * last reason when all tries failed, and `signal`'s reason when it was aborted.
 */
export async function downloadFile(
  mirror: string,
  file: DataFile,
  options: DownloadOptions,
): Promise<Buffer> {
  const { retries = 2, retryDelay = 500, stallTimeout = 30_000, watch = () => {}, signal } = options;
  const url = mirrorUrl(mirror, file.name);
  let reason = '';
  let tries = 0;
  while (tries <= retries) {
    // An abort while waiting is noticed by the next line.
    if (tries > 0) await delay(retryDelay * tries, undefined, { signal }).catch(() => {});
    signal?.throwIfAborted();
    tries++;
    try {
      const data = await gunzipOnce(url, { stallTimeout, watch, signal });
      if (isPublished(data, file)) return data;
      reason = 'the content is not the published file';
    } catch (error) {
      signal?.throwIfAborted();
      reason = describeFailure(error as NodeJS.ErrnoException);
      if (error instanceof PermanentFailure) break;
    }
  }
  throw new UserError(`${url} failed ${tries === 1 ? 'once' : `${tries} times`}: ${reason}`);
}

function describeFailure({ code, message }: NodeJS.ErrnoException): string {
  return code?.startsWith('Z_') ? `the content is no whole gzip file (${message})` : message;
}

/**
 * `gunzipUrl`, which ignores the status of the answer and never settles when a connection ends or stalls inside it,
 * with both mended: it hands its argument to `http.get`, which lets us own the socket, and the answer to a request on
 * that socket is announced on Node's diagnostics channel.
 */
function gunzipOnce(
  url: URL,
  {
    stallTimeout,
    watch,
    signal,
  }: Required<Pick<DownloadOptions, 'stallTimeout' | 'watch'>> & {
    readonly signal: AbortSignal | undefined;
  },
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let socket: Socket | undefined;
    const transfer: Transfer = { bytes: () => socket?.bytesRead ?? 0, total: undefined };
    watch(transfer);
    const createConnection = () => {
      socket = connect(Number(url.port || 80), url.hostname.replace(/^\[|\]$/g, ''));
      return socket.setTimeout(stallTimeout, () => fail(new Error(`no data for ${stallTimeout / 1000} s`)));
    };
    const onAnswer = (message: unknown) => {
      const { response } = message as { response: IncomingMessage };
      if (response.socket !== socket) return;
      const { statusCode = 0 } = response;
      if (statusCode >= 500) fail(new Error(`the server answered ${statusCode}`));
      else if (statusCode !== 200) fail(new PermanentFailure(`the server answered ${statusCode}`));
      const length = Number(response.headers['content-length']);
      if (length > 0) transfer.total = length;
      response.once('close', () => {
        if (!response.complete) fail(new Error('the connection ended before the file did'));
      });
    };
    const finish = () => {
      unsubscribe('http.client.response.finish', onAnswer);
      socket?.destroy();
    };
    const fail = (error: Error) => {
      finish();
      reject(error);
    };
    subscribe('http.client.response.finish', onAnswer);
    gunzipUrl({ ...urlToHttpOptions(url), createConnection, signal }).then((data) => {
      finish();
      resolve(data);
    }, fail);
  });
}
