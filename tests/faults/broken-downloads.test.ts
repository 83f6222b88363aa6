import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { create } from 'tar';
import { describe, expect, it } from 'vitest';
import { type AcquireOptions, acquireFiles } from '../../src/datasets/acquire/acquire.ts';
import { UserError } from '../../src/errors.ts';
import { gzipOf, tiny, tinyFiles } from '../datasets/fixtures.ts';
import { contentsOf, scratchFolder } from '../results/machine.ts';
import { campaign, randomNumbers, trials } from './campaign.ts';
import { live, type Options } from './processes.ts';

type Random = () => number;

/** How a server may fail at one file: what it answers, how often it is asked, and what is said of it. */
interface Broken {
  answer(file: Buffer, response: ServerResponse, random: Random): void;
  readonly tries?: number;
  readonly said: RegExp;
}

const below = (random: Random, n: number) => Math.floor(random() * n);

function changed(bytes: Buffer, random: Random): Buffer {
  const copy = Buffer.from(bytes);
  copy[below(random, copy.length)]! ^= 1 << below(random, 8);
  return copy;
}

const status = (code: number) => (_: Buffer, response: ServerResponse) =>
  void response.writeHead(code, { location: '/elsewhere' }).end('<html>');

const mirrors: Record<string, Broken> = {
  'the connection ends inside the file': {
    answer: (file, response, random) => {
      const packed = gzipSync(file);
      response.writeHead(200, { 'content-length': packed.length });
      const part = packed.subarray(0, below(random, packed.length));
      response.write(part, () => response.socket?.end());
      response.flushHeaders();
    },
    said: /the connection ended before the file did/,
  },
  'the file on the server is cut': {
    answer: (file, response, random) => {
      const packed = gzipSync(file);
      response.end(packed.subarray(0, below(random, packed.length)));
    },
    said: /the content is no whole gzip file/,
  },
  'a bit of the content is another one': {
    answer: (file, response, random) => response.end(gzipSync(changed(file, random))),
    said: /the content is not the published file/,
  },
  'the content is that of another file': {
    answer: (file, response) => {
      const other = Object.values(tinyFiles).find((data) => !data.equals(file))!;
      response.end(gzipSync(other));
    },
    said: /the content is not the published file/,
  },
  'a page comes instead of the file': {
    answer: (_, response, random) => response.end('<html>'.repeat(1 + below(random, 2000))),
    said: /the content is no whole gzip file/,
  },
  'the server stalls inside the file': {
    answer: (file, response, random) => {
      const packed = gzipSync(file);
      response.writeHead(200, { 'content-length': packed.length });
      response.write(packed.subarray(0, 1 + below(random, packed.length - 1)));
    },
    said: /no data for 0\.05 s/,
  },
  'the server never answers': { answer: () => {}, said: /no data for 0\.05 s/ },
  'the connection is reset': {
    answer: (_, response) => response.socket!.resetAndDestroy(),
    said: /ECONNRESET|socket hang up/,
  },
  'the server answers 500': { answer: status(500), said: /the server answered 500/ },
  'the server answers 404': { answer: status(404), tries: 1, said: /the server answered 404/ },
  'the server points elsewhere': { answer: status(302), tries: 1, said: /the server answered 302/ },
};

async function serve(listener: RequestListener): Promise<{ mirror: string; close: () => void }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { mirror: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

const good: RequestListener = (request, response) => response.end(gzipOf(request.url));
const text = (data: Uint8Array) => Buffer.from(data).toString('latin1');
const expected = {
  tiny: '(folder)',
  ...Object.fromEntries(Object.entries(tinyFiles).map(([name, data]) => [`tiny/${name}`, text(data)])),
};
const fetching = (folder: string, options: Partial<AcquireOptions>) =>
  acquireFiles(tiny, { folder, retryDelay: 0, ...options });

/** Fails with a sentence and leaves nothing behind; the next time with a sound server gives the data. */
async function expectFailure(options: Partial<AcquireOptions>, said: RegExp): Promise<void> {
  const folder = join(scratchFolder(), 'data');
  const error = await fetching(folder, options).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UserError);
  const { message } = error as UserError;
  expect(message).toMatch(/^Tiny could not be fetched: /);
  expect(message).toMatch(said);
  expect(message).toContain('run `adam-repro data verify tiny`');
  expect(contentsOf(folder)).toEqual({});
  const { mirror, close } = await serve(good);
  try {
    await fetching(folder, { mirror });
  } finally {
    close();
  }
  expect(contentsOf(folder)).toEqual(expected);
}

const kindsAndTrials = (kinds: readonly string[]) =>
  kinds.flatMap((kind) => trials(2, 30).map((trial) => ({ kind, trial })));
const nameOf = ({ kind, trial }: { kind: string; trial: number }) => `${kind} ${trial}`;

