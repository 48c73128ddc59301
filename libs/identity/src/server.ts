export { CallerNameProviderEmulator } from './server/caller-name-provider.ts';
export * from './server/code-sender.ts';
export { CallerNames } from './server/caller-names.ts';
export { Codes } from './server/codes.ts';
export * from './server/identity.module.ts';
export { MoveCallerName } from './server/move-caller-name.ts';
export { ReviewVerification } from './server/review-verification.ts';
export { SendCode } from './server/send-code.ts';
export * from './server/verified-numbers.graphql.ts';
