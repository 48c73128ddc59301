import { Global, Module } from '@nestjs/common';
import { ProvisioningView } from '@trunkline/trunks/server';
import { ActivateEdge } from './activate-edge.ts';
import { CreateEdge } from './create-edge.ts';
import { DeleteEdge } from './delete-edge.ts';
import { DrainEdge } from './drain-edge.ts';
import { EdgeQueries } from './edge-queries.ts';
import { EdgeScopeQueries } from './edge-scope-queries.ts';
import { EdgeScopesController } from './edge-scopes.http.ts';
import { EdgesController } from './edges.http.ts';
import { PlaceTenant } from './place-tenant.ts';
import { EdgeProvisioningView } from './provisioning-view.ts';
import { ReleaseSweep } from './release-sweep.ts';
import { ResyncEdge } from './resync-edge.ts';
import { RotateEnrolToken } from './rotate-enrol-token.ts';
import { TenantHomeQueries } from './tenant-home-queries.ts';
import { TenantHomesController } from './tenant-homes.http.ts';

const QUERIES = [EdgeQueries, EdgeScopeQueries, TenantHomeQueries];
const USE_CASES = [ActivateEdge, CreateEdge, DeleteEdge, DrainEdge, PlaceTenant, ReleaseSweep, ResyncEdge, RotateEnrolToken];

/** Edges as the API shows them. What works for the edges is EdgeWorkerModule. */
@Global()
@Module({
  controllers: [EdgesController, EdgeScopesController, TenantHomesController],
  providers: [...QUERIES, ...USE_CASES, { provide: ProvisioningView, useClass: EdgeProvisioningView }],
  exports: [ProvisioningView],
})
export class EdgeModule {}
