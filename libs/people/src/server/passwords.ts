import { invalidField } from '@trunkline/kernel';
import { z } from 'zod';
import { canonicalEmail } from '../core/email.ts';
import { PASSWORD_MAX, PASSWORD_MIN, faultOfPassword } from '../core/password.ts';

/** An e-mail address in a request, handed on in lower case. */
export const emailIn = () =>
  z
    .string()
    .max(320)
    .refine((given) => canonicalEmail(given) !== undefined, 'must be an e-mail address')
    .meta({ example: 'ada@example.com' })
    .transform((given) => canonicalEmail(given) ?? '');

export const newPasswordIn = () => z.string().min(PASSWORD_MIN).max(PASSWORD_MAX);
/** A password to be compared: a wrong one may have any form. */
export const passwordIn = () => z.string().min(1).max(PASSWORD_MAX);

export const refuseBadPassword = (password: string, email: string, pointer = '/password'): void => {
  const fault = faultOfPassword(password, email);
  if (fault) throw invalidField(pointer, 'weak', `The password ${fault}`);
};
