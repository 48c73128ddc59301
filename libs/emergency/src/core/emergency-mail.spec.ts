import { emergencyMail } from './emergency-mail.ts';

const call = { callerId: '+12025550199', destination: '911', trunkName: 'Berlin', startedAt: '2026-11-26T10:00:00.000Z' };
const address = { name: 'Acme', houseNumber: '350', street: 'Fifth Avenue', location: null, city: 'New York', region: 'NY', postalCode: '10118', country: 'US' }; // prettier-ignore

it('says who called, how to call back and where help was sent', () => {
  const { subject, body } = emergencyMail(call, address);
  expect(subject).toBe('Emergency call to 911 from +12025550199');
  expect(body).toContain('Call back: +12025550199');
  expect(body).toContain('Acme\n350 Fifth Avenue\nNew York, NY 10118\nUS');
});

it('says what it does not know', () => {
  const { body } = emergencyMail({ ...call, callerId: null }, undefined);
  expect(body).toContain('no number was presented');
  expect(body).toContain('No location is registered');
});

it('does not cry for help when the way is only tested', () =>
  expect(emergencyMail({ ...call, destination: '933' }, address).subject).toBe('Test call to 933 from +12025550199'));
