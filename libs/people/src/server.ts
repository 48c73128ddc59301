export { InviteMember } from './server/invite-member.ts';
export * from './server/people-config.ts';
export * from './server/people.module.ts';
export { SendMails } from './server/send-mails.ts';
