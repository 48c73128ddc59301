import { BlockList, isIP } from 'node:net';
import fc from 'fast-check';
import { isIpNetwork, networkHolds } from './ip-network.ts';

const octet = fc.nat(255);
const v4 = fc.tuple(octet, octet, octet, octet).map((o) => o.join('.'));
const group = fc.nat(0xffff).map((n) => n.toString(16));
const v6 = fc.oneof(
  fc.array(group, { minLength: 8, maxLength: 8 }).map((g) => g.join(':')),
  fc.tuple(fc.array(group, { maxLength: 3 }), fc.array(group, { maxLength: 3 })).map(([a, b]) => `${a.join(':')}::${b.join(':')}`),
);

describe('isIpNetwork', () => {
  it.each(['198.51.100.7', '198.51.100.0/28', '0.0.0.0/0', '2001:db8::1', '2001:db8::/32', '::/0', '::1', '::ffff:192.0.2.1'])(
    'takes %s',
    (text) => expect(isIpNetwork(text)).toBe(true),
  );
  it.each([
    '198.51.100.7/28',
    '198.51.100.0/33',
    '198.51.100',
    '01.2.3.4',
    '2001:db8::1/32',
    '::1/129',
    '1::2::3',
    ':::',
    '1:2:3',
    'fe80::1%eth0',
    '',
    '/8',
    '10.0.0.0/08',
  ])('refuses %p', (text) => expect(isIpNetwork(text)).toBe(false));
  it('takes exactly the addresses that Node takes', () =>
    fc.assert(fc.property(fc.oneof(v4, v6), (text) => isIpNetwork(text) === isIP(text) > 0)));
});

describe('networkHolds', () => {
  it('says what the block list of Node says', () =>
    fc.assert(
      fc.property(
        fc.oneof(fc.tuple(fc.constant('ipv4' as const), v4, v4), fc.tuple(fc.constant('ipv6' as const), v6, v6)),
        fc.nat(128),
        ([family, outer, inner], size) => {
          const length = family === 'ipv4' ? 32 : 128;
          const bits = length - (size % 9); // near to the address: often within
          fc.pre(isIpNetwork(`${outer}/${bits}`));
          const list = new BlockList();
          list.addSubnet(outer, bits, family);
          expect(networkHolds(`${outer}/${bits}`, inner)).toBe(list.check(inner, family));
        },
      ),
    ));
  it('holds smaller networks and not wider ones', () => {
    expect(networkHolds('10.0.0.0/8', '10.1.0.0/16')).toBe(true);
    expect(networkHolds('10.1.0.0/16', '10.0.0.0/8')).toBe(false);
    expect(networkHolds('2001:db8::/32', '2001:db8:1::/48')).toBe(true);
  });
  it('knows an IPv4 address that a dual-stack socket shows as IPv6', () =>
    expect(networkHolds('192.0.2.0/24', '::ffff:192.0.2.9')).toBe(true));
  it('keeps the families apart', () => expect(networkHolds('::/0', '192.0.2.9')).toBe(false));
});
