import { toPublicId } from '@trunkline/kernel';
import { country, idIn, idOut, sipUriIn, text, timestampOut } from '@trunkline/platform';
import { z } from 'zod';
import type { Carrier, CarrierRoute, Gateway } from '../core/gateway.ts';
import { canonicalAddress } from '../core/source-address.ts';
import type { TargetHealth } from '../core/target-health.ts';
import { targetHealthOut } from './target-health-view.ts';

const name = text(80).describe('Unique').meta({ example: 'Example Carrier' });
export const newCarrier = z.strictObject({ name, enabled: z.boolean().default(true) }).meta({ id: 'NewCarrier' });
export const carrierChange = z.strictObject({ name, enabled: z.boolean() }).partial().meta({ id: 'CarrierChange' });

const address = z
  .string()
  .max(45)
  .superRefine((given, ctx) => {
    const canonical = canonicalAddress(given);
    if (canonical === given) return;
    ctx.addIssue({
      code: 'custom',
      message: canonical ? `must be written ${canonical}` : 'must be an IPv4 or IPv6 address, without a port or mask',
    });
  })
  .meta({ example: '198.51.100.7' });

export const newGateway = z
  .strictObject({
    uri: sipUriIn(),
    source_addresses: z
      .array(address)
      .max(100)
      .refine((list) => new Set(list).size === list.length, 'names an address twice')
      .default([])
      .describe('Where the carrier’s own calls come from; each address belongs to one gateway'),
  })
  .meta({ id: 'NewGateway' });

const target = {
  gateway_id: idIn('gateway'),
  priority: z.int().min(0).max(65_535).describe('Lowest first'),
  weight: z.int().min(1).max(100).default(1).describe('Share of the calls among routes of equal priority'),
};
const prefix = z
  .string()
  .regex(/^[1-9]\d{0,14}$/, 'must be 1 to 15 digits of an E.164 number, without +')
  .meta({ example: '4930' });
export const newRoute = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('pstn'), prefix, ...target }),
    z.strictObject({ kind: z.literal('emergency'), country: country(), ...target }),
  ])
  .meta({ id: 'NewCarrierRoute' });

export const gatewayOut = z
  .strictObject({
    id: idOut('gateway'),
    object: z.literal('gateway'),
    carrier_id: idOut('carrier'),
    uri: z.string(),
    source_addresses: z.array(z.string()),
    health: targetHealthOut,
    created_at: timestampOut(),
  })
  .meta({ id: 'Gateway' });

export const carrierOut = z
  .strictObject({
    id: idOut('carrier'),
    object: z.literal('carrier'),
    name: z.string(),
    enabled: z.boolean(),
    gateways: z.array(gatewayOut),
    revision: z.int(),
    created_at: timestampOut(),
    updated_at: timestampOut(),
  })
  .meta({ id: 'Carrier' });

export const routeOut = z
  .strictObject({
    id: idOut('carrierRoute'),
    object: z.literal('carrier_route'),
    kind: z.enum(['pstn', 'emergency']),
    prefix: z.string().nullable(),
    country: z.string().nullable(),
    gateway_id: idOut('gateway'),
    priority: z.int(),
    weight: z.int(),
    created_at: timestampOut(),
  })
  .meta({ id: 'CarrierRoute' });

export type HealthByUri = ReadonlyMap<string, TargetHealth>;

export const gatewayToWire = (g: Gateway, health: HealthByUri = new Map()): z.infer<typeof gatewayOut> => ({
  id: toPublicId('gateway', g.id),
  object: 'gateway',
  carrier_id: toPublicId('carrier', g.carrierId),
  uri: g.uri,
  source_addresses: [...g.sourceAddresses],
  health: health.get(g.uri) ?? 'unknown',
  created_at: g.createdAt.toISOString(),
});

export const carrierToWire = (c: Carrier, health: HealthByUri = new Map()): z.infer<typeof carrierOut> => ({
  id: toPublicId('carrier', c.id),
  object: 'carrier',
  name: c.name,
  enabled: c.enabled,
  gateways: c.gateways.map((g) => gatewayToWire(g, health)),
  revision: c.revision,
  created_at: c.createdAt.toISOString(),
  updated_at: c.updatedAt.toISOString(),
});

export const routeToWire = (r: CarrierRoute): z.infer<typeof routeOut> => ({
  id: toPublicId('carrierRoute', r.id),
  object: 'carrier_route',
  kind: r.kind,
  prefix: r.prefix,
  country: r.country,
  gateway_id: toPublicId('gateway', r.gatewayId),
  priority: r.priority,
  weight: r.weight,
  created_at: r.createdAt.toISOString(),
});
