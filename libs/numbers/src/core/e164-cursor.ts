import { AppError, isE164, kernelErrors } from '@trunkline/kernel';
import type { E164 } from '@trunkline/kernel';

/** A position in a list ordered by number. Opaque on the wire. */
export const encodeE164Cursor = (last: E164): string => btoa(last).replaceAll('=', '');

/** @throws AppError request.bad_cursor */
export const decodeE164Cursor = (text: string): E164 => {
  let plain = '';
  try {
    plain = atob(text);
  } catch {
    // not even base64: refused below
  }
  if (!isE164(plain)) throw new AppError(kernelErrors.badCursor);
  return plain;
};
