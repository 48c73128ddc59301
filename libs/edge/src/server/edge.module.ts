import { Global, Module } from '@nestjs/common';
import { ProvisioningView } from '@trunkline/trunks/server';
import { EdgeProvisioningView } from './provisioning-view.ts';

/** Edges as the API shows them. The worker's part is EdgeWorkerModule. */
@Global()
@Module({ providers: [{ provide: ProvisioningView, useClass: EdgeProvisioningView }], exports: [ProvisioningView] })
export class EdgeModule {}
