export { ValidateAddress } from './server/emergency-addresses.ts';
export * from './server/emergency-provider.ts';
export * from './server/emergency.graphql.ts';
export * from './server/emergency.module.ts';
export { NotifyContacts } from './server/notify-contacts.ts';
export { TellProvider } from './server/tell-provider.ts';
