export { CountGuess } from './server/count-guess.ts';
export { InviteMember } from './server/invite-member.ts';
export { emailIn } from './server/passwords.ts';
export * from './server/people-config.ts';
export * from './server/people-changes.graphql.ts';
export * from './server/people.graphql.ts';
export * from './server/people.module.ts';
export { PostMail } from './server/post-mail.ts';
export { SendMails } from './server/send-mails.ts';
