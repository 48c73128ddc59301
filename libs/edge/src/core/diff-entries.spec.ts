import { diffEntries } from './diff-entries.ts';

const number = (key: string, value: string) => ({ kind: 'number', key, value }) as const;

describe('diffEntries', () => {
  it('says nothing about what is alike', () => expect(diffEntries([number('1', 'a')], [number('1', 'a')])).toEqual([]));

  it('writes what is new or differs, then removes what is not wanted', () => {
    expect(diffEntries([number('1', 'a'), number('2', 'b')], [number('3', 'c'), number('2', 'x')])).toEqual([
      { kind: 'number', key: '3', value: 'c', before: null },
      { kind: 'number', key: '2', value: 'x', before: 'b' },
      { kind: 'number', key: '1', value: null, before: 'a' },
    ]);
  });

  it('tells the same key of two kinds apart', () => {
    expect(diffEntries([number('1', 'a')], [{ kind: 'route', key: '1', value: 'a' }])).toHaveLength(2);
  });
});
