import picocolors from 'picocolors';
import { describe, expect, it } from 'vitest';
import { cut, renderTable, visibleWidth } from '../../src/cli/table.ts';

describe('renderTable', () => {
  it('aligns words left and numbers right, without trailing spaces', () => {
    const table = renderTable(
      [{ title: 'optimizer' }, { title: 'cost', align: 'right' }, { title: 'note' }],
      [
        ['adam', '0.26', 'x'],
        ['sgd', '12.5', ''],
      ],
    );
    expect(table).toBe('optimizer  cost  note\nadam       0.26  x\nsgd        12.5');
  });

  it('gives coloured cells the width that is seen', () => {
    const { green } = picocolors.createColors(true);
    const table = renderTable([{ title: 'a' }, { title: 'b' }], [[green('done'), 'x']]);
    expect(table.split('\n')[1]).toBe(`${green('done')}  x`);
    expect(table.split('\n')[0]).toBe('a     b');
  });

  it('sets long titles in several lines, the last ones side by side', () => {
    const table = renderTable([{ title: 'id' }, { title: 'minibatch\ncost', align: 'right' }], [['a', '1']]);
    expect(table.split('\n')).toEqual(['    minibatch', 'id       cost', 'a           1']);
  });

  it('is its titles where there are no rows, and fills in missing cells', () => {
    expect(renderTable([{ title: 'a' }, { title: 'b' }], [])).toBe('a  b');
    expect(renderTable([{ title: 'a' }, { title: 'b' }], [['x']])).toBe('a  b\nx');
  });
});

describe('cut', () => {
  it.each<[string, number, string]>([
    ['short', 10, 'short'],
    ['exact', 5, 'exact'],
    ['too long', 5, 'too …'],
    ['gone', 0, ''],
    ['λλλλ', 3, 'λλ…'],
  ])('%s to %i', (line, width, expected) => {
    expect(cut(line, width)).toBe(expected);
    expect(visibleWidth(cut(line, width))).toBeLessThanOrEqual(width);
  });
});
