import { AppError, newId, toPublicId } from '@trunkline/kernel';
import fc from 'fast-check';
import { RANGE_MAX } from './number-row.ts';
import { NumberSheetReader, parseNumberSheet } from './number-sheet.ts';

const carrier = newId();
const read = (text: string) => {
  const { columns, lines } = parseNumberSheet(text);
  return new NumberSheetReader(columns, new Set([carrier])).read(lines);
};
const one = (cells: string, header = 'number,country,area_code,locality,type,carrier_id') => read(`${header}\n${cells}\n`);
const faults = (cells: string) => one(cells).errors.map((e) => `${e.line}:${e.column}:${e.code}`);
const refusal = (text: string): { pointer: string | undefined; code: string | undefined; detail: string } => {
  try {
    read(text);
  } catch (error) {
    if (error instanceof AppError) return { pointer: error.errors[0]?.pointer, code: error.errors[0]?.code, detail: error.message };
  }
  throw new Error('was not refused');
};

describe('a good line', () => {
  it('is taken as it is', () =>
    expect(one(`+12025550123,US,202,"Washington, D.C.",voip,${toPublicId('carrier', carrier)}`)).toEqual({
      numbers: [
        {
          ...{
            e164: '+12025550123',
            country: 'US',
            areaCode: '202',
            region: null,
            locality: 'Washington, D.C.',
            rateCenter: null,
            lata: null,
          },
          ...{ type: 'voip', features: ['voice'], carrierId: carrier },
        },
      ],
      refused: 0,
      errors: [],
    }));

  it.each([
    ['+12025550123', 'US', '202', 'local'],
    ['+14165550123', 'CA', '416', 'local'],
    ['+18005550123', 'US', '800', 'toll_free'],
    ['+493012345678', 'DE', '30', 'local'],
    ['+4915112345678', 'DE', '1511', 'mobile'],
    ['+442079460018', 'GB', '20', 'local'],
    ['+33142685300', 'FR', '1', 'local'],
    ['+390612345678', 'IT', '06', 'local'],
    ['+6531581234', 'SG', '3158', 'voip'],
    ['+989601', 'IR', '', 'uan'],
    ['+80012345678', 'ZZ', '', 'toll_free'],
  ])('%s is told to be of %s, area %j, %s', (number, country, areaCode, type) => {
    expect(one(number, 'number')).toEqual({
      numbers: [
        {
          e164: number,
          country,
          areaCode,
          region: null,
          locality: null,
          rateCenter: null,
          lata: null,
          features: ['voice'],
          type,
          carrierId: null,
        },
      ],
      refused: 0,
      errors: [],
    });
  });

  it('may be written as people write numbers', () => expect(one('+1 (202) 555-0123', 'number').numbers[0]?.e164).toBe('+12025550123'));
  it('may be a cell that an export made inert', () => expect(one(`"'+12025550123"`, 'number').numbers[0]?.e164).toBe('+12025550123'));
  it('may be separated by semicolons, with a byte order mark', () =>
    expect(read('\ufeffcountry;number\r\nUS;+12025550123\r\n').numbers).toHaveLength(1));
});

describe('where North America rates a number', () => {
  const rated = (cells: string) => one(cells, 'number,rate_center,lata');
  it('is taken as it is', () =>
    expect(rated('+12025550123,WSHNGTNZN1,236').numbers[0]).toMatchObject({ rateCenter: 'WSHNGTNZN1', lata: '236' }));
  it.each([
    ['+12025550123,WSHNGTNZN1,23', ['lata:malformed']],
    ['+12025550123,WSHNGTNZN1,2x6', ['lata:malformed']],
    ['+493012345678,Berlin,236', ['rate_center:mismatch', 'lata:mismatch']],
  ])('%s: %j', (cells, faults) => expect(rated(cells).errors.map((e) => `${e.column}:${e.code}`)).toEqual(faults));
});

