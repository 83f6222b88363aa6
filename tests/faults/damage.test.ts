import {
  appendFileSync,
  cpSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeManifest, type Manifest } from '../../src/results/manifest.ts';
import { unsealJson } from '../../src/results/stable-json.ts';
import { runId } from '../../src/spec/hash.ts';
import { contentsOf, Machine, scratchFolder } from '../results/machine.ts';
import { campaign, randomNumbers, sampled, trials, upTo } from './campaign.ts';
import { id, live, run, runsIn } from './in-process.ts';

const files = ['run.json', 'curve.csv', 'checkpoint.safetensors', 'timing.json'] as const;

/** What a life of a few steps, or a whole one, leaves behind. */
async function leftAfter(stopAfter?: number, of = run): Promise<string> {
  const root = scratchFolder();
  await live(new Machine(), root, undefined, { of, ...(stopAfter === undefined ? {} : { stopAfter }) });
  return root;
}

const whole = await leftAfter();
const expected = contentsOf(whole);
const stopped = await leftAfter(7);
const folders = { finished: join(runsIn(whole), id), interrupted: join(runsIn(stopped), `${id}.1.partial`) };
type Kind = keyof typeof folders;

const another = { ...run, seed: 1 };
const ofAnother = {
  finished: join(runsIn(await leftAfter(undefined, another)), runId(another)),
  interrupted: join(runsIn(await leftAfter(7, another)), `${runId(another)}.1.partial`),
};

interface Damage {
  readonly kind: Kind;
  readonly file: (typeof files)[number];
  readonly name: string;
  damage(path: string): void;
}

/** Does the damage to a copy and starts again: the result is the expected one, and nothing is beside it but `.damaged`. */
async function makesGood({ kind, file, damage }: Damage): Promise<void> {
  const root = scratchFolder();
  cpSync(kind === 'finished' ? whole : stopped, root, { recursive: true });
  damage(join(runsIn(root), folders[kind].slice(runsIn(kind === 'finished' ? whole : stopped).length), file));
  await live(rebooted(), root);
  const damaged = readdirSync(runsIn(root)).filter((name) => name.endsWith('.damaged'));
  expect(damaged.length).toBeLessThanOrEqual(1);
  for (const name of damaged) rmSync(join(runsIn(root), name), { recursive: true });
  expect(contentsOf(root)).toEqual(expected);
  rmSync(root, { recursive: true });
}

function rebooted(): Machine {
  const machine = new Machine();
  machine.kill(machine.start());
  return machine;
}

const pairs = (['finished', 'interrupted'] as const).flatMap((kind) => files.map((file) => ({ kind, file })));
const lengthOf = (kind: Kind, file: string) => readFileSync(join(folders[kind], file)).length;

describe('a damaged file', () => {
  it('cut off at any byte is found and made good', { timeout: 600_000 }, () => {
    const cuts = pairs.flatMap(({ kind, file }) =>
      upTo(lengthOf(kind, file)).map((length) => ({
        ...{ kind, file, name: `${kind} ${file} ${length}` },
        damage: (path: string) => truncateSync(path, length),
      })),
    );
    return campaign(
      'T11 and T12 files cut off at every byte',
      sampled('cut', cuts, cuts.length),
      nameOf,
      makesGood,
    );
  });

  it('with any changed bit is found and made good', { timeout: 600_000 }, () => {
    const random = randomNumbers('flip');
    const flips = trials(4000, 4000).map(() => {
      const { kind, file } = pairs[Math.floor(random() * pairs.length)]!;
      const bit = Math.floor(random() * lengthOf(kind, file) * 8);
      return { kind, file, name: `${kind} ${file} ${bit}`, damage: (path: string) => flip(path, bit) };
    });
    return campaign('T11 changed bits', flips, nameOf, makesGood);
  });

  it('that is empty, ends in zeros or is another text is found and made good', () => {
    const kinds: Record<string, (path: string) => void> = {
      empty: (path) => truncateSync(path, 0),
      zeros: (path) => appendFileSync(path, Buffer.alloc(512)),
      'all zeros': (path) => writeFileSync(path, Buffer.alloc(readFileSync(path).length)),
      'another text': (path) => writeFileSync(path, '{"format":1,"lives":[{}],"status":"complete"}'),
      'a list': (path) => writeFileSync(path, '[]'),
      nothing: (path) => writeFileSync(path, 'null'),
    };
    const all = pairs.flatMap(({ kind, file }) =>
      Object.entries(kinds).map(([name, damage]) => ({
        kind,
        file,
        name: `${kind} ${file} ${name}`,
        damage,
      })),
    );
    return campaign('T11 other contents', all, nameOf, makesGood);
  });

  it("that is another run's, or of a later version, is found and made good", () => {
    const others = pairs.flatMap(({ kind, file }) => [
      {
        ...{ kind, file, name: `${kind} ${file} of another run` },
        damage: (path: string) => cpSync(join(ofAnother[kind], file), path),
      },
      {
        ...{ kind, file, name: `${kind}, everything but ${file} of another run` },
        damage: (path: string) => {
          const filter = (source: string) => basename(source) !== file;
          cpSync(ofAnother[kind], dirname(path), { recursive: true, filter });
        },
      },
    ]);
    const whole = (['finished', 'interrupted'] as const).flatMap((kind) => [
      {
        ...{ kind, file: files[0], name: `${kind}, everything of another run` },
        damage: (path: string) => cpSync(ofAnother[kind], dirname(path), { recursive: true }),
      },
      ...[0, 2, 99, '1', null].map((format) => ({
        ...{ kind, file: files[0], name: `${kind} run.json of format ${format}` },
        damage: (path: string) => {
          const manifest = unsealJson(readFileSync(path, 'utf8')) as Manifest;
          writeFileSync(path, encodeManifest({ ...manifest, format } as Manifest));
        },
      })),
    ]);
    return campaign("T11 another run's and a later version's", [...others, ...whole], nameOf, makesGood);
  });
});

const nameOf = ({ name }: Damage) => name;

function flip(path: string, bit: number): void {
  const bytes = readFileSync(path);
  bytes[bit >> 3]! ^= 1 << (bit & 7);
  writeFileSync(path, bytes);
}

describe('a curve', () => {
  it('with rows or parts of rows behind the checkpoint is cut back to it', () => {
    const curve = readFileSync(join(folders.finished, 'curve.csv'));
    const known = lengthOf('interrupted', 'curve.csv');
    const tails = [
      ...upTo(curve.length - known + 1).map((n) => curve.subarray(known, known + n)),
      Buffer.from('2,10,train,cost,NaN\n3,15,train,cost,1\n'),
      Buffer.alloc(64),
    ];
    return campaign(
      'T12 rows behind the checkpoint',
      tails.map((tail, i) => ({
        ...{ kind: 'interrupted' as const, file: 'curve.csv' as const, name: `tail ${i}` },
        damage: (path: string) => appendFileSync(path, tail),
      })),
      nameOf,
      makesGood,
    );
  });
});
