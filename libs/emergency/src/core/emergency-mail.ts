import type { CivicAddress } from './emergency-address.ts';

/** What is known of a call for help while it is up. */
export type EmergencyCall = {
  readonly callerId: string | null; // E.164: whom to call back
  readonly destination: string; //     911, 112, …
  readonly trunkName: string;
  readonly startedAt: string;
};

/** A test of the way to 911, which nobody answers who could send help. */
const TEST_NUMBERS = ['933'];

const placeOf = (a: CivicAddress): string =>
  [a.name, `${a.houseNumber} ${a.street}`, a.location, `${a.city}, ${a.region} ${a.postalCode}`, a.country].filter(Boolean).join('\n');

/** What the front desk must know at once: that somebody called, from where, and how to reach them (47 CFR 9.16(b)(2)). */
export const emergencyMail = (call: EmergencyCall, address: CivicAddress | undefined): { kind: string; subject: string; body: string } => {
  const isTest = TEST_NUMBERS.includes(call.destination);
  const caller = call.callerId ?? 'an unknown number';
  const lines = [
    isTest ? `The way to 911 was tested from ${caller} by ${call.destination}.` : `Somebody called ${call.destination} from ${caller}.`,
    `Call back: ${call.callerId ?? 'no number was presented'}`,
    `Trunk: ${call.trunkName}`,
    `Time: ${call.startedAt}`,
    address ? `Registered location:\n${placeOf(address)}` : 'No location is registered for the number.',
  ];
  return {
    kind: 'emergency_call',
    subject: isTest ? `Test call to ${call.destination} from ${caller}` : `Emergency call to ${call.destination} from ${caller}`,
    body: `${lines.join('\n\n')}\n`,
  };
};
