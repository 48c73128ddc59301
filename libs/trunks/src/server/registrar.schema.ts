import { toPublicId } from '@trunkline/kernel';
import { idOut, sipUriIn, timestampOut } from '@trunkline/platform';
import { z } from 'zod';
import type { ShownRegistrar } from './registrar-queries.ts';
import { REGISTRATION_STATES } from './registration-view.ts';

export const registrarIn = z
  .strictObject({
    uri: sipUriIn()
      .refine((uri) => !uri.includes('@'), 'must name no user: that is username')
      .describe('Where to register, and where calls for the trunk’s numbers go'),
    username: z
      .string()
      .max(64)
      .regex(/^[A-Za-z0-9_.!~*'()&=+$,%-]+$/, 'must be the user part of a SIP URI')
      .describe('The digest user that was made there')
      .meta({ example: 'trunkline' }),
    password: z
      .string()
      .min(1)
      .max(128)
      .describe('Kept as HA1 alone, sealed, and never shown')
      .meta({ writeOnly: true, example: 'a-secret-of-the-pbx' }),
    realm: z
      .string()
      .max(128)
      .regex(/^[^"\\\u0000-\u001f\u007f]+$/, 'must have no quotes and no control characters')
      .nullable()
      .default(null)
      .describe('The realm that its challenge names; null: the host of uri')
      .meta({ example: 'asterisk' }),
    expires_secs: z.int().min(60).max(3_600).default(600),
  })
  .meta({ id: 'RegistrarSettings' });
export type RegistrarBody = z.infer<typeof registrarIn>;

export const registrarOut = z
  .strictObject({
    trunk_id: idOut('trunk'),
    object: z.literal('registrar'),
    uri: z.string(),
    username: z.string(),
    realm: z.string(),
    expires_secs: z.int(),
    state: z.enum(REGISTRATION_STATES).describe('pending: the tenant’s home edge has not said anything of it yet'),
    sip_code: z.int().nullable().describe('The last final answer to a REGISTER; null: none came'),
    since: timestampOut().nullable().describe('Since when it is in that state, as the edge saw it'),
    edge: z.string().nullable().describe('The edge that registers it'),
    created_at: timestampOut(),
    updated_at: timestampOut(),
  })
  .meta({ id: 'Registrar' });

export const registrarToWire = ({ registration, ...r }: ShownRegistrar): z.infer<typeof registrarOut> => ({
  ...{ trunk_id: toPublicId('trunk', r.trunkId), object: 'registrar', uri: r.uri, username: r.username, realm: r.realm },
  ...{ expires_secs: r.expiresSecs, state: registration.state, sip_code: registration.sipCode, edge: registration.edge },
  since: registration.since?.toISOString() ?? null,
  created_at: r.createdAt.toISOString(),
  updated_at: r.updatedAt.toISOString(),
});
