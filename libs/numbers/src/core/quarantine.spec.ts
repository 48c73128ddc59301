import type { E164 } from '@trunkline/kernel';
import fc from 'fast-check';
import { QUARANTINE_DAYS_MAX, quarantineDays, quarantineEnd, quarantineFloorDays, restoreEnd, ruleFloorDays } from './quarantine.ts';
import type { QuarantineRule } from './quarantine.ts';

const e164 = fc.stringMatching(/^\+[1-9]\d{5,14}$/) as fc.Arbitrary<E164>;
const country = fc.constantFrom('US', 'CA', 'GB', 'DE', 'FR', 'AU', 'JP');
const type = fc.constantFrom('local', 'mobile', 'toll_free');
const rule: fc.Arbitrary<QuarantineRule> = fc.record({
  country,
  type: fc.option(type, { nil: null }),
  days: fc.integer({ min: 0, max: QUARANTINE_DAYS_MAX }),
});
const instant = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });

describe('the rest of a released number', () => {
  it('is never under 45 days in North America and never under the floor anywhere, whatever the rules say', () =>
    fc.assert(
      fc.property(e164, country, type, fc.array(rule, { maxLength: 5 }), instant, (number, of, kind, rules, at) => {
        const end = quarantineEnd({ e164: number, country: of, type: kind }, at, rules);
        const days = (end.getTime() - at.getTime()) / 86_400_000;
        return days >= quarantineFloorDays(number, of) && (!number.startsWith('+1') || days >= 45) && restoreEnd(at, end) <= end;
      }),
    ));
  it('without a rule is 45 days in North America, 35 elsewhere', () => {
    expect(quarantineDays({ e164: '+12025550123', country: 'US', type: 'local' }, [])).toBe(45);
    expect(quarantineDays({ e164: '+442079460018', country: 'GB', type: 'local' }, [])).toBe(35);
  });
  it('is what the nearest rule says: of the type, else of the country', () => {
    const rules = [
      { country: 'US', type: null, days: 90 },
      { country: 'US', type: 'toll_free', days: 60 },
      { country: 'JP', type: null, days: 3 },
    ];
    expect(quarantineDays({ e164: '+18005550123', country: 'US', type: 'toll_free' }, rules)).toBe(60);
    expect(quarantineDays({ e164: '+12025550123', country: 'US', type: 'local' }, rules)).toBe(90);
    expect(quarantineDays({ e164: '+81312345678', country: 'JP', type: 'local' }, rules)).toBe(3);
  });
  it.each([
    ['US', 45],
    ['CA', 45],
    ['JM', 45],
    ['GB', 31],
    ['DE', 31],
    ['NO', 31],
    ['AU', 0],
    ['ZZ', 0],
  ])('a rule for %s may say no less than %i days', (of, days) => expect(ruleFloorDays(of)).toBe(days));
});
