import pg from 'pg';
import { TIMESTAMPTZ, parseTimestamp } from './timestamps.ts';

const driver = pg.types.getTypeParser(TIMESTAMPTZ) as (text: string) => unknown;

it.each([
  ['2026-11-26 10:15:00+00', '2026-11-26T10:15:00.000Z'],
  ['2026-11-26 10:15:00.1+00', '2026-11-26T10:15:00.100Z'],
  ['2026-11-26 10:15:00.12+00', '2026-11-26T10:15:00.120Z'],
  ['2026-11-26 10:15:59.999+00', '2026-11-26T10:15:59.999Z'],
  ['2026-11-26 10:15:59.999999+00', '2026-11-26T10:15:59.999Z'],
  ['2024-02-29 23:59:59.0001+00', '2024-02-29T23:59:59.000Z'],
  ['9999-12-31 00:00:00+00', '9999-12-31T00:00:00.000Z'],
  ['2026-11-26 10:15:00.5+01', '2026-11-26T09:15:00.500Z'],
  ['2026-11-26 10:15:00-03:30', '2026-11-26T13:45:00.000Z'],
  ['0999-01-01 00:00:00+00', '0999-01-01T00:00:00.000Z'],
  ['10000-01-01 00:00:00+00', '+010000-01-01T00:00:00.000Z'],
  ['0044-03-15 12:00:00+00 BC', '-000043-03-15T12:00:00.000Z'],
])('reads %s', (text, iso) => expect(parseTimestamp(text).toISOString()).toBe(iso));

it('reads every millisecond exactly', () => {
  const start = Date.UTC(2026, 10, 26);
  const wrong = Array.from({ length: 1_000 }, (_, ms) => new Date(start + ms * 86_461_001)).filter(
    (at) => parseTimestamp(at.toISOString().replace('T', ' ').replace('Z', '+00')).getTime() !== at.getTime(),
  );
  expect(wrong).toEqual([]);
});

it.each(['infinity', '-infinity'])('leaves %s to the driver', (text) => expect(parseTimestamp(text)).toBe(driver(text)));
