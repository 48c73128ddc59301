import { Global, Module } from '@nestjs/common';
import { TargetHealthView } from '@trunkline/carriers/server';
import { ChannelsInUseView } from '@trunkline/channels/server';
import { ProvisioningView, RegistrationView } from '@trunkline/trunks/server';
import { ActivateEdge } from './activate-edge.ts';
import { AllowAddress } from './allow-address.ts';
import { AllowListQueries } from './allow-list-queries.ts';
import { EdgeChannelsInUseView } from './channels-in-use-view.ts';
import { CreateEdge } from './create-edge.ts';
import { DeleteEdge } from './delete-edge.ts';
import { DrainEdge } from './drain-edge.ts';
import { EdgeAllowListController } from './edge-allow-list.http.ts';
import { EdgeQueries } from './edge-queries.ts';
import { CallSimulationsController } from './call-simulations.http.ts';
import { EdgeScopeQueries } from './edge-scope-queries.ts';
import { EdgeScopesController } from './edge-scopes.http.ts';
import { EdgesController } from './edges.http.ts';
import { PlaceTenant } from './place-tenant.ts';
import { EdgeProvisioningView } from './provisioning-view.ts';
import { ProvisioningStreamController } from './provisioning-stream.http.ts';
import { EdgeRegistrationView } from './registration-view.ts';
import { ReleaseSweep } from './release-sweep.ts';
import { RemoveAllowEntry } from './remove-allow-entry.ts';
import { ReplayCall } from './replay-call.ts';
import { ResyncEdge } from './resync-edge.ts';
import { SimulateCall } from './simulate-call.ts';
import { EdgeTargetHealthView } from './target-health-view.ts';
import { RotateEnrolToken } from './rotate-enrol-token.ts';
import { TenantHomeQueries } from './tenant-home-queries.ts';
import { TenantHomesController } from './tenant-homes.http.ts';

const QUERIES = [AllowListQueries, EdgeQueries, EdgeScopeQueries, TenantHomeQueries];
const USE_CASES = [
  ActivateEdge,
  AllowAddress,
  CreateEdge,
  DeleteEdge,
  DrainEdge,
  PlaceTenant,
  ReleaseSweep,
  RemoveAllowEntry,
  ReplayCall,
  ResyncEdge,
  RotateEnrolToken,
  SimulateCall,
];

/** Edges as the API shows them. What works for the edges is EdgeWorkerModule. */
@Global()
@Module({
  controllers: [
    CallSimulationsController,
    ProvisioningStreamController,
    EdgesController,
    EdgeAllowListController,
    EdgeScopesController,
    TenantHomesController,
  ],
  providers: [
    ...QUERIES,
    ...USE_CASES,
    { provide: ChannelsInUseView, useClass: EdgeChannelsInUseView },
    { provide: ProvisioningView, useClass: EdgeProvisioningView },
    { provide: RegistrationView, useClass: EdgeRegistrationView },
    { provide: TargetHealthView, useClass: EdgeTargetHealthView },
  ],
  exports: [...QUERIES, ReplayCall, SimulateCall, ChannelsInUseView, ProvisioningView, RegistrationView, TargetHealthView],
})
export class EdgeModule {}
