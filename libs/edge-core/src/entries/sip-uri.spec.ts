import { hostOf } from './sip-uri.ts';

it.each([
  ['sip:pbx.example.com', 'pbx.example.com'],
  ['sip:198.51.100.7:5080;transport=tcp', '198.51.100.7'],
  ['sips:[2001:db8::7]:5061', '[2001:db8::7]'],
  ['sip:[2001:db8::7];transport=udp', '[2001:db8::7]'],
  ['tel:+12025550123', ''],
])('the host of %s is "%s"', (uri, host) => expect(hostOf(uri)).toBe(host));
