import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { acquireFiles } from '../../../src/datasets/acquire/acquire.ts';
import { checkDataFiles } from '../../../src/datasets/data-files.ts';
import { UsageError, UserError } from '../../../src/errors.ts';
import { gzipOf, sourceOf, startServer, temporaryFolder, tiny, tinyFiles } from '../fixtures.ts';

/** Nothing listens there: any use of the network fails. */
const noMirror = 'http://127.0.0.1:1';
const quick = { retryDelay: 0 };

let folder = '';
let target = '';

beforeEach(async () => {
  folder = join(await temporaryFolder(), 'data');
  target = join(folder, 'tiny');
});

async function startMirror(): Promise<{ mirror: string; requested: string[] }> {
  const requested: string[] = [];
  const mirror = await startServer((request, response) => {
    requested.push(request.url!.slice(1));
    response.end(gzipOf(request.url));
  });
  return { mirror, requested };
}

async function put(files: Readonly<Record<string, Uint8Array>>): Promise<void> {
  await mkdir(target, { recursive: true });
  for (const [name, data] of Object.entries(files)) await writeFile(join(target, name), data);
}

/** The data set is complete, and nothing else is in the data folder. */
async function expectReady(extra: readonly string[] = []): Promise<void> {
  for (const [name, data] of Object.entries(tinyFiles))
    expect(await readFile(join(target, name))).toEqual(data);
  expect((await readdir(target)).sort()).toEqual([...Object.keys(tinyFiles), ...extra].sort());
  expect(await readdir(folder)).toEqual(['tiny']);
}

const byHand = () =>
  `put train-images, train-labels, test-images, test-labels (plain or as .gz) into ${target} and run ` +
  '`adam-repro data verify tiny`.';

