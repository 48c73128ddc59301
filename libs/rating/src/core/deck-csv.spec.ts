import fc from 'fast-check';
import { parseDeckCsv } from './deck-csv.ts';

const HEAD = 'prefix,destination,rate,connect_fee,initial,increment';
const faultOf = (row: string, head = HEAD) =>
  parseDeckCsv(`${head}\n${row}\n`).errors.map(({ line, column, code }) => `${line} ${column} ${code}`);

describe('reading a rate sheet', () => {
  it('reads all columns', () => {
    expect(parseDeckCsv(`${HEAD}\n4930,"Berlin, Germany",0.0085,0.01,30,6\n`)).toEqual({
      rates: [
        {
          prefix: '4930',
          destination: 'Berlin, Germany',
          ratePerMinuteNanos: 8_500_000n,
          connectFeeNanos: 10_000_000n,
          initialSeconds: 30,
          incrementSeconds: 6,
        },
      ],
      errors: [],
    });
  });

  it.each([
    ['a byte order mark', '\ufeffprefix,rate\n49,0.01', 1],
    ['semicolons and aliases', 'Dial Code;Code-Name;Price\n49;Germany;0.01', 1],
    ['tabs', 'prefix\trate\n49\t0.01', 1],
    ['CR LF and blank lines', 'prefix,rate\r\n49,0.01\r\n\r\n43,0.02\r\n', 2],
    ['a leading plus', 'prefix,rate\n+49,0.01', 1],
    ['a price of nothing', 'prefix,rate\n4980,0', 1],
  ])('takes %s', (_, text, count) => {
    const { rates, errors } = parseDeckCsv(text);
    expect(errors).toEqual([]);
    expect(rates).toHaveLength(count);
    expect(rates[0]?.prefix).toMatch(/^49/);
  });

  it('bills whole minutes unless told, and reads both increments from one cell', () => {
    const seconds = (text: string) => parseDeckCsv(text).rates.map((r) => [r.initialSeconds, r.incrementSeconds]);
    expect(seconds('prefix,rate\n49,1')).toEqual([[60, 60]]);
    expect(seconds('prefix,rate,increment\n49,1,30/6')).toEqual([[30, 6]]);
    expect(seconds('prefix,rate,billing\n49,1,1 / 1')).toEqual([[1, 1]]);
  });

  it.each([
    ['4.47E+11,UK,0.01,0,60,60', ['2 prefix scientific']],
    ['"1264,1268",x,0.01,0,60,60', ['2 prefix list']],
    ['7700-7709,x,0.01,0,60,60', ['2 prefix list']],
    ['0049,x,0.01,0,60,60', ['2 prefix leading_zero']],
    ['1234567890123456,x,0.01,0,60,60', ['2 prefix malformed']],
    [',x,0.01,0,60,60', ['2 prefix malformed']],
    ['49,x,-0.01,0,60,60', ['2 rate negative']],
    ['49,x,"0,01",0,60,60', ['2 rate comma_decimal']],
    ['49,x,0,01,0,60,60', ['2  column_count']],
    ['49,x,1e-3,0,60,60', ['2 rate scientific']],
    ['49,x,$0.01,0,60,60', ['2 rate malformed']],
    ['49,x,,0,60,60', ['2 rate missing']],
    ['49,x,0.01,-1,60,60', ['2 connect_fee negative']],
    ['49,x,0.01,0,0,60', ['2 initial malformed']],
    ['49,x,0.01,0,60,1.5', ['2 increment malformed']],
    ['49,x,0.01,0,60/60/60,', ['2 increment malformed']],
    ['49,x\u0000,0.01,0,60,60', ['2 destination malformed']],
    ['x,x,x,x,x,x', ['2 prefix malformed', '2 rate malformed', '2 connect_fee malformed', '2 initial malformed', '2 increment malformed']],
    ['49,x,0.01,0,60,60\n+49,y,0.02,0,60,60', ['3 prefix duplicate']],
    ['49,"x,0.01', ['2  csv']],
  ])('refuses %j', (row, faults) => expect(faultOf(row)).toEqual(faults));

  it.each([
    ['', ['1  empty']],
    ['prefix,rate', ['1  empty']],
    ['prefix,destination\n49,x', ['1 rate missing']],
    ['prefix,rate,effective date\n49,1,2030', ['1 effective date unknown']],
    ['prefix,code,rate\n49,49,1', ['1 code repeated']],
  ])('refuses the sheet %j', (text, faults) => {
    expect(parseDeckCsv(text).errors.map(({ line, column, code }) => `${line} ${column} ${code}`)).toEqual(faults);
  });

  it('points at the cell and gives no rates when anything is wrong', () => {
    const { rates, errors } = parseDeckCsv('prefix,rate\n49,0.01\n43,-1');
    expect(rates).toEqual([]);
    expect(errors[0]).toMatchObject({ line: 3, pointer: '/csv/3/rate' });
  });

  it('stops listing after 1,000 faults', () => {
    expect(parseDeckCsv(`prefix,rate\n${'x,x\n'.repeat(2000)}`).errors).toHaveLength(1000);
  });

  it('never throws, whatever the text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => parseDeckCsv(`prefix,rate\n${text}`) !== undefined));
  });
});
