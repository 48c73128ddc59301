import fc from 'fast-check';
import { maskCall, maskNumber } from './mask-number.ts';

it.each([
  ['+12025550123', '+1202555'],
  ['12025550123', '1202555'],
  ['+1 (202) 555-0123', '+1 (202) 555-'],
  ['9#00442079460018', '9#0044207946'],
  ['12345', '1'],
  ['1234', ''],
  ['911', ''],
  ['', ''],
  ['alice', ''],
  ['alice12345', ''],
])('%j becomes %j', (number, masked) => expect(maskNumber(number)).toBe(masked));

it('always loses four digits or everything', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\+?[0-9]{0,15}$/)), (text) => {
      const digits = (s: string) => s.replace(/\D/g, '');
      const masked = maskNumber(text);
      expect(masked === '' || digits(masked) === digits(text).slice(0, -4)).toBe(true);
      expect(text.startsWith(masked)).toBe(true);
    }),
  );
});

const call = { from: '+12025550100', to: '13035550123', callerId: '+12025550100', destination: '+13035550123' };
it('keeps the tenant’s own numbers', () => {
  expect(maskCall({ ...call, direction: 'outbound' })).toEqual({ ...call, direction: 'outbound', to: '1303555', destination: '+1303555' });
  expect(maskCall({ ...call, direction: 'inbound' })).toEqual({ ...call, direction: 'inbound', from: '+1202555', callerId: '+1202555' });
  expect(maskCall({ ...call, direction: 'emergency', to: '911' })).toEqual({ ...call, direction: 'emergency', to: '911' });
});
