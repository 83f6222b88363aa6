import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../src/cli/output.ts';
import { scanSettings, settingsOf } from '../../src/cli/settings.ts';

describe('scanSettings', () => {
  it.each<[string, Partial<typeof defaultSettings>]>([
    ['list', {}],
    ['list --json', { json: true }],
    ['--json list', { json: true }],
    ['list -q', { quiet: true }],
    ['list --quiet --verbose --debug', { quiet: true, verbose: true, debug: true }],
    ['list --color always', { color: 'always' }],
    ['list --color=never', { color: 'never' }],
    ['list --no-color', { color: 'never' }],
    ['list --color purple', {}],
    ['list -- --json', {}],
    ['list always', {}],
  ])('%s', (line, expected) => {
    expect(scanSettings(line.split(' '))).toEqual({ ...defaultSettings, ...expected });
  });
});

describe('settingsOf', () => {
  it.each([
    [{}, {}],
    [{ color: true }, {}],
    [{ color: false }, { color: 'never' }],
    [{ color: 'always' }, { color: 'always' }],
    [
      { json: true, progress: 'never' },
      { json: true, progress: 'never' },
    ],
  ] as const)('%o', (options, expected) => {
    expect(settingsOf(options)).toEqual({ ...defaultSettings, ...expected });
  });
});
