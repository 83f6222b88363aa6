import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { adamRepro, bin, root, temporaryFolder, writeTinySpec } from './built.ts';

let cwd: string;
beforeAll(() => {
  cwd = temporaryFolder();
  writeTinySpec(cwd);
  writeTinySpec(cwd, { name: 'wild', lr: 1e39 });
  writeFileSync(
    join(cwd, 'wrong.yaml'),
    'data: { name: mnist }\nmodle: { type: mlp }\ntraining: { epochs: 0 }\n',
  );
});

const words = (line: string): string[] => line.split(' ').filter((word) => word !== '');

describe('what works', () => {
  it.each([
    ['--version', 'version'],
    ['', 'help'],
    ['--help', 'help'],
    ['run --help', 'help'],
    ['data', 'help'],
    ['help', 'help'],
    ['help data fetch', 'help'],
    ['help environment', 'help'],
    ['list', 'experiments'],
    ['show tiny.yaml', 'experiment'],
    ['status', 'experiments'],
    ['verify A7', 'claims'],
    ['data list', 'datasets'],
    ['data dir', 'folder'],
    ['data verify synthetic', 'datasets'],
    ['data fetch synthetic', 'datasets'],
    ['engine', 'help'],
    ['engine list', 'engines'],
    ['doctor', 'checks'],
    ['validate tiny.yaml', 'files'],
    ['schema', 'schema'],
    ['completion zsh', 'script'],
    ['run tiny.yaml -n', 'runs'],
    ['run tiny.yaml -o json', 'runs'],
  ])('adam-repro %s: exit code 0 and one JSON document with %s', (line, field) => {
    const { stdout, status } = adamRepro([...words(line), '--json'], { cwd });
    expect(status).toBe(0);
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ schemaVersion: 1, [field]: expect.anything() });
    expect(document).not.toHaveProperty('error');
  });
});

describe('what does not work', () => {
  it.each<[string, number, string, string]>([
    ['data verify mnist', 1, 'failed', 'MNIST is not complete'],
    ['run mnist-logreg --offline', 1, 'failed', 'nothing is fetched offline'],
    ['lst', 2, 'usage', 'did you mean list?'],
    ['list --josn', 2, 'usage', 'did you mean --json?'],
    ['list --color purple', 2, 'usage', 'auto, always, never'],
    ['run', 2, 'usage', 'name an experiment (see `adam-repro list`), or say --all for every one.'],
    ['run mnist-mpl', 2, 'usage', 'did you mean "mnist-mlp"?'],
    ['run xyzzy', 2, 'usage', 'unknown experiment "xyzzy"; shipped are '],
    ['run nowhere.yaml', 2, 'usage', 'there is no such file'],
    ['run wrong.yaml', 2, 'spec', 'did you mean "model"?'],
    ['run tiny.yaml --profile fast', 2, 'usage', 'smoke, quick, paper'],
    ['run tiny.yaml --only adm', 2, 'spec', 'did you mean "adam"?'],
    ['run tiny.yaml --set optimizers.adam.lr=-1', 2, 'spec', 'optimizers.adam.lr'],
    ['run tiny.yaml --epochs 0', 2, 'spec', '--epochs 0'],
    ['run tiny.yaml --jobs 0', 2, 'usage', 'whole number'],
    ['show wrong.yaml', 2, 'spec', 'wrong.yaml:2:1'],
    ['status mnist-mpl', 2, 'usage', 'did you mean "mnist-mlp"?'],
    ['data fetch mnits', 2, 'usage', 'did you mean mnist?'],
    ['validate tiny.yaml wrong.yaml', 2, 'spec', '1 file of 2 with mistakes'],
    ['completion tcsh', 2, 'usage', 'no completion for "tcsh"; use one of bash, zsh, fish, powershell.'],
    ['help exit-code', 2, 'usage', 'did you mean exit-codes?'],
  ])('adam-repro %s: exit code %i and one JSON document with the error', (line, exitCode, code, message) => {
    const { stdout, stderr, status } = adamRepro(['--json', ...words(line)], { cwd });
    expect({ status, stack: /\n\s+at /.test(stderr) }).toEqual({ status: exitCode, stack: false });
    const { schemaVersion, error } = JSON.parse(stdout);
    expect({ schemaVersion, error }).toMatchObject({ schemaVersion: 1, error: { code, exitCode } });
    expect(error.message).toContain(message);
    expect(stderr).toMatch(/^error: /m);
  });

  it('shows the state of data that are not complete', () => {
    const { datasets, error } = JSON.parse(adamRepro(['data', 'verify', '--json'], { cwd }).stdout);
    const states = datasets.map(({ name, state }: { name: string; state: string }) => `${name} ${state}`);
    expect(states).toEqual(['mnist missing', 'cifar10 missing', 'imdb missing', 'synthetic ready']);
    expect(error.message).toContain('run `adam-repro data fetch mnist`');
  });

  it('names every mistake of a spec with its place', () => {
    const { error } = JSON.parse(adamRepro(['run', 'wrong.yaml', '--json'], { cwd }).stdout);
    expect(error.issues).toContainEqual(expect.objectContaining({ code: 'unknown-key', line: 2, column: 1 }));
    expect(error.issues).toContainEqual(expect.objectContaining({ path: ['training', 'epochs'], line: 3 }));
  });
});

