import { Global, Module } from '@nestjs/common';
import { ProvisioningView } from '@trunkline/trunks/server';
import { AllowAddress } from './allow-address.ts';
import { AllowListQueries } from './allow-list-queries.ts';
import { CreateEdge } from './create-edge.ts';
import { EdgeAllowListController } from './edge-allow-list.http.ts';
import { EdgeQueries } from './edge-queries.ts';
import { EdgesController } from './edges.http.ts';
import { EdgeProvisioningView } from './provisioning-view.ts';
import { RemoveAllowEntry } from './remove-allow-entry.ts';
import { RotateEnrolToken } from './rotate-enrol-token.ts';

/** Edges as the API shows them. What works for the edges is EdgeWorkerModule. */
@Global()
@Module({
  controllers: [EdgesController, EdgeAllowListController],
  providers: [
    AllowAddress,
    AllowListQueries,
    RemoveAllowEntry,
    CreateEdge,
    EdgeQueries,
    RotateEnrolToken,
    { provide: ProvisioningView, useClass: EdgeProvisioningView },
  ],
  exports: [ProvisioningView],
})
export class EdgeModule {}
