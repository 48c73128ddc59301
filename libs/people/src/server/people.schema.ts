import { toPublicId } from '@trunkline/kernel';
import { bulkIn, bulkOut, country, currency, idOut, text, timestampOut } from '@trunkline/platform';
import { z } from 'zod';
import { OPERATOR_ROLES, TENANT_ROLES } from '../core/roles.ts';
import type { OperatorRole, TenantRole } from '../core/roles.ts';
import type { Invitation, Member } from './members.sql.ts';
import { emailIn, newPasswordIn, passwordIn } from './passwords.ts';
import type { Account, ListedSession } from './people-queries.ts';
import { signedChallenge } from './passkeys.schema.ts';
import { tokenIn } from './secret-token.ts';

export const accepted = z.strictObject({ object: z.literal('accepted') }).meta({ id: 'Accepted' });
export const ACCEPTED = { object: 'accepted' as const };

export const newSignUp = z
  .strictObject({ email: emailIn(), tenant_name: text(120), country: country(), currency: currency() })
  .meta({ id: 'NewSignUp' });
const firstTime = {
  name: text(120).optional().describe('Needed of somebody who is new here'),
  password: newPasswordIn().optional().describe('Needed of somebody who is new here; anybody else has one'),
};
export const followedLink = z.strictObject({ token: tokenIn(), ...firstTime }).meta({ id: 'FollowedLink' });
export const signedUp = z
  .strictObject({
    object: z.literal('sign_up'),
    tenant_id: idOut('tenant'),
    held: z.boolean().describe('Whether calls wait for the operator’s approval'),
  })
  .meta({ id: 'SignedUp' });
export const joined = z
  .strictObject({ object: z.literal('joined'), tenant_id: z.string().nullable(), role: z.string() })
  .meta({ id: 'Joined' });

const code = () =>
  z
    .string()
    .regex(/^\d{6}$/, 'must be the six digits of the authenticator app')
    .meta({ example: '492039' });
const recoveryCode = () => z.string().min(16).max(40);
export const credentials = z
  .strictObject({
    email: emailIn(),
    password: passwordIn(),
    code: code().optional(),
    recovery_code: recoveryCode().optional(),
    passkey: signedChallenge.optional().describe('What the browser made of POST /v1/sessions/passkey-challenges'),
  })
  .meta({ id: 'Credentials' });
export const knownPerson = z.strictObject({ email: emailIn(), password: passwordIn() }).meta({ id: 'EmailAndPassword' });
export const passwordResetRequest = z.strictObject({ email: emailIn() }).meta({ id: 'PasswordResetRequest' });
export const passwordReset = z.strictObject({ token: tokenIn(), password: newPasswordIn() }).meta({ id: 'PasswordReset' });
export const passwordChange = z
  .strictObject({ current_password: passwordIn(), new_password: newPasswordIn() })
  .meta({ id: 'PasswordChange' });
export const confirmation = z.strictObject({ password: passwordIn() }).meta({ id: 'PasswordConfirmation' });
export const totpCode = z.strictObject({ code: code() }).meta({ id: 'TotpCode' });
export const totpEnd = z
  .strictObject({ password: passwordIn(), code: code().optional(), recovery_code: recoveryCode().optional() })
  .refine((given) => (given.code === undefined) !== (given.recovery_code === undefined), {
    path: ['code'],
    error: 'give a code, or a recovery code',
  })
  .meta({ id: 'TotpEnd' });
export const totpKey = z
  .strictObject({ object: z.literal('totp_key'), secret: z.string().describe('Base32, for the app. Shown this once'), uri: z.string() })
  .meta({ id: 'TotpKey' });
export const recoveryCodes = z
  .strictObject({
    object: z.literal('recovery_codes'),
    codes: z.array(z.string()).describe('Each lets in once without another second factor. Shown this once'),
  })
  .meta({ id: 'RecoveryCodes' });

export const sessionOut = z
  .strictObject({
    id: idOut('personSession'),
    object: z.literal('session'),
    current: z.boolean(),
    tenant_id: z.string().nullable().describe('The only tenant that it acts for, whose identity provider opened it'),
    source_address: z.string(),
    user_agent: z.string(),
    created_at: timestampOut(),
    last_seen_at: timestampOut(),
    expires_at: timestampOut(),
  })
  .meta({ id: 'Session' });
export const revokedSessions = z.strictObject({ object: z.literal('revoked_sessions'), revoked: z.int() }).meta({ id: 'RevokedSessions' });
export const revokedToWire = (revoked: number): z.infer<typeof revokedSessions> => ({ object: 'revoked_sessions', revoked });

