import { describe, expect, it } from 'vitest';
import {
  checkPlatform,
  compareVersions,
  findCompiler,
  findPip,
} from '../../../../src/engines/tensorflow/install/requirements.ts';
import { totalBytes, wheelsFor } from '../../../../src/engines/tensorflow/install/wheels.ts';
import { failureOf, fakeMachine } from './fake-tools.ts';

const linux = { platform: 'linux', arch: 'x64' };
const avx = 'processor : 0\nflags\t\t: fpu sse2 avx avx2\n';

describe('the platform', () => {
  it.each([
    ['cpu', linux],
    ['cuda', linux],
    ['cpu', { platform: 'linux', arch: 'arm64' }],
  ] as const)('%s on %j is fine and has wheels', (flavour, machine) => {
    expect(() => checkPlatform(flavour, machine, '2.27', avx)).not.toThrow();
    const set = wheelsFor(flavour, machine)!;
    for (const { sha256 } of set.wheels) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(set.wheels.map(({ sha256 }) => sha256)).size).toBe(set.wheels.length);
    expect(totalBytes(set, 'unpacked')).toBeGreaterThan(totalBytes(set, 'download'));
  });

  it.each([
    [
      'cpu',
      { platform: 'darwin', arch: 'arm64' },
      '2.36',
      avx,
      'installs on Linux (x64, arm64) only, and this is darwin arm64',
    ],
    ['cpu', { platform: 'win32', arch: 'x64' }, '2.36', avx, 'and this is win32 x64'],
    [
      'cuda',
      { platform: 'linux', arch: 'arm64' },
      '2.36',
      avx,
      'for x64 only, and this is arm64: install it without --cuda',
    ],
    ['cpu', linux, '2.17', avx, 'needs glibc 2.27 or later, and this system has 2.17'],
    ['cpu', linux, '', avx, 'has another C library'],
    ['cpu', linux, '2.36', 'flags : fpu sse2 avx512f\n', 'needs a processor with AVX'],
  ])('%s on %j with glibc %s is refused', (flavour, machine, glibc, info, message) => {
    expect(() => checkPlatform(flavour, machine, glibc, info)).toThrow(message);
  });
});

it('compares versions by number', () => {
  expect(compareVersions('2.9', '2.27')).toBeLessThan(0);
  expect(compareVersions('2.27.1', '2.27')).toBeGreaterThan(0);
  expect(compareVersions('23.2', '23.2.0')).toBe(0);
});

describe.skipIf(process.platform === 'win32')('the tools', () => {
  it('takes the compiler that CXX names, and no other', async () => {
    const { environment } = fakeMachine();
    expect(await findCompiler({ environment: { ...environment, CXX: 'c++ -pipe' } })).toEqual({
      command: 'c++ -pipe',
      version: 'c++ (Fake) 12.2.0',
    });
    expect(
      await failureOf(findCompiler({ environment: { ...environment, CXX: 'no-such-compiler' } })),
    ).toContain('$CXX is no-such-compiler');
  });

  it('finds the python that has pip', async () => {
    const { environment } = fakeMachine({ tools: ['python3'] });
    expect(await findPip({ environment })).toBe('python3');
  });
});
