/** What the control plane wants of one edge group, as plain data: the input of `compile()`. Ids are uuids, countries ISO 3166-1 alpha-2. */

export type HoldKind = 'billing' | 'fraud' | 'operator' | 'parent';

export type TenantIntent = {
  readonly id: string;
  readonly channelsMax: number | null; // null: no cap of the tenant's own
  readonly holds: readonly HoldKind[];
  /** The one edge that carries this tenant's calls, so that caps are exact without shared state. Null: any edge. */
  readonly homeEdge: { readonly name: string; readonly sipAddress: string } | null;
};

export type TrunkIntent = {
  readonly id: string;
  readonly tenantId: string;
  readonly enabled: boolean;
  readonly channelsMax: number;
  readonly country: string; //                     where the PBX is: national dialling and emergency numbers
  readonly allowedCountries: readonly string[]; // none: no outbound call but emergency
  readonly defaultCallerId: string | null; //      E.164
  readonly inboundRoutes: readonly { readonly uri: string; readonly priority: number }[]; // lowest priority first
  readonly credentials: readonly { readonly username: string; readonly ha1Md5: string }[];
  readonly maxCallSecs: number | null; //          null: the edge's four hours
};

export type NumberIntent = { readonly e164: string; readonly tenantId: string; readonly trunkId: string | null };

/** A carrier's gateway: where we send calls, and the addresses its calls come from. */
export type GatewayIntent = {
  readonly id: string;
  readonly carrierId: string;
  readonly uri: string;
  readonly sourceAddresses: readonly string[];
};

/** Calls to `prefix` (digits, no +) go to these gateways in order. */
export type RouteIntent = { readonly prefix: string; readonly gatewayIds: readonly string[] };

/** Emergency calls of a country go to these gateways in order, whatever else holds. */
export type EmergencyRouteIntent = { readonly country: string; readonly gatewayIds: readonly string[] };

export type Intent = {
  readonly tenants: readonly TenantIntent[];
  readonly trunks: readonly TrunkIntent[];
  readonly numbers: readonly NumberIntent[];
  readonly gateways: readonly GatewayIntent[];
  readonly routes: readonly RouteIntent[];
  readonly emergencyRoutes: readonly EmergencyRouteIntent[];
};
