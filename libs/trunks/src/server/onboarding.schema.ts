import { CODEC_NAMES } from '@trunkline/edge-core';
import { z } from 'zod';
import type { Bandwidth } from '../core/bandwidth.ts';
import type { ConnectionSheet } from '../core/connection-sheet/sheet.ts';
import { PBX_FAMILIES } from '../core/connection-sheet/sheet.ts';

export const pbxFamily = z.enum(PBX_FAMILIES);
export const sheetQuery = z.strictObject({ pbx: pbxFamily.default('generic').describe('The family of the PBX') });
export type SheetQuery = z.infer<typeof sheetQuery>;

export const connectionSheetOut = z
  .strictObject({
    object: z.literal('connection_sheet'),
    pbx: pbxFamily,
    title: z.string(),
    settings: z.array(z.strictObject({ label: z.string(), value: z.string() })),
    steps: z.array(z.string()),
    snippets: z.array(z.strictObject({ file: z.string(), language: z.string(), text: z.string() })),
    firewall: z.array(
      z.strictObject({
        direction: z.enum(['out', 'in', 'both']).describe('As the PBX sees it'),
        protocol: z.enum(['udp', 'tcp']),
        address: z.string(),
        ports: z.string(),
        why: z.string(),
      }),
    ),
    advice: z.array(z.strictObject({ topic: z.string(), text: z.string() })),
  })
  .meta({ id: 'ConnectionSheet' });
export const connectionSheetToWire = ({ family, ...s }: ConnectionSheet): z.infer<typeof connectionSheetOut> => ({
  ...{ object: 'connection_sheet', pbx: family, title: s.title, steps: [...s.steps] },
  settings: s.settings.map((setting) => ({ ...setting })),
  snippets: s.snippets.map((snippet) => ({ ...snippet })),
  firewall: s.firewall.map((rule) => ({ ...rule })),
  advice: s.advice.map((advice) => ({ ...advice })),
});

export const bandwidthQuery = z.strictObject({
  channels: z.coerce.number().int().min(1).max(10_000).default(1).describe('Calls at one time'),
  codec: z.enum(CODEC_NAMES).default('pcma'),
  ptime_ms: z.coerce.number().int().min(10).max(120).default(20).describe('How long a piece of speech a packet carries'),
  srtp: z.enum(['true', 'false']).default('false').describe('Whether media is encrypted'),
});
export type BandwidthQuery = z.infer<typeof bandwidthQuery>;

const bits = z
  .strictObject({
    ip_bits_per_sec: z.int().describe('As IP counts, which is what lines are sold by'),
    ethernet_bits_per_sec: z.int().describe('As an Ethernet is busy with it'),
  })
  .meta({ id: 'BandwidthBits' });
export const bandwidthOut = z
  .strictObject({
    object: z.literal('bandwidth'),
    channels: z.int(),
    codec: z.enum(CODEC_NAMES),
    ptime_ms: z.int(),
    srtp: z.boolean(),
    packets_per_sec: z.number().describe('Of one call, each way').meta({ example: 50 }),
    payload_bytes: z.int().describe('Of one packet'),
    overhead: z
      .array(z.strictObject({ layer: z.enum(['rtp', 'srtp_tag', 'udp', 'ipv4', 'ethernet']), bytes: z.int() }))
      .describe('What each packet carries besides; signalling and RTCP come on top, a few percent'),
    // one call, one way; all calls, in each direction of the line; all calls, both directions together
    per_call: bits,
    each_way: bits,
    both_ways: bits,
  })
  .meta({ id: 'Bandwidth' });

const bitsToWire = ({ ipBitsPerSec, ethernetBitsPerSec }: Bandwidth['perCall']) => ({
  ip_bits_per_sec: ipBitsPerSec,
  ethernet_bits_per_sec: ethernetBitsPerSec,
});
export const bandwidthToWire = (b: Bandwidth): z.infer<typeof bandwidthOut> => ({
  ...{ object: 'bandwidth', channels: b.channels, codec: b.codec, ptime_ms: b.ptimeMs, srtp: b.srtp },
  packets_per_sec: b.packetsPerSec,
  payload_bytes: b.payloadBytes,
  overhead: b.overhead.map((o) => ({ ...o })),
  per_call: bitsToWire(b.perCall),
  each_way: bitsToWire(b.eachWay),
  both_ways: bitsToWire(b.bothWays),
});
