/** A mail as it is written, before it is on its way. */
export type MailText = { readonly kind: string; readonly subject: string; readonly body: string };

const UNASKED = 'If you did not ask for this, ignore this mail: nothing happens.';
const text = (...lines: readonly string[]): string => `${lines.join('\n\n')}\n`;
/** The page at `path` (`server/mailed-link-page.ts`); the token is behind the #, which no browser sends to a server or in a Referer. */
const link = (publicUrl: string, path: string, token: string): string => `${publicUrl}/${path}#${token}`;

export const signUpMail = (publicUrl: string, token: string): MailText => ({
  kind: 'sign_up',
  subject: 'Confirm your e-mail address',
  body: text('To open your account, follow this link within a day:', link(publicUrl, 'confirm-sign-up', token), UNASKED),
});

export const invitationMail = (publicUrl: string, where: string, role: string, token: string): MailText => ({
  kind: 'invitation',
  subject: `You are invited to ${where}`,
  body: text(
    `You are invited to ${where} as ${role}. Follow this link within a week:`,
    link(publicUrl, 'accept-invitation', token),
    UNASKED,
  ),
});

export const passwordResetMail = (publicUrl: string, token: string): MailText => ({
  kind: 'password_reset',
  subject: 'Choose a new password',
  body: text('To choose a new password, follow this link within an hour:', link(publicUrl, 'reset-password', token), UNASKED),
});

export const passwordChangedMail = (): MailText => ({
  kind: 'password_changed',
  subject: 'Your password was changed',
  body: text(
    'Your password was changed, and every other session of yours has ended.',
    'If it was not you, ask for a new password at once.',
  ),
});

export const secondFactorResetMail = (by: string): MailText => ({
  kind: 'second_factor_reset',
  subject: 'Your second factor was reset',
  body: text(
    `${by} took away your authenticator app, passkeys and recovery codes, and every session of yours has ended.`,
    'Log in with your password, and set up a second factor again.',
    'If you did not ask for it, choose a new password at once and tell them.',
  ),
});

export const endpointDisabledMail = (endpointId: string, reason: string): MailText => ({
  kind: 'webhook_endpoint_disabled',
  subject: 'A webhook endpoint of yours was disabled',
  body: text(
    reason === 'gone'
      ? `The endpoint ${endpointId} answered 410 (Gone), and is sent nothing any more.`
      : `The endpoint ${endpointId} took none of ten attempts at an event, over 75 hours, and is sent nothing any more.`,
    `Enable it with POST /v1/webhook-endpoints/${endpointId}/enable when it answers again, and replay what it missed with POST /v1/webhook-endpoints/${endpointId}/replay.`,
  ),
});