describe('data that cannot be fetched', () => {
  it('from a mirror are reported after a few tries, and leave nothing behind', () =>
    campaign('T15 broken mirrors', kindsAndTrials(Object.keys(mirrors)), nameOf, async ({ kind, trial }) => {
      const { answer, tries = 3, said } = mirrors[kind]!;
      const random = randomNumbers(`${kind} ${trial}`);
      const victim = tiny.files[below(random, tiny.files.length)]!;
      let asked = 0;
      const { mirror, close } = await serve((request, response) => {
        if (request.url !== `/${victim.name}.gz`) return good(request, response);
        asked++;
        answer(tinyFiles[victim.name]!, response, random);
      });
      try {
        const stalls = said.source.includes('no data');
        await expectFailure({ mirror, ...(stalls ? { stallTimeout: 50 } : {}) }, said);
      } finally {
        close();
      }
      // A busy machine may make a sound answer late as well, so that the one file is never asked for.
      if (!said.source.includes('no data')) expect(asked).toBe(tries);
    }));

  it('from a mirror that fails at first are had all the same', () => {
    const passing = Object.keys(mirrors).filter((kind) => {
      const { tries, said } = mirrors[kind]!;
      return tries === undefined && !said.source.includes('no data');
    });
    return campaign(
      'T15 mirrors that fail twice',
      kindsAndTrials(passing),
      nameOf,
      async ({ kind, trial }) => {
        const random = randomNumbers(`twice ${kind} ${trial}`);
        const victim = tiny.files[below(random, tiny.files.length)]!;
        let asked = 0;
        const { mirror, close } = await serve((request, response) => {
          if (request.url !== `/${victim.name}.gz` || ++asked > 2) return good(request, response);
          mirrors[kind]!.answer(tinyFiles[victim.name]!, response, random);
        });
        try {
          const folder = join(scratchFolder(), 'data');
          await fetching(folder, { mirror });
          expect(contentsOf(folder)).toEqual(expected);
          expect(asked).toBe(3);
        } finally {
          close();
        }
      },
    );
  });

  it('from a damaged npm package are refused, and leave nothing behind', async () => {
    const work = scratchFolder();
    /** A tarball of the files as npm makes it, some of them others. */
    const pack = async (name: string, changes: Readonly<Record<string, Buffer>> = {}) => {
      const data = join(work, name, 'package/data');
      mkdirSync(data, { recursive: true });
      for (const [file, bytes] of Object.entries({ ...tinyFiles, ...changes })) {
        writeFileSync(join(data, file), bytes);
      }
      const file = join(work, `${name}.tgz`);
      await create({ gzip: true, file, cwd: join(work, name) }, ['package']);
      return file;
    };
    const sound = await pack('sound');
    const { length } = readFileSync(sound);
    const program = join(work, 'npm.cjs');
    writeFileSync(
      program,
      `const fs = require('node:fs');
      const [file, length] = process.argv.slice(2);
      fs.writeFileSync(
        process.env.npm_config_pack_destination + '/tiny-data-1.0.0.tgz',
        fs.readFileSync(file).subarray(0, Number(length)),
      );`,
    );
    const npm = (file: string, bytes: number) => [process.execPath, program, file, String(bytes)];
    const kinds = ['the package is cut', 'a bit of a file in the package is another one'];
    await campaign('T15 broken packages', kindsAndTrials(kinds), nameOf, async ({ kind, trial }) => {
      const random = randomNumbers(`${kind} ${trial}`);
      if (kind === 'the package is cut') {
        // The end of the archive is empty: without it, all files are there.
        const npmCommand = npm(sound, below(random, length - 200));
        await expectFailure(
          { npmCommand },
          /the package .* cannot be unpacked|is missing|is not the published/,
        );
        return;
      }
      const { name } = tiny.files[below(random, tiny.files.length)]!;
      const file = await pack(`package-${trial}`, { [name]: changed(tinyFiles[name]!, random) });
      const said = new RegExp(`${name} in the npm package tiny-data@1.0.0 is not the published file`);
      await expectFailure({ npmCommand: npm(file, 1e9) }, said);
    });
  });
});

describe.runIf(process.platform === 'linux')('without any network', () => {
  const program = fileURLToPath(new URL('acquire-data.mjs', import.meta.url));
  const options = (folder: string, mirror: string): Options => ({
    program: [program, JSON.stringify({ source: tiny, folder: join(folder, 'results'), mirror })],
    env: { FAULT_NETWORK: 'none' },
  });

  it('data that are there are had, and others are reported and leave nothing behind', () =>
    campaign(
      'T15 no network',
      kindsAndTrials(['none there', 'some there', 'all there']),
      nameOf,
      async ({ kind, trial }) => {
        const random = randomNumbers(`${kind} ${trial}`);
        const folder = scratchFolder();
        const target = join(folder, 'results/tiny');
        mkdirSync(target, { recursive: true });
        const names = Object.keys(tinyFiles);
        const there = {
          'none there': 0,
          'some there': 1 + below(random, names.length - 1),
          'all there': names.length,
        };
        for (const name of names.slice(0, there[kind as keyof typeof there])) {
          writeFileSync(join(target, name), tinyFiles[name]!);
        }
        const before = contentsOf(join(folder, 'results'));
        const { mirror, close } = await serve(good);
        try {
          const { code, errors } = await live(folder, options(folder, mirror));
          expect(code, errors).toBe(kind === 'all there' ? 0 : 1);
          if (code !== 0)
            expect(errors).toMatch(
              /^UserError: Tiny could not be fetched: .* failed 3 times: connect ENETUNREACH/,
            );
          expect(contentsOf(join(folder, 'results'))).toEqual(before);
          await fetching(join(folder, 'results'), { mirror });
          expect(contentsOf(join(folder, 'results'))).toEqual(expected);
          expect(readdirSync(join(folder, 'results'))).toEqual(['tiny']);
        } finally {
          close();
        }
      },
    ));
});
