/** Our reasons for keeping a number, as carriers take them. What is not here has no word of its own there. */
const TELNYX: Readonly<Record<string, { readonly listed: RegExp; readonly says: string }>> = {
  ACCOUNT_NUMBER_MISMATCH: { listed: /account/i, says: 'The account number does not match' },
  NAME_MISMATCH: { listed: /name/i, says: 'The subscriber’s name does not match' },
  PIN_INVALID: { listed: /\b(pin|passcode)\b/i, says: 'The PIN is missing or wrong' },
  PORT_LOCK: { listed: /lock/i, says: 'The subscriber has locked the number against porting' },
  POSTAL_CODE_MISMATCH: { listed: /zip|postal/i, says: 'The postal code does not match' },
  TN_MISMATCH: { listed: /not (found|recogni[sz]ed|on )|belong/i, says: 'The number is not of this account' },
  TN_NOT_ACTIVE: { listed: /active/i, says: 'The number is not active' },
  TOO_MANY_NUMBERS: { listed: /too many/i, says: 'The request names too many numbers' },
};

export type TelnyxRejectionCode = { readonly code: number; readonly description: string };

/** Why a number stays, for Telnyx: the code that it takes for the request, as far as one of its list is about the reason, and the reason in words. */
export const telnyxRejection = (reason: string, eligible: readonly TelnyxRejectionCode[], evidence: string | null): string => {
  const known = Object.hasOwn(TELNYX, reason) ? TELNYX[reason] : undefined;
  const code = known && eligible.find(({ description }) => known.listed.test(description));
  const words = [code && `${code.code} ${code.description}`, known?.says ?? reason, evidence];
  return words.filter((part) => part !== undefined && part !== null && part !== '').join('. ');
};

/** Bandwidth lets a number go for any code but those of its list: what has none of its own there is an invalid request. */
export const BANDWIDTH_INVALID_REQUEST = '7598';
const BANDWIDTH: Readonly<Record<string, readonly [code: string, says: string]>> = {
  ACCOUNT_NUMBER_MISMATCH: ['7511', 'Invalid account code'],
  NAME_MISMATCH: ['7519', 'Customer info does not match'],
  PIN_INVALID: ['7513', 'PIN invalid'],
  POSTAL_CODE_MISMATCH: ['7515', 'Invalid ZIP code'],
  TN_MISMATCH: ['7516', 'Telephone number not recognized for this account'],
  TN_NOT_ACTIVE: ['7518', 'Telephone number not active'],
  TOO_MANY_NUMBERS: ['7517', 'Too many telephone numbers in this request'],
  PORT_LOCK: [BANDWIDTH_INVALID_REQUEST, 'The subscriber has locked the number against porting'],
};

/** @param hasPin whether the request names a PIN at all */
export const bandwidthRejection = (reason: string, hasPin: boolean): readonly [code: string, says: string] => {
  if (reason === 'PIN_INVALID' && !hasPin) return ['7512', 'Required PIN missing'];
  return (Object.hasOwn(BANDWIDTH, reason) && BANDWIDTH[reason]) || [BANDWIDTH_INVALID_REQUEST, 'Invalid request'];
};
