import { canonicalAddress } from './source-address.ts';

describe('canonicalAddress', () => {
  it.each([
    ['198.51.100.7', '198.51.100.7'],
    ['0.0.0.0', '0.0.0.0'],
    ['255.255.255.255', '255.255.255.255'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['2001:db8::0:1', '2001:db8::1'],
    ['::1', '::1'],
    ['::', '::'],
    ['64:ff9b::198.51.100.7', '64:ff9b::c633:6407'],
  ])('%s is written %s', (text, canonical) => {
    expect(canonicalAddress(text)).toBe(canonical);
    expect(canonicalAddress(canonical)).toBe(canonical);
  });

  it.each([
    '',
    '198.51.100',
    '198.51.100.7.1',
    '198.51.100.256',
    '198.051.100.7',
    '198.51.100.07',
    '198.51.100.7/24',
    'pbx.example.com',
    ':',
    '1:2',
    '2001:db8::1%eth0',
    '[::1]',
    '1::2::3',
    '2001:db8::12345',
    '::ffff:198.51.100.7',
    '198.51.100.7.',
    '3325256711',
  ])('%j is none', (text) => expect(canonicalAddress(text)).toBeUndefined());
});