describe('a range', () => {
  const range = (cells: string) => one(cells, 'number,last_number,region,features');
  it('is a line of many numbers, alike but for their digits', () => {
    const { numbers } = range('+12025550198,+12025550201,DC,voice|sms');
    expect(numbers.map((n) => n.e164)).toEqual(['+12025550198', '+12025550199', '+12025550200', '+12025550201']);
    expect(numbers[3]).toMatchObject({ region: 'DC', features: ['voice', 'sms'], areaCode: '202' });
    expect(range('+12025550198,+12025550198,,').numbers).toHaveLength(1);
  });
  it.each([
    ['+12025550198,+12025550197,,', '2:last_number:malformed'],
    ['+12025550198,+120255502011,,', '2:last_number:malformed'],
    ['+12025550198,0201,,', '2:last_number:malformed'],
    [`+12025550000,+1202556${String(RANGE_MAX).slice(-4)},,`, '2:last_number:too_many'],
    ['+12025550198,,,fly', '2:features:unknown'],
  ])('%s: %s', (cells, fault) => expect(range(cells).errors.map((e) => `${e.line}:${e.column}:${e.code}`)).toEqual([fault]));
  it('is refused as a whole when one of its numbers was there before', () => {
    const { numbers, refused, errors } = read('number,last_number\n+12025550123,\n+12025550120,+12025550129\n+12025550124,\n');
    expect(numbers.map((n) => n.e164)).toEqual(['+12025550123', '+12025550124']);
    expect([refused, errors]).toEqual([1, [{ line: 3, column: 'number', code: 'duplicate', detail: '+12025550123 is already on line 2' }]]);
  });
});

describe('a bad line', () => {
  it.each([
    [',,,,,', '2:number:missing'],
    ['+1202555012345678,,,,,', '2:number:too_long'],
    ['12025550123,,,,,', '2:number:malformed'],
    ['+1.20256E+10,,,,,', '2:number:malformed'],
    ['1.20256E+10,,,,,', '2:number:scientific'],
    ['+12025550123,us,,,,', '2:country:malformed'],
    ['+12025550123,DE,,,,', '2:country:mismatch'],
    ['+99912345678,,,,,', '2:country:unknown'],
    ['+442079460018,GB,020,,,', '2:area_code:mismatch'],
    ['+442079460018,GB,020,,local,', '2:area_code:mismatch'],
    ['+442079460018,,020,,,', '2:area_code:mismatch'],
    ['+12025550123,US,2O2,,,', '2:area_code:malformed'],
    ['+12025550123,US,202,"a\u0007",,', '2:locality:malformed'],
    ['+12025550123,US,202,,landline,', '2:type:unknown'],
    ['+12025550123,US,202,,local,car_1', '2:carrier_id:unknown'],
    [`+12025550123,US,202,,local,${toPublicId('carrier', newId())}`, '2:carrier_id:unknown'],
    ['+12025550123,US', '2::column_count'],
  ])('%s: %s', (cells, fault) => expect(faults(cells)).toEqual([fault]));

  it('lists all its faults', () =>
    expect(faults('x,,,,y,z').sort()).toEqual(['2:carrier_id:unknown', '2:number:malformed', '2:type:unknown']));

  it('does not stop good ones, and is named by its line', () => {
    const { numbers, errors } = read('number\n+12025550123\n\nbad\n+12025550124\n+1 202 555 0123\n');
    expect(numbers.map((n) => n.e164)).toEqual(['+12025550123', '+12025550124']);
    expect(errors).toMatchObject([
      { line: 4, column: 'number', code: 'malformed' },
      { line: 6, column: 'number', code: 'duplicate', detail: '+12025550123 is already on line 2' },
    ]);
  });
});

describe('a sheet that is none', () => {
  it('has a quote that never closes', () => {
    const { pointer, code, detail } = refusal('number,locality\n+12025550123,ok\n+12025550124,"Washington\n+12025550125,x\n');
    expect([code, detail]).toEqual(['csv', 'Line 3: A quote opens here and never closes']);
    expect(pointer).toBe('/csv/3');
  });
  it.each([
    ['', '/csv/1', 'empty'],
    ['number\n', '/csv/1', 'empty'],
    ['country\nUS\n', '/csv/1/number', 'missing_column'],
    ['number,price\n+12025550123,1\n', '/csv/1/price', 'unknown_column'],
    ['number,number\n+12025550123,1\n', '/csv/1/number', 'duplicate_column'],
    ['+12025550123\n+12025550124\n', '/csv/1/+12025550123', 'unknown_column'],
  ])('%j', (text, pointer, code) => expect(refusal(text)).toMatchObject({ pointer, code }));
});

describe('whatever is in a sheet', () => {
  it('is read or refused, never thrown over', () =>
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          read(`number,locality\n${text}`);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
        }
      }),
    ));

  it('each line ends as a number or as errors', () => {
    const cell = fc.constantFrom('+12025550123', '+493012345678', '+1202555012', 'x', '', '1e9', '+12025550199');
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1 }), (cells) => {
        const { numbers, errors } = read(`number,locality\n${cells.map((c) => `${c},x`).join('\n')}\n`);
        expect(numbers.length + new Set(errors.map((e) => e.line)).size).toBe(cells.length);
        expect(new Set(numbers.map((n) => n.e164)).size).toBe(numbers.length);
      }),
    );
  });
});
