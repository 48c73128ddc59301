import { readable, table } from './output.ts';

it('shows a list as a table, what names a thing first', () => {
  const rows = [{ object: 'trunk', channels_max: 2, name: 'A', id: 'trk_1', routes: [{}], price: { amount: '1.50', currency: 'USD' } }];
  expect(table(rows)).toBe('ID     NAME  CHANNELS_MAX  PRICE\ntrk_1  A     2             1.50 USD');
});

it('shows what a resource holds below its name, each of a list behind a dash', () => {
  const rejections = [{ code: 'NAME_MISMATCH', fields: ['a', 'b'] }, { code: 'OTHER' }];
  const order = { id: 'por_1', fields: { postal_code: '10001' }, rejections, faults: [], numbers: ['+1', '+2'], account: {} };
  expect(readable(order)).toBe(
    [
      ...['id          por_1', 'fields', '    postal_code  10001'],
      ...['rejections', '  - code    NAME_MISMATCH', '    fields  a, b', '  - code  OTHER'],
      ...['faults      -', 'numbers     +1, +2', 'account     -'],
    ].join('\n'),
  );
});

it('lets no name write to the terminal', () => {
  expect(readable({ data: [{ name: '\u001b[31mred\u0007\n' }] })).toBe('NAME\n?[31mred??');
  expect(readable({ name: 'a\u202eb' })).toBe('name  a?b');
  expect(readable({ held: { 'a\u001b': ['\u0007'] } })).toBe('held\n    a?  ?');
});

it('says when there is more, when there is none, and when there was nothing to say', () => {
  expect(readable({ data: [{ id: 'a' }], next_cursor: 'c' })).toContain('more: --cursor c, or --all');
  expect(readable({ data: [], next_cursor: null })).toBe('none');
  expect(readable({})).toBe('done');
  expect(readable('a,b\r\n1,2\r\n')).toBe('a,b\r\n1,2');
});
