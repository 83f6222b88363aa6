import { describe, expect, it } from 'vitest';
import { wantsColor, wantsLiveBlock } from '../../src/cli/color.ts';

type Question = Parameters<typeof wantsColor>[0];
const ask = (
  isTerminal: boolean,
  environment: NodeJS.ProcessEnv = {},
  flag?: Question['flag'],
): Question => ({
  isTerminal,
  environment,
  flag,
});

describe('wantsColor', () => {
  it.each<[string, Question, boolean]>([
    ['a terminal', ask(true), true],
    ['a pipe', ask(false), false],
    ['NO_COLOR', ask(true, { NO_COLOR: '1' }), false],
    ['an empty NO_COLOR', ask(true, { NO_COLOR: '' }), true],
    ['FORCE_COLOR', ask(false, { FORCE_COLOR: '1' }), true],
    ['CLICOLOR_FORCE', ask(false, { CLICOLOR_FORCE: '1' }), true],
    ['FORCE_COLOR=0', ask(true, { FORCE_COLOR: '0' }), false],
    ['FORCE_COLOR=false', ask(true, { FORCE_COLOR: 'false' }), false],
    ['NO_COLOR before FORCE_COLOR', ask(true, { NO_COLOR: '1', FORCE_COLOR: '1' }), false],
    ['TERM=dumb', ask(true, { TERM: 'dumb' }), false],
    ['FORCE_COLOR before TERM=dumb', ask(true, { TERM: 'dumb', FORCE_COLOR: '1' }), true],
    ['--color always before NO_COLOR', ask(false, { NO_COLOR: '1' }, 'always'), true],
    ['--color never before FORCE_COLOR', ask(true, { FORCE_COLOR: '1' }, 'never'), false],
    ['--color auto on a terminal', ask(true, {}, 'auto'), true],
    ['--color auto with NO_COLOR', ask(true, { NO_COLOR: '1' }, 'auto'), false],
  ])('%s', (_, question, expected) => {
    expect(wantsColor(question)).toBe(expected);
  });
});

describe('wantsLiveBlock', () => {
  it.each<[string, Question, boolean]>([
    ['a terminal', ask(true), true],
    ['a pipe', ask(false), false],
    ['a terminal that cannot move its cursor', ask(true, { TERM: 'dumb' }), false],
    ['NO_COLOR says nothing about movement', ask(true, { NO_COLOR: '1' }), true],
    ['--progress always', ask(false, {}, 'always'), true],
    ['--progress never', ask(true, {}, 'never'), false],
  ])('%s', (_, question, expected) => {
    expect(wantsLiveBlock(question)).toBe(expected);
  });
});
