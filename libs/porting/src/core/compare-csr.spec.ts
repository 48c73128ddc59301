import { compareCsr } from './compare-csr.ts';

const order = {
  fields: {
    subscriber_name: 'Müller & Sons, Inc.',
    service_address: '350 Fifth Avenue, Suite 4 North',
    postal_code: '10118-0110',
    account_number: '4471-0098',
    pin: '8247',
  },
  numbers: ['+12125550100', '+12125550101'],
};
const same = (field: string, theirs: string) => compareCsr(order, { fields: { [field]: theirs }, numbers: [] }).lines[0]?.same;

describe('an order beside the record of the losing carrier', () => {
  it.each([
    ['subscriber_name', 'MULLER AND SONS INCORPORATED', true],
    ['subscriber_name', 'Muller Sons Inc', false],
    ['service_address', '350 FIFTH AVE STE 4 N', true],
    ['service_address', '350 Fifth Street Suite 4 North', false],
    ['service_address', '35 0 Fifth Ave Ste 4 N', false],
    ['postal_code', '10118', true],
    ['postal_code', '10119', false],
    ['account_number', '44710098', true],
    ['account_number', '44710099', false],
  ])('%s %j is the same: %s', (field, theirs, expected) => expect(same(field, theirs)).toBe(expected));

  it('shows both sides, also of what the order does not say, and never a PIN', () => {
    expect(compareCsr(order, { fields: { city: 'New York', pin: '1111', postal_code: '10119' }, numbers: [] }).lines).toEqual([
      { field: 'city', ours: null, theirs: 'New York', same: false },
      { field: 'postal_code', ours: '10118-0110', theirs: '10119', same: false },
    ]);
  });

  it('tells which numbers are not on the account and which would stay', () => {
    const { notOnAccount, staying } = compareCsr(order, { fields: {}, numbers: ['+12125550101', '+12125550102'] });
    expect([notOnAccount, staying]).toEqual([['+12125550100'], ['+12125550102']]);
    expect(compareCsr(order, { fields: {}, numbers: [] }).notOnAccount).toEqual([]);
  });
});
