import { Injectable } from '@nestjs/common';
import { Processor } from '@trunkline/platform';
import type { OutboxJob, ProcessesJobs } from '@trunkline/platform';
import type { Job } from 'bullmq';
import { ADDRESS_CREATED, ValidateAddress } from './emergency-addresses.ts';
import { REGISTRATION_CHANGED } from './emergency-registrations.ts';
import { NotifyContacts } from './notify-contacts.ts';
import { SweepEmergency } from './sweep-emergency.ts';
import { TellProvider } from './tell-provider.ts';

@Injectable()
@Processor({ queue: 'emergency-addresses', events: [ADDRESS_CREATED] })
export class AddressProcessor implements ProcessesJobs<OutboxJob> {
  constructor(private readonly validate: ValidateAddress) {}

  async process({ data: { tenantId, data } }: Job<OutboxJob>): Promise<void> {
    await this.validate.execute(tenantId, (data as { emergencyAddressId: string }).emergencyAddressId);
  }
}

@Injectable()
@Processor({
  queue: 'emergency-registrations',
  concurrency: 4,
  events: [REGISTRATION_CHANGED, 'number.released', 'number.transferred_out', 'number.ported_out', 'number.ported_back'],
})
export class RegistrationProcessor implements ProcessesJobs<OutboxJob> {
  constructor(private readonly tell: TellProvider) {}

  async process({ data: { type, tenantId, data } }: Job<OutboxJob>): Promise<void> {
    const { numberId } = data as { numberId: string };
    await (type === REGISTRATION_CHANGED ? this.tell.execute(tenantId, numberId) : this.tell.released(tenantId, numberId));
  }
}

@Injectable()
@Processor({ queue: 'emergency-notices', concurrency: 4, events: ['emergency_call.placed'] })
export class EmergencyCallProcessor implements ProcessesJobs<OutboxJob> {
  constructor(private readonly notify: NotifyContacts) {}

  async process({ data: { tenantId, data } }: Job<OutboxJob>): Promise<void> {
    await this.notify.execute(tenantId, data as Parameters<NotifyContacts['execute']>[1]);
  }
}

@Injectable()
@Processor({ queue: 'emergency-sweep', concurrency: 1, everyMs: 60_000 })
export class EmergencySweepProcessor implements ProcessesJobs {
  constructor(private readonly sweep: SweepEmergency) {}

  async process(): Promise<void> {
    await this.sweep.execute();
  }
}
