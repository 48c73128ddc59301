import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { exampleNumbers } from '../../test-support/example-numbers.ts';
import { NO_CELLS, readNumberRow } from './number-row.ts';

const read = (number: string) => readNumberRow({ ...NO_CELLS, number }, new Set());

describe('the example numbers of libphonenumber', () => {
  it('are 1,144', () => expect(exampleNumbers).toHaveLength(1_144));
  it('are all taken into the inventory, as they are, of a country and a type', () =>
    expect(exampleNumbers.filter((number) => read(number).number?.e164 !== number)).toEqual([]));
  it('are all numbers by the edition that tells country and type, but these three', () =>
    expect(exampleNumbers.filter((number) => !parsePhoneNumberFromString(number)?.isValid()).sort()).toEqual([
      ...['+22981123456', '+22985751234'], // Benin, whose numbers became two digits longer
      '+2631312345', // Zimbabwe
    ]));
});
