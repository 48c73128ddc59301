export { ValidateAddress } from './server/emergency-addresses.ts';
export { lockAddress } from './server/emergency-addresses.sql.ts';
export * from './server/emergency-provider.ts';
export * from './server/emergency.graphql.ts';
export * from './server/emergency.module.ts';
export { EmergencyRegistrations } from './server/emergency-registrations.ts';
export { RegistrationProcessor } from './server/emergency.jobs.ts';
export { NotifyContacts } from './server/notify-contacts.ts';
export { TellProvider } from './server/tell-provider.ts';