export const sessionToWire = (s: ListedSession): z.infer<typeof sessionOut> => ({
  id: toPublicId('personSession', s.id),
  object: 'session',
  current: s.isCurrent,
  tenant_id: s.boundTenantId && toPublicId('tenant', s.boundTenantId),
  source_address: s.sourceAddress,
  user_agent: s.userAgent,
  created_at: s.createdAt.toISOString(),
  last_seen_at: s.lastSeenAt.toISOString(),
  expires_at: s.expiresAt.toISOString(),
});

const tenantRole = z.enum(TENANT_ROLES);
const operatorRole = z.enum(OPERATOR_ROLES);

export const personOut = z
  .strictObject({
    id: idOut('person'),
    object: z.literal('person'),
    email: z.string(),
    name: z.string(),
    two_factor: z.boolean().describe('Whether logging in takes a second factor: an authenticator app or a passkey'),
    totp: z.boolean().describe('Whether an authenticator app is set up'),
    passkeys: z.int(),
    recovery_codes_left: z.int(),
    operator_role: operatorRole.nullable(),
    memberships: z.array(z.strictObject({ tenant_id: idOut('tenant'), tenant_name: z.string(), role: tenantRole })),
    created_at: timestampOut(),
  })
  .meta({ id: 'Person' });

export const accountToWire = (a: Account): z.infer<typeof personOut> => ({
  id: toPublicId('person', a.id),
  object: 'person',
  email: a.email,
  name: a.name,
  two_factor: a.hasTotp || a.passkeys > 0,
  totp: a.hasTotp,
  passkeys: a.passkeys,
  recovery_codes_left: a.recoveryCodesLeft,
  operator_role: a.operatorRole as OperatorRole | null,
  memberships: a.memberships.map((m) => ({
    tenant_id: toPublicId('tenant', m.tenantId),
    tenant_name: m.tenantName,
    role: m.role as TenantRole,
  })),
  created_at: a.createdAt.toISOString(),
});

export const newInvitation = z.strictObject({ email: emailIn(), role: tenantRole }).meta({ id: 'NewInvitation' });
export const newInvitations = bulkIn(newInvitation).meta({ id: 'NewInvitations' });
export const newOperatorInvitation = z.strictObject({ email: emailIn(), role: operatorRole }).meta({ id: 'NewOperatorInvitation' });
const disabled = z.boolean().optional().describe('Whether the member may not act for now');
export const memberChange = z.strictObject({ role: tenantRole.optional(), disabled }).meta({ id: 'MemberChange' });
export const operatorMemberChange = z.strictObject({ role: operatorRole.optional(), disabled }).meta({ id: 'OperatorMemberChange' });

const role = z.enum([...new Set([...TENANT_ROLES, ...OPERATOR_ROLES])]);
export const memberOut = z
  .strictObject({
    id: idOut('member'),
    object: z.literal('member'),
    person_id: idOut('person'),
    email: z.string(),
    name: z.string(),
    role,
    two_factor: z.boolean(),
    disabled_at: timestampOut().nullable(),
    revision: z.int(),
    created_at: timestampOut(),
  })
  .meta({ id: 'Member' });
export const invitationOut = z
  .strictObject({
    id: idOut('invitation'),
    object: z.literal('invitation'),
    email: z.string(),
    role,
    expires_at: timestampOut(),
    accepted_at: timestampOut().nullable(),
    revoked_at: timestampOut().nullable(),
    created_at: timestampOut(),
  })
  .meta({ id: 'Invitation' });
export const invitationsOut = bulkOut(invitationOut).meta({ id: 'InvitationBulk' });

export const memberToWire = (m: Member): z.infer<typeof memberOut> => ({
  id: toPublicId('member', m.id),
  object: 'member',
  person_id: toPublicId('person', m.personId),
  email: m.email,
  name: m.name,
  role: m.role as TenantRole,
  two_factor: m.hasSecondFactor,
  disabled_at: m.disabledAt?.toISOString() ?? null,
  revision: m.revision,
  created_at: m.createdAt.toISOString(),
});
export const invitationToWire = (i: Invitation): z.infer<typeof invitationOut> => ({
  id: toPublicId('invitation', i.id),
  object: 'invitation',
  email: i.email,
  role: i.role as TenantRole,
  expires_at: i.expiresAt.toISOString(),
  accepted_at: i.acceptedAt?.toISOString() ?? null,
  revoked_at: i.revokedAt?.toISOString() ?? null,
  created_at: i.createdAt.toISOString(),
});
