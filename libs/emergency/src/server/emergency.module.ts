import { Module } from '@nestjs/common';
import { PostMail } from '@trunkline/people/server';
import { EmergencyAddresses, ValidateAddress } from './emergency-addresses.ts';
import { EmergencyProvider, EmergencyProviderEmulator } from './emergency-provider.ts';
import { EmergencyRegistrations } from './emergency-registrations.ts';
import { EmergencySettings } from './emergency-settings.ts';
import { EmergencyAddressesController, EmergencyRegistrationsController, EmergencySettingsController } from './emergency.http.ts';
import { AddressProcessor, EmergencyCallProcessor, EmergencySweepProcessor, RegistrationProcessor } from './emergency.jobs.ts';
import { NotifyContacts } from './notify-contacts.ts';
import { SweepEmergency } from './sweep-emergency.ts';
import { TellProvider } from './tell-provider.ts';

const useCases = [EmergencyAddresses, EmergencyRegistrations, EmergencySettings];

@Module({
  controllers: [EmergencyAddressesController, EmergencyRegistrationsController, EmergencySettingsController],
  providers: useCases,
  exports: useCases,
})
export class EmergencyModule {}

/** What talks to the provider of emergency calls, and tells of such calls. */
@Module({
  providers: [
    { provide: EmergencyProvider, useClass: EmergencyProviderEmulator },
    ...[AddressProcessor, EmergencyCallProcessor, EmergencySweepProcessor, RegistrationProcessor],
    ...[NotifyContacts, PostMail, SweepEmergency, TellProvider, ValidateAddress],
  ],
})
export class EmergencyJobsModule {}
