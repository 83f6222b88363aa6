import { describe, expect, it } from 'vitest';
import { stylesOf } from '../../src/figures/palette.ts';

const rules = [
  ...['sgd', 'momentum', 'nesterov', 'adagrad', 'rmsprop', 'adadelta', 'adam', 'adamax', 'nadam', 'amsgrad'],
];

describe('the palette', () => {
  it('has a colour of its own for every rule', () => {
    const styles = [
      ...stylesOf(rules.map((rule) => ({ rule }))),
      ...stylesOf([{ rule: 'adam', decoupled: true }]),
    ];
    expect(new Set(styles.map(({ color }) => color)).size).toBe(rules.length + 1);
  });

  it('gives a rule the same colour in every figure', () => {
    expect(stylesOf([{ rule: 'mine' }, { rule: 'adam' }])[1]).toEqual(stylesOf([{ rule: 'adam' }])[0]);
  });

  it('tells curves of one family apart by shade and marker, and rules of users from all others', () => {
    const styles = stylesOf([{ rule: 'adam' }, { rule: 'adam' }, { rule: 'mine' }, { rule: 'yours' }]);
    expect(new Set(styles.map(({ color }) => color)).size).toBe(4);
    expect(styles[0]!.shape).not.toBe(styles[1]!.shape);
  });
});
