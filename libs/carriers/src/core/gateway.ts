/** An organisation that carries calls between us and the public network. Disabled: nothing is sent to it, nothing accepted from it. */
export type Carrier = {
  readonly id: string; // uuid
  readonly name: string;
  readonly enabled: boolean;
  readonly revision: number;
  readonly gateways: readonly Gateway[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

/** Where calls to a carrier are sent, and the addresses that its own calls come from. None: it only takes calls. */
export type Gateway = {
  readonly id: string; // uuid
  readonly carrierId: string;
  readonly uri: string; // SIP URI
  readonly sourceAddresses: readonly string[]; // in their canonical form; each belongs to one gateway
  readonly createdAt: Date;
};

/** What leaves by a route: calls to numbers that begin with `prefix` (digits, no +), or the emergency calls of a country. */
export type RouteMatch =
  | { readonly kind: 'pstn'; readonly prefix: string; readonly country: null }
  | { readonly kind: 'emergency'; readonly prefix: null; readonly country: string };

/** Calls leave by the longest prefix, then by the lowest priority first, among equals in proportion to their weights (as in RFC 2782). */
export type CarrierRoute = RouteMatch & {
  readonly id: string; // uuid
  readonly gatewayId: string;
  readonly priority: number;
  readonly weight: number;
  readonly createdAt: Date;
};
