import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { adamRepro, temporaryFolder } from '../cli/built.ts';
import { sampleResults } from './sample-results.ts';

describe('adam-repro report', () => {
  it('writes the page into the results folder, and names it', async () => {
    const cwd = temporaryFolder();
    await sampleResults(cwd, 'tiny');
    const { stdout, stderr, status } = adamRepro(['report', './tiny.yaml'], { cwd });
    expect([status, stdout]).toEqual([0, 'results/report.html\n']);
    expect(stderr).toMatch(/^1 experiment, 0 claims, \d/);
    expect(readFileSync(join(cwd, 'results/report.html'), 'utf8')).toMatch(
      /^<!doctype html>[\s\S]*<\/html>\n$/,
    );
  });

  it('writes it elsewhere, and gives one JSON document', async () => {
    const cwd = temporaryFolder();
    await sampleResults(cwd, 'tiny');
    const to = join(cwd, 'pages/page one.html');
    const { stdout, status } = adamRepro(['report', 'tiny.yaml', '--to', to, '--json'], { cwd });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      ...{ schemaVersion: 1, file: to, bytes: readFileSync(to).length },
      ...{ shown: ['tiny'], missing: ['tiny-tuned'] },
    });
    expect(existsSync(join(cwd, 'results/report.html'))).toBe(false);
  });

  it('judges the claims that the named experiment decides, and no others', () => {
    const cwd = temporaryFolder();
    expect(adamRepro(['run', 'saddle', '-p', 'smoke', '-q'], { cwd }).status).toBe(0);
    const { status, stderr } = adamRepro(['report', 'saddle'], { cwd });
    expect(status).toBe(0);
    expect(stderr).toMatch(/^1 experiment, 1 claim,/);
  });

  it('writes nothing, and says so in one sentence, where there are no results', () => {
    const cwd = temporaryFolder();
    for (const names of [[], ['saddle']]) {
      const { status, stdout, stderr } = adamRepro(['report', ...names, '-o', 'typo'], { cwd });
      expect({ status, stdout, lines: stderr.trim().split('\n').length }).toEqual({
        ...{ status: 1, stdout: '', lines: 1 },
      });
      expect(stderr).toMatch(/^error: there are no results to report on in typo yet: /);
      expect(stderr).toMatch(/adam-repro run \S+ -p paper/);
    }
    expect(existsSync(join(cwd, 'typo'))).toBe(false);
  });

  it('says which experiment it does not know, and starts nothing', () => {
    const cwd = temporaryFolder();
    const { status, stderr } = adamRepro(['report', 'sadle'], { cwd });
    expect(status).toBe(2);
    expect(stderr).toMatch(/did you mean "saddle"\?/);
    expect(existsSync(join(cwd, 'results'))).toBe(false);
  });

  it('names a damaged table, and leaves the former page as it is', async () => {
    const cwd = temporaryFolder();
    await sampleResults(cwd, 'tiny');
    const page = join(cwd, 'results/report.html');
    writeFileSync(page, 'the former page');
    writeFileSync(join(cwd, 'results/tiny/paper/curves.csv'), 'no table\n');
    const { status, stderr } = adamRepro(['report', 'tiny.yaml'], { cwd });
    expect(status).toBe(1);
    expect(stderr).toMatch(/curves\.csv is no table of results/);
    expect(readFileSync(page, 'utf8')).toBe('the former page');
  });
});
