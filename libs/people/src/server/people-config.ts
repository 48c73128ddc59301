import { z } from 'zod';

export const SIGN_UP_MODES = ['open', 'approval', 'closed'] as const;
export type SignUpMode = (typeof SIGN_UP_MODES)[number];

/** Settings of people in the environment of whatever process has them. */
export const peopleEnv = {
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .default('http://127.0.0.1:3000')
    .describe('Where people reach the platform: links in mails begin with it, and sessions act for its pages only'),
  SIGN_UP: z
    .enum(SIGN_UP_MODES)
    .default('approval')
    .describe('Whether tenants sign up by themselves, are held until the operator approves, or are made by the operator'),
  ALLOW_PRIVATE_SSO: z
    .stringbool()
    .default(false)
    .describe('Identity providers may have private addresses and no TLS: for development only'),
};
type PeopleEnv = {
  readonly PUBLIC_URL: string;
  readonly SIGN_UP: SignUpMode;
  readonly ALLOW_PRIVATE_SSO: boolean;
};

export type PeopleConfig = {
  /** Without a slash at the end. */
  readonly publicUrl: string;
  readonly signUp: SignUpMode;
  readonly allowPrivateSso: boolean;
};
export const PEOPLE_CONFIG = Symbol('PeopleConfig');

export const peopleConfig = (env: PeopleEnv): PeopleConfig => ({
  publicUrl: env.PUBLIC_URL.replace(/\/+$/, ''),
  signUp: env.SIGN_UP,
  allowPrivateSso: env.ALLOW_PRIVATE_SSO,
});

/** Settings of mail, which the worker sends. */
export const mailEnv = {
  SMTP_URL: z
    .url({ protocol: /^smtps?$/ })
    .optional()
    .describe('Where mails are handed over: smtp://user:password@mail.example.com:587. Without it they stay in the outbox'),
  MAIL_FROM: z.email().optional().describe('The sender of mails'),
};
type MailEnv = { readonly SMTP_URL?: string | undefined; readonly MAIL_FROM?: string | undefined };

export type MailConfig = {
  /** Absent: mails stay in the outbox, where the operator reads them. */
  readonly smtpUrl: string | undefined;
  readonly from: string;
};
export const MAIL_CONFIG = Symbol('MailConfig');

export const mailConfig = (env: MailEnv): MailConfig => ({ smtpUrl: env.SMTP_URL, from: env.MAIL_FROM ?? 'trunkline@example.com' });
