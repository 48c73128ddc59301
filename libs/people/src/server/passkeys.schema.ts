import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { toPublicId } from '@trunkline/kernel';
import { idOut, text, timestampOut } from '@trunkline/platform';
import { z } from 'zod';
import { passwordIn } from './passwords.ts';
import type { Passkey } from './passkeys.sql.ts';

// Bodies of browsers are as `PublicKeyCredential.toJSON()` makes them (WebAuthn level 3, §5.1), with what later ones add to it left out.
const base64url = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[A-Za-z0-9_-]+$/, 'must be base64url')
    .meta({ example: 'xkQ4dTQm3kuWnYv2Gd9lqA' });
const transport = z
  .string()
  .regex(/^[a-z-]{1,20}$/)
  .meta({ example: 'internal' });
const named = {
  id: base64url(1400).describe('The passkey, as its authenticator names it'),
  rawId: base64url(1400),
  type: z.literal('public-key'),
  authenticatorAttachment: z.enum(['platform', 'cross-platform']).nullish(),
  clientExtensionResults: z.record(z.string(), z.unknown()).default({}),
};

export const createdPasskey = z
  .object({
    ...named,
    response: z.object({
      clientDataJSON: base64url(8_000),
      attestationObject: base64url(32_000),
      transports: z.array(transport).max(10).optional(),
    }),
  })
  .transform((given) => given as unknown as RegistrationResponseJSON)
  .meta({ id: 'CreatedPasskey' });
export const signedChallenge = z
  .object({
    ...named,
    response: z.object({
      clientDataJSON: base64url(8_000),
      authenticatorData: base64url(8_000),
      signature: base64url(8_000),
      userHandle: base64url(128).nullish(),
    }),
  })
  .transform((given) => given as unknown as AuthenticationResponseJSON)
  .meta({ id: 'SignedChallenge' });

export const newPasskey = z
  .strictObject({ name: text(80).describe('What you know it by'), credential: createdPasskey })
  .meta({ id: 'NewPasskey' });
export const passkeyRemoval = z.strictObject({ password: passwordIn() }).meta({ id: 'PasskeyRemoval' });

const forBrowser = (method: string) =>
  z.record(z.string(), z.unknown()).describe(`For \`${method}\` and \`navigator.credentials\`, within five minutes`);
export const creationOptions = z
  .strictObject({
    object: z.literal('passkey_creation'),
    public_key: forBrowser('PublicKeyCredential.parseCreationOptionsFromJSON()'),
  })
  .meta({ id: 'PasskeyCreation' });
export const challengeOut = z
  .strictObject({
    object: z.literal('passkey_challenge'),
    public_key: forBrowser('PublicKeyCredential.parseRequestOptionsFromJSON()'),
  })
  .meta({ id: 'PasskeyChallenge' });

export const passkeyOut = z
  .strictObject({
    id: idOut('passkey'),
    object: z.literal('passkey'),
    name: z.string(),
    created_at: timestampOut(),
    last_used_at: timestampOut().nullable(),
  })
  .meta({ id: 'Passkey' });
export const passkeyPage = z.strictObject({ data: z.array(passkeyOut), next_cursor: z.string().nullable() }).meta({ id: 'PasskeyPage' });
export const addedPasskey = z
  .strictObject({
    object: z.literal('added_passkey'),
    passkey: passkeyOut,
    recovery_codes: z
      .array(z.string())
      .nullable()
      .describe('With the first second factor of a person: each lets in once without another. Shown this once'),
  })
  .meta({ id: 'AddedPasskey' });

export const passkeyToWire = ({ id, name, createdAt, lastUsedAt }: Passkey): z.infer<typeof passkeyOut> => ({
  id: toPublicId('passkey', id),
  object: 'passkey',
  name,
  created_at: createdAt.toISOString(),
  last_used_at: lastUsedAt?.toISOString() ?? null,
});