describe('help', () => {
  it('gives every command examples', () => {
    const commands = [
      'run',
      'list',
      'show',
      'status',
      'data',
      'engine',
      'doctor',
      'validate',
      'schema',
      'completion',
      'help',
    ];
    const { stdout } = adamRepro([], { cwd });
    expect(stdout).toContain('Examples:');
    for (const command of commands) {
      expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
      const help = adamRepro([command, '--help'], { cwd }).stdout;
      expect(help).toMatch(/^Examples:\n {2}\S/m);
      expect(help).toContain('--json');
      expect(adamRepro(['help', command], { cwd }).stdout).toBe(help);
    }
  });

  it('keeps examples on one line', () => {
    for (const command of ['run', 'completion', 'data fetch', 'engine install']) {
      const { stdout } = adamRepro(['help', ...words(command)], { cwd });
      const [, examples = ''] = stdout.split('Examples:\n');
      const lines = examples.slice(0, examples.indexOf('\n\n')).split('\n');
      for (const line of lines) expect(line).toMatch(/^ {2}\S.*adam-repro|^ {2}adam-repro/);
      const [description = ''] = stdout.split('Examples:');
      for (const line of description.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    }
  });

  it('prints the version of package.json', () => {
    const { stdout } = adamRepro(['--version'], { cwd });
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(adamRepro(['-V'], { cwd }).stdout).toBe(stdout);
  });
});

describe('run', () => {
  it('trains, prints costs and files on stdout, and does nothing twice', () => {
    const folder = temporaryFolder();
    writeTinySpec(folder);
    const first = adamRepro(['run', 'tiny.yaml'], { cwd: folder });
    expect(first.status).toBe(0);
    expect(first.stdout).toMatch(/^adam +0 +complete +2\/2 +\d/m);
    expect(first.stdout).toContain(join('results', 'tiny', 'quick', 'curves.csv'));
    expect(first.stderr).toMatch(/adam seed 0 \(run 1\/2\): started, 2 epochs/);
    const second = adamRepro(['run', 'tiny.yaml'], { cwd: folder });
    expect(second.stderr).toContain('2 runs, all done before');
    expect(second.stdout).toBe(first.stdout);
    const again = adamRepro(['run', 'tiny.yaml', '--fresh', '--only', 'adam'], { cwd: folder });
    expect(again.stderr).toContain('started, 2 epochs');

    const status = adamRepro(['status', 'tiny'], { cwd: folder });
    expect(status.stdout).toMatch(/^tiny, profile quick, engine \w+: 2 runs \(2 complete\)/);
    expect(adamRepro(['status'], { cwd: folder }).stdout).toBe(status.stdout);
  });

  it('has a status in the order of the spec that tells runs of one optimizer apart', () => {
    const folder = temporaryFolder();
    writeTinySpec(folder, { first: 'sgd' });
    adamRepro(['run', 'tiny.yaml', '--engine', 'wasm'], { cwd: folder });
    const order = (stdout: string) => [...stdout.matchAll(/^(adam|sgd) /gm)].map(([, name]) => name);
    const once = adamRepro(['status'], { cwd: folder }).stdout;
    expect(order(once)).toEqual(['sgd', 'adam']);
    expect(once).not.toContain('told apart by');
    const changes = ['--engine', 'wasm', '--set', 'optimizers.adam.lr=0.02', '--only', 'adam'];
    adamRepro(['run', 'tiny.yaml', ...changes], { cwd: folder });
    const { stdout } = adamRepro(['status'], { cwd: folder });
    expect(stdout).toMatch(/^adam .* {2}[0-9a-f]{16} {2}lr=0\.01$/m);
    expect(stdout).toMatch(/^adam .* {2}[0-9a-f]{16} {2}lr=0\.02$/m);
    const { experiments } = JSON.parse(adamRepro(['status', '--json'], { cwd: folder }).stdout);
    expect(experiments[0].runs).toHaveLength(3);
    expect(experiments[0].runs[0]).toMatchObject({ engine: 'wasm', settings: { batchSize: 64 } });
  });

  it('plans without writing anything', () => {
    const folder = temporaryFolder();
    writeTinySpec(folder);
    const { stdout, status } = adamRepro(['run', 'tiny.yaml', '-n', '--json'], { cwd: folder });
    expect(status).toBe(0);
    const { runs, seconds, downloads } = JSON.parse(stdout);
    expect(runs).toHaveLength(2);
    expect(runs[0]).toMatchObject({ optimizer: 'adam', state: 'due', steps: 8, epochs: 2 });
    expect(seconds).toBeGreaterThan(0);
    expect(downloads).toEqual([]);
    expect(readdirSync(folder)).toEqual(['tiny.yaml']);
    adamRepro(['run', 'tiny.yaml', '--only', 'sgd'], { cwd: folder });
    const later = JSON.parse(adamRepro(['run', 'tiny.yaml', '-n', '--json'], { cwd: folder }).stdout);
    expect(later.runs.map(({ state }: { state: string }) => state)).toEqual(['due', 'done']);
  });

  it('says what has to be downloaded and what the profile cuts', () => {
    const { stdout } = adamRepro(['run', 'mnist-logreg', '-n', '--profile', 'smoke'], { cwd });
    expect(stdout).toContain('To download: mnist (11.5 MB).');
    expect(stdout).toContain("Profile smoke, against the paper's: 1 of 46 epochs");
  });

  it('compares a spec that belongs to no paper with itself', () => {
    const { stdout } = adamRepro(['run', 'tiny.yaml', '-n', '--epochs', '1'], { cwd });
    expect(stdout).toContain('Profile quick, against the spec itself: 1 of 2 epochs.');
  });

  it('names a run that diverged, with exit code 0', () => {
    const { stdout, status } = adamRepro(['run', 'wild.yaml', '-o', 'wild'], { cwd });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^sgd +0 +diverged/m);
    expect(stdout).toContain('Diverged, kept as measured: sgd seed 0');
  });

  it('needs nothing but a path, with spaces too', () => {
    const folder = join(temporaryFolder(), 'ein Ordner λ');
    mkdirSync(folder);
    writeTinySpec(folder, { file: 'my spec.yaml', name: 'mine' });
    const { status, stderr } = adamRepro(['run', './my spec.yaml', '-q'], {
      cwd: folder,
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(existsSync(join(folder, 'results', 'mine', 'quick', 'curves.csv'))).toBe(true);
  });
});

describe('the executable', () => {
  it('refuses an old Node in one sentence', () => {
    const fake = join(cwd, 'old-node.cjs');
    writeFileSync(
      fake,
      "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.18.1' } });",
    );
    const { status, stdout, stderr } = adamRepro(['list'], {
      cwd,
      env: { NODE_OPTIONS: `--require "${fake}"` },
    });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toBe(
      'adam-repro needs Node 20.19 or later, and this is 20.18.1: install a newer one from https://nodejs.org.\n',
    );
  });

  it('says that it is not built', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'bin'));
    copyFileSync(bin, join(folder, 'bin', 'adam-repro.js'));
    copyFileSync(join(root, 'package.json'), join(folder, 'package.json'));
    const { spawnSync } = await import('node:child_process');
    const { status, stderr } = spawnSync(process.execPath, [join(folder, 'bin', 'adam-repro.js')], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'adam-repro is not built yet: run `npm run build` in its folder.\n',
    });
  });
});
