import { describe, expect, it } from 'vitest';
import { compilerFailure } from '../../../../src/engines/tensorflow/install/compile-binding.ts';
import { pipFailure } from '../../../../src/engines/tensorflow/install/fetch-library.ts';
import { npmFailure } from '../../../../src/engines/tensorflow/install/fetch-packages.ts';

const failed = (stderr: string) => ({ status: 1, stdout: '', stderr });

describe('pip’s reasons in a sentence', () => {
  it('a wrong hash, with the file and both hashes', () => {
    const stderr = `ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated...
    tensorflow-cpu==2.21.0 from https://example.org/tensorflow_cpu-2.21.0.whl (from -r requirements.txt (line 1)):
        Expected sha256 aaaa
             Got        bbbb`;
    expect(pipFailure(failed(stderr))).toBe(
      'pip refused tensorflow-cpu==2.21.0: its SHA-256 is bbbb and the pinned one is aaaa; the package index or a ' +
        'cache served another file: try again with PIP_NO_CACHE_DIR=1, or with another index.',
    );
  });

  it.each([
    [
      "WARNING: Retrying (Retry(total=1)) after connection broken by 'NewConnectionError(...)'\nERROR: Could not find a version\nERROR: No matching distribution found for x",
      /^pip could not reach its package index \(NewConnectionError\): check the network/,
    ],
    [
      'ERROR: No matching distribution found for tensorflow-cpu==2.21.0',
      /^pip's package index does not have .*\(No matching distribution/,
    ],
    [
      'ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device',
      /^pip ran out of disk space/,
    ],
    ['ERROR: something new.', /^pip could not download TensorFlow \(something new\)/],
    ['', /^pip could not download TensorFlow \(exit code 1\)/],
  ])('%j', (stderr, sentence) => {
    expect(pipFailure(failed(stderr))).toMatch(sentence);
  });
});

describe('npm’s reasons in a sentence', () => {
  it.each([
    [
      'npm error code ENOTFOUND\nnpm error syscall getaddrinfo',
      /^npm could not reach its registry \(ENOTFOUND\)/,
    ],
    [
      'npm ERR! code EINTEGRITY\nnpm ERR! sha512-a integrity checksum failed',
      /^npm refused a package .*EINTEGRITY: sha512-a integrity/,
    ],
    ['npm error code ENOSPC', /^npm ran out of disk space/],
    [
      'npm error code E403\nnpm error 403 Forbidden\nnpm error A complete log of this run',
      /\(E403: 403 Forbidden\)/,
    ],
    ['', /\(exit code 1\)/],
  ])('%j', (stderr, sentence) => {
    expect(npmFailure(failed(stderr))).toMatch(sentence);
  });
});

describe('the compiler’s reasons in a sentence', () => {
  const compiler = { command: 'g++', version: 'g++ 12' };
  it.each([
    [
      'In file included from a.h:1:\na.h:2:1: error: no such type\n  2 | x',
      /with g\+\+ \(a\.h:2:1: error: no such type\)/,
    ],
    ['fatal: No space left on device', /^The disk is full/],
    ['', /\(exit code 1\)/],
  ])('%j', (stderr, sentence) => {
    expect(compilerFailure(compiler, failed(stderr))).toMatch(sentence);
  });
});
