import { Global, Module } from '@nestjs/common';
import { TargetHealthView } from '@trunkline/carriers/server';
import { ProvisioningView } from '@trunkline/trunks/server';
import { CreateEdge } from './create-edge.ts';
import { EdgeQueries } from './edge-queries.ts';
import { EdgesController } from './edges.http.ts';
import { EdgeProvisioningView } from './provisioning-view.ts';
import { EdgeTargetHealthView } from './target-health-view.ts';
import { RotateEnrolToken } from './rotate-enrol-token.ts';

/** Edges as the API shows them. What works for the edges is EdgeWorkerModule. */
@Global()
@Module({
  controllers: [EdgesController],
  providers: [
    CreateEdge,
    EdgeQueries,
    RotateEnrolToken,
    { provide: ProvisioningView, useClass: EdgeProvisioningView },
    { provide: TargetHealthView, useClass: EdgeTargetHealthView },
  ],
  exports: [ProvisioningView, TargetHealthView],
})
export class EdgeModule {}
