import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { gzipOf, tiny } from '../datasets/fixtures.ts';
import { contentsOf, scratchFolder } from '../results/machine.ts';
import { until } from '../runner/processes.ts';
import { campaign, sampled, trials, upTo } from './campaign.ts';
import { Life, live, makesGood, type Options, sameContents } from './processes.ts';
import { reliedOn } from './told.ts';

const { errno } = constants;
const program = fileURLToPath(new URL('acquire-data.mjs', import.meta.url));
const loader = pathToFileURL(fileURLToPath(new URL('barrier.mjs', import.meta.url))).href;

describe.runIf(process.platform === 'linux')('fetching data', async () => {
  const server = createServer((request, response) => {
    response.end(gzipOf(request.url));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => server.close());
  const mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  /** The data folder lies where the results do else. */
  const fetching = (folder: string, from = mirror): Options => ({
    program: [program, JSON.stringify({ source: tiny, folder: join(folder, 'results'), mirror: from })],
  });
  const first = scratchFolder();
  const { life, errors } = await live(first, fetching(first));
  expect(errors).toBe('');
  const contents = contentsOf(join(first, 'results'));
  const operations = life.operations();
  const places = upTo(operations.length).map((k) => k + 1);

  it('that is killed at any file operation is made good by the next time', () =>
    campaign(
      'T15 fetching data, kill -9 at every file operation',
      sampled(
        'T15',
        places.flatMap((at) => ['before', 'half', 'after'].map((action) => ({ action, at }))),
        12,
      ),
      ({ action, at }) => `${action} ${at}`,
      async (fault) => {
        const folder = scratchFolder();
        await live(folder, { ...fetching(folder), fault });
        await makesGood(folder, contents, fetching(folder));
      },
    ));

  it('with a full disk or another error at any file operation says so, and is made good', () =>
    campaign(
      'T15 fetching data, errors at every file operation',
      sampled(
        'T15 errors',
        places.flatMap((at) =>
          [`full:${errno.ENOSPC}`, `once:${errno.EIO}`].map((action) => ({ action, at })),
        ),
        12,
      ),
      ({ action, at }) => `${action} ${at}`,
      async (fault) => {
        const folder = scratchFolder();
        const ended = await live(folder, { ...fetching(folder), fault });
        if (ended.code !== 0) expect(ended.errors).toMatch(/^UserError: Tiny cannot be (stored|had)/);
        else {
          sameContents(folder, contents);
          expect(reliedOn(ended.life.operations())).toEqual([]);
        }
        await makesGood(folder, contents, fetching(folder));
      },
    ));

  it('eight times at once does no harm', () =>
    campaign(
      'T15 eight processes fetch the same data at once',
      trials(1, 30),
      (trial) => `trial ${trial}`,
      async () => {
        const folder = scratchFolder();
        const barrier = join(folder, 'barrier');
        mkdirSync(barrier);
        const env = { NODE_OPTIONS: `--import ${loader}`, BARRIER: barrier };
        const lives = upTo(8).map(() => new Life(folder, { ...fetching(folder), env }));
        await until(() => (readdirSync(barrier).length === 8 ? true : undefined));
        writeFileSync(join(barrier, 'go'), '');
        for (const { ended } of lives) expect((await ended).errors).toBe('');
        sameContents(folder, contents);
        // What is there needs no network.
        await makesGood(folder, contents, fetching(folder, 'http://127.0.0.1:1'));
      },
    ));
});
