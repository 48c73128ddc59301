/** How many digits of a number a masked call loses. */
export const MASKED_DIGITS = 4;

const NUMBER = /^[+\d#*(). -]*$/;
const LAST_DIGITS = new RegExp(`\\d(?:\\D*\\d){${MASKED_DIGITS - 1}}\\D*$`);

/**
 * A number without its last digits: `+12025550123` becomes `+1202555`. What is too short to have others, or is no number but the name of
 * somebody, goes whole.
 */
export const maskNumber = (text: string): string => {
  if (!NUMBER.test(text) || text.replace(/\D/g, '').length <= MASKED_DIGITS) return '';
  return text.replace(LAST_DIGITS, '');
};

/** The numbers of a call. */
export type CallNumbers = {
  readonly direction: 'outbound' | 'inbound' | 'emergency';
  readonly from: string;
  readonly to: string;
  readonly callerId: string | null;
  readonly destination: string | null;
};

const maskedOrNull = (text: string | null): string | null => text && maskNumber(text);

/** A call's numbers when it is old: the other party's are masked, the tenant's own stay. An emergency call has no other party to protect. */
export const maskCall = <T extends CallNumbers>(call: T): T => {
  if (call.direction === 'emergency') return call;
  if (call.direction === 'outbound') return { ...call, to: maskNumber(call.to), destination: maskedOrNull(call.destination) };
  return { ...call, from: maskNumber(call.from), callerId: maskedOrNull(call.callerId) };
};