describe('acquireFiles', () => {
  it('fetches all files from a mirror, and says what it does', async () => {
    const { mirror, requested } = await startMirror();
    const lines: string[] = [];
    await acquireFiles(tiny, { folder, mirror, onProgress: (line) => lines.push(line) });
    await expectReady();
    expect(requested).toEqual(tiny.files.map(({ name }) => `${name}.gz`));
    expect(lines).toEqual(tiny.files.map(({ name }) => `fetching ${mirror}/${name}.gz`));
  });

  it('touches neither network nor npm nor the folder where the data are complete', async () => {
    await put(tinyFiles);
    await acquireFiles(tiny, { folder, mirror: noMirror });
    await acquireFiles(tiny, { folder, npmCommand: ['/no/such/npm'] });
    await acquireFiles(tiny, { folder, offline: true });
    await expectReady();
  });

  it('replaces damaged and missing files only', async () => {
    const damaged = tinyFiles['train-images']!.subarray(0, -1);
    const { 'test-labels': _, ...rest } = tinyFiles;
    await put({ ...rest, 'train-images': damaged });
    const { mirror, requested } = await startMirror();
    await acquireFiles(tiny, { folder, mirror });
    await expectReady();
    expect(requested).toEqual(['train-images.gz', 'test-labels.gz']);
  });

  it('leaves nothing behind when a later file fails, and says what to do', async () => {
    const mirror = await startServer((request, response) => {
      const data = gzipOf(request.url);
      response.end(request.url!.includes('test-labels') ? data!.subarray(0, 20) : data);
    });
    const acquiring = acquireFiles(tiny, { folder, mirror, ...quick });
    await expect(acquiring).rejects.toThrow(
      `Tiny could not be fetched: ${mirror}/test-labels.gz failed 3 times: the content is no whole gzip file (unexpected end of file); ${byHand()}`,
    );
    expect(await readdir(folder)).toEqual([]);
  });

  it('keeps the files there when fetching the damaged one fails', async () => {
    await put({ ...tinyFiles, 'test-labels': Buffer.from('damaged') });
    await expect(acquireFiles(tiny, { folder, mirror: noMirror, ...quick })).rejects.toThrow('ECONNREFUSED');
    expect((await checkDataFiles(folder, tiny)).map(({ state }) => state)).toEqual([
      'ok',
      'ok',
      'ok',
      'damaged',
    ]);
    expect(await readdir(folder)).toEqual(['tiny']);
  });

  it('does no harm eight times at once', async () => {
    const { mirror } = await startMirror();
    await Promise.all(Array.from({ length: 8 }, () => acquireFiles(tiny, { folder, mirror })));
    await expectReady();
  });

  it('refuses a bad mirror address before anything else', async () => {
    await expect(acquireFiles(tiny, { folder, mirror: 'https://example.org' })).rejects.toThrow(UsageError);
  });

  it('names the missing files when it may not fetch', async () => {
    await put({ 'train-images': tinyFiles['train-images']!, 'test-labels': Buffer.from('?') });
    await expect(acquireFiles(tiny, { folder, offline: true, mirror: noMirror })).rejects.toThrow(
      `Tiny is not complete in ${target} (train-labels is missing, test-images is missing, test-labels is damaged) ` +
        `and nothing is fetched offline: ${byHand()}`,
    );
  });

  it('gives signs of life while a file takes its time', async () => {
    let answer = () => {};
    const mirror = await startServer((request, response) => {
      const send = () => void response.end(gzipOf(request.url));
      if (request.url === '/test-labels.gz') answer = send;
      else send();
    });
    const lines: string[] = [];
    const onProgress = (line: string) => {
      lines.push(line);
      if (line.startsWith('still') && line.includes('test-labels')) answer();
    };
    await acquireFiles(tiny, { folder, mirror, onProgress, progressInterval: 5 });
    const line = lines.find((text) => text.startsWith('still') && text.includes('test-labels'));
    expect(line).toMatch(/^still fetching http:\S+\/test-labels\.gz, for \d+ s$/);
  });

  it('says how much of a file has come from the mirror', async () => {
    const data = gzipOf('/train-images.gz')!;
    const half = data.length >> 1;
    let answer = () => {};
    const mirror = await startServer((request, response) => {
      if (request.url !== '/train-images.gz') return void response.end(gzipOf(request.url));
      response.setHeader('content-length', data.length);
      response.write(data.subarray(0, half));
      answer = () => void response.end(data.subarray(half));
    });
    const lines: string[] = [];
    const onProgress = (line: string) => {
      if (!line.includes(' of 0.0 MB, for')) return;
      lines.push(line);
      answer();
    };
    await acquireFiles(tiny, { folder, mirror, onProgress, progressInterval: 5 });
    const line = lines.find((text) => text.startsWith('still'));
    expect(line).toMatch(/\/train-images\.gz, 0\.0 of 0\.0 MB, for \d+ s$/);
  });

  it.each([
    ['an error', new Error('stopped')],
    ['a sentence for the user', new UserError('Stopped. Go on with: adam-repro run', { exitCode: 130 })],
  ])('cleans up and rejects with the reason when stopped, be it %s', async (_, reason) => {
    const stop = new AbortController();
    const mirror = await startServer(() => stop.abort(reason));
    await expect(acquireFiles(tiny, { folder, mirror, signal: stop.signal })).rejects.toBe(reason);
    expect(await readdir(folder)).toEqual([]);

    const byNpm = new AbortController();
    const npmCommand = [process.execPath, '-e', 'setInterval(() => {}, 1000)'];
    const onProgress = () => setImmediate(() => byNpm.abort(reason));
    const acquiring = acquireFiles(tiny, { folder, npmCommand, onProgress, signal: byNpm.signal });
    await expect(acquiring).rejects.toBe(reason);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('files put there by hand', () => {
  const packed = Object.fromEntries(
    Object.entries(tinyFiles).map(([name, data]) => [`${name}.gz`, gzipSync(data)]),
  );

  it('are unpacked without a network and stay', async () => {
    await put(packed);
    await acquireFiles(tiny, { folder, offline: true });
    await expectReady(Object.keys(packed));
  });

  it('mix with plain ones, and only the rest is fetched', async () => {
    await put({ 'train-labels': tinyFiles['train-labels']!, 'test-images.gz': packed['test-images.gz']! });
    const { mirror, requested } = await startMirror();
    await acquireFiles(tiny, { folder, mirror });
    await expectReady(['test-images.gz']);
    expect(requested).toEqual(['train-images.gz', 'test-labels.gz']);
  });

  it.each([
    ['cut', packed['test-images.gz']!.subarray(0, 40)],
    ['of something else', gzipSync('hello')],
    ['larger than the file', gzipSync(Buffer.alloc(1e6))],
  ])('are named and passed over when %s', async (_, data) => {
    await put({ ...packed, 'test-images.gz': data });
    await expect(acquireFiles(tiny, { folder, offline: true })).rejects.toThrow(
      '(test-images is missing, test-images.gz does not hold the published file) and nothing is fetched',
    );
    const { mirror, requested } = await startMirror();
    await acquireFiles(tiny, { folder, mirror });
    await expectReady(Object.keys(packed));
    expect(requested).toEqual(['test-images.gz']);
  });
});

describe('the folder', () => {
  const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);

  it('loses what dead processes left, and keeps what live ones and other machines do', async () => {
    const dead = spawnSync(process.execPath, ['--version']).pid;
    const names = {
      dead: `.tiny-${host}-${dead}-00000000`,
      live: `.tiny-${host}-${process.pid}-00000000`,
      elsewhere: `.tiny-0123abcd-${dead}-00000000`,
      old: `.tiny-0123abcd-${dead}-11111111`,
      other: '.other',
    };
    for (const name of Object.values(names)) {
      await mkdir(join(folder, name), { recursive: true });
      await writeFile(join(folder, name, 'half'), '');
    }
    const lastWeek = Date.now() / 1000 - 7 * 86400;
    await utimes(join(folder, names.old), lastWeek, lastWeek);
    const { mirror } = await startMirror();
    await acquireFiles(tiny, { folder, mirror });
    expect((await readdir(folder)).sort()).toEqual([names.other, names.live, names.elsewhere, 'tiny'].sort());
  });

  it('may not be a file', async () => {
    await writeFile(folder, '');
    const acquiring = acquireFiles(tiny, { folder, mirror: noMirror });
    await expect(acquiring).rejects.toThrow(UserError);
    await expect(acquiring).rejects.toThrow(
      `Tiny cannot be stored: ${folder} is not a folder; move it away or set ADAM_REPRO_DATA to another folder.`,
    );
  });

  it('may not lie inside a file', async () => {
    await writeFile(folder, '');
    await expect(acquireFiles(tiny, { folder: join(folder, 'sub'), mirror: noMirror })).rejects.toThrow(
      /^Tiny cannot be stored: .* is not a folder; /,
    );
  });

  it('may not have a file for the data set, or a folder for a file', async () => {
    const { mirror } = await startMirror();
    await mkdir(folder);
    await writeFile(target, '');
    await expect(acquireFiles(tiny, { folder, mirror })).rejects.toThrow(`${target} is not a folder`);
    const other = sourceOf({ 'test-labels': tinyFiles['test-labels']! });
    const elsewhere = join(folder, 'elsewhere');
    await mkdir(join(elsewhere, 'tiny', 'test-labels', 'x'), { recursive: true });
    await expect(acquireFiles(other, { folder: elsewhere, mirror })).rejects.toThrow(
      `Tiny cannot be stored: a folder has the name of a file in ${join(elsewhere, 'tiny')}; move it away.`,
    );
  });
});
