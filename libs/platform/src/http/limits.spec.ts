import fc from 'fast-check';
import { CSV_LINE_BYTES_MAX, JSON_DEPTH_MAX, csvFault, jsonFault } from './limits.ts';

const bytes = (text: string) => Buffer.from(text);
const nested = (depth: number) => '[{"a":'.repeat(Math.ceil(depth / 2)).slice(0, depth * 3) + 'null';
const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

describe('jsonFault', () => {
  it('lets a body be as deep as that, and no deeper', () => {
    expect(jsonFault(bytes('['.repeat(JSON_DEPTH_MAX)))).toBeUndefined();
    expect(jsonFault(bytes('['.repeat(JSON_DEPTH_MAX + 1)))?.errors[0]).toMatchObject({ code: 'too_deep' });
    expect(jsonFault(bytes(nested(1_000)))?.message).toContain(String(JSON_DEPTH_MAX));
  });
  it('takes nothing in a text for a level', () =>
    expect(jsonFault(bytes(JSON.stringify({ a: '['.repeat(100), [`"${'{'.repeat(100)}`]: '\\' })))).toBeUndefined());
  it('counts as JSON counts', () =>
    fc.assert(
      fc.property(fc.jsonValue(), fc.array(fc.boolean(), { maxLength: JSON_DEPTH_MAX + 8, size: 'max' }), (inner, shells) => {
        const value = shells.reduce<unknown>((within, isList) => (isList ? [within] : { a: within }), inner);
        expect(jsonFault(bytes(JSON.stringify(value))) !== undefined).toBe(depthOf(value) > JSON_DEPTH_MAX);
      }),
    ));
});

it('csvFault: a line may be as long as that, and no longer', () => {
  const line = 'a'.repeat(CSV_LINE_BYTES_MAX);
  expect(csvFault(bytes(`${line}\r\n${line}\n`))).toBeUndefined();
  expect(csvFault(bytes(`x\n${line}a`))?.errors[0]).toMatchObject({ code: 'line_too_long' });
});
