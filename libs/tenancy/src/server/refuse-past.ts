import { invalidField } from '@trunkline/kernel';

/** @throws AppError request.invalid at /expires_at: a key that never lives is a mistake */
export const refusePast = (expiresAt: Date | null, now: Date): void => {
  if (expiresAt !== null && expiresAt <= now) throw invalidField('/expires_at', 'past', 'Must lie in the future');
};
