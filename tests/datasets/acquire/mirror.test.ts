import type { RequestListener, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { downloadFile, mirrorUrl } from '../../../src/datasets/acquire/mirror.ts';
import { UsageError, UserError } from '../../../src/errors.ts';
import { gzipOf, startServer, tiny, tinyFiles } from '../fixtures.ts';

const file = tiny.files[0]!;
const packed = gzipOf(file.name)!;

/** Sends `data` under an honest length of `length`, then closes the connection. */
function cut(response: ServerResponse, data: Buffer, length: number): void {
  response.writeHead(200, { 'content-length': length });
  response.write(data, () => response.socket?.end());
  // Without a first byte the header would stay in the buffer.
  response.flushHeaders();
}

/** Downloads from a server whose n-th answer is given by the n-th listener, the last one repeated. */
async function download(listeners: readonly RequestListener[], options = {}) {
  let requests = 0;
  const mirror = await startServer((request, response) => {
    listeners[Math.min(requests++, listeners.length - 1)]!(request, response);
  });
  const outcome = await downloadFile(mirror, file, { retryDelay: 0, ...options }).catch((error) => error);
  return { outcome, requests: () => requests, url: `${mirror}/${file.name}.gz` };
}

const good: RequestListener = (request, response) => response.end(gzipOf(request.url));
const status =
  (code: number): RequestListener =>
  (_, response) =>
    response.writeHead(code, { location: 'https://example.org/' }).end('<html>');

describe('mirrorUrl', () => {
  it.each([
    ['http://h', 'http://h/f.gz'],
    ['http://h:81/a', 'http://h:81/a/f.gz'],
    ['http://h/a/', 'http://h/a/f.gz'],
    ['http://h/a/?key=1', 'http://h/a/f.gz?key=1'],
  ])('%s', (mirror, expected) => {
    expect(mirrorUrl(mirror, 'f').href).toBe(expected);
  });

  it.each(['https://h/a', 'ftp://h', 'h/a', ''])('refuses %j', (mirror) => {
    expect(() => mirrorUrl(mirror, 'f')).toThrow(UsageError);
  });

  it('says why https is refused', () => {
    expect(() => mirrorUrl('https://h/a', 'f')).toThrow(
      'The mirror https://h/a uses https, and mirrors are read over plain http only (checksums guard the content): ' +
        'give an http:// address.',
    );
  });
});

describe('downloadFile', () => {
  it('resolves to the unpacked file with one request', async () => {
    const { outcome, requests } = await download([good]);
    expect(outcome).toEqual(tinyFiles[file.name]);
    expect(requests()).toBe(1);
  });

  it.each([
    ['status 500', status(500), 'the server answered 500'],
    [
      'wrong bytes',
      (_, response) => response.end(gzipSync('hello')),
      'the content is not the published file',
    ],
    [
      'an empty body',
      (_, response) => response.end(),
      'the content is no whole gzip file (unexpected end of file)',
    ],
    [
      'a page with status 200',
      (_, response) => response.end('<html>'),
      'the content is no whole gzip file (incorrect header check)',
    ],
    [
      'a file cut on the server',
      (_, response) => response.end(packed.subarray(0, -9)),
      'the content is no whole gzip file (unexpected end of file)',
    ],
    ['a reset', (request) => request.socket.resetAndDestroy(), 'read ECONNRESET'],
    ['a close without an answer', (request) => request.socket.end(), 'socket hang up'],
  ] as [string, RequestListener, string][])('gives up after three times %s', async (_, listener, reason) => {
    const { outcome, requests, url } = await download([listener]);
    expect(outcome).toBeInstanceOf(UserError);
    expect(outcome.message).toBe(`${url} failed 3 times: ${reason}`);
    expect(requests()).toBe(3);
  });

  it.each([404, 403, 302])('does not repeat a request answered with %i', async (code) => {
    const { outcome, requests, url } = await download([status(code)]);
    expect(outcome.message).toBe(`${url} failed once: the server answered ${code}`);
    expect(requests()).toBe(1);
  });

  it('notices a connection that ends at any byte of the file', async () => {
    let length = 0;
    const mirror = await startServer((_, response) =>
      cut(response, packed.subarray(0, length), packed.length),
    );
    for (length = 0; length < packed.length; length += length < 40 ? 1 : 29) {
      await expect(downloadFile(mirror, file, { retries: 0 })).rejects.toThrow(
        'failed once: the connection ended before the file did',
      );
    }
  });

  it.each([
    ['before the answer', () => {}],
    ['inside the file', (_, response) => void response.writeHead(200).write(packed.subarray(0, 50))],
  ] as [string, RequestListener][])('gives up a connection that stalls %s', async (_, listener) => {
    const { outcome, requests, url } = await download([listener], { stallTimeout: 20 });
    expect(outcome.message).toBe(`${url} failed 3 times: no data for 0.02 s`);
    expect(requests()).toBe(3);
  });

  it('goes on after two failures', async () => {
    const reset: RequestListener = (request) => request.socket.resetAndDestroy();
    const { outcome, requests } = await download([reset, status(503), good]);
    expect(outcome).toEqual(tinyFiles[file.name]);
    expect(requests()).toBe(3);
  });

  it('names a server that does not listen', async () => {
    await expect(downloadFile('http://127.0.0.1:1', file, { retryDelay: 0 })).rejects.toThrow(
      `http://127.0.0.1:1/${file.name}.gz failed 3 times: connect ECONNREFUSED 127.0.0.1:1`,
    );
  });

  it.each([
    ['before the answer', () => {}],
    ['inside the file', (_, response) => void response.writeHead(200).write(packed.subarray(0, 50))],
  ] as [string, RequestListener][])('stops when aborted %s', async (_, listener) => {
    const stop = new AbortController();
    const reason = new Error('stopped');
    const { outcome, requests } = await download(
      [
        (request, response) => {
          listener(request, response);
          stop.abort(reason);
        },
      ],
      { signal: stop.signal },
    );
    expect(outcome).toBe(reason);
    expect(requests()).toBe(1);
  });

  it('stops when aborted while it waits for the next try', async () => {
    const stop = new AbortController();
    const reason = new Error('stopped');
    const { outcome } = await download(
      [
        (_, response) => {
          response.once('close', () => setImmediate(() => stop.abort(reason)));
          response.writeHead(500).end();
        },
      ],
      { signal: stop.signal, retryDelay: 1e8 },
    );
    expect(outcome).toBe(reason);
  });
});
