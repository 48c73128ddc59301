import { CODECS } from '@trunkline/edge-core';
import type { Codec } from '@trunkline/edge-core';
import { invalidField } from '@trunkline/kernel';

/** What one packet of audio carries besides the audio, in bytes. Signalling and RTCP come on top: a few percent. */
const OVERHEAD = {
  rtp: 12, //      RFC 3550 §5.1
  srtp_tag: 10, // AES_CM_128_HMAC_SHA1_80, RFC 3711 §8.2
  udp: 8,
  ipv4: 20,
  ethernet: 38, // header 14, checksum 4, preamble 8, gap 12: what the wire is busy with
} as const;
export type OverheadLayer = keyof typeof OVERHEAD;

export type BandwidthAsked = { readonly channels: number; readonly codec: Codec; readonly ptimeMs: number; readonly srtp: boolean };
/** What calls take of a line, in each of its two directions: as IP counts (what providers sell) and as Ethernet does. */
export type Bandwidth = BandwidthAsked & {
  readonly packetsPerSec: number; // of one call, each way
  readonly payloadBytes: number; //  of one packet
  readonly overhead: readonly { readonly layer: OverheadLayer; readonly bytes: number }[];
  readonly perCall: { readonly ipBitsPerSec: number; readonly ethernetBitsPerSec: number };
  readonly eachWay: { readonly ipBitsPerSec: number; readonly ethernetBitsPerSec: number };
  readonly bothWays: { readonly ipBitsPerSec: number; readonly ethernetBitsPerSec: number };
};

/** @throws AppError request.invalid when packets of that length hold no whole frames of the codec */
export const bandwidthOf = (asked: BandwidthAsked): Bandwidth => {
  const { bitsPerSec, frameMs } = CODECS[asked.codec];
  if (asked.ptimeMs % frameMs !== 0)
    throw invalidField('/query/ptime_ms', 'no_whole_frames', `A frame of ${asked.codec} is ${frameMs} ms long: packets hold whole ones`);
  const layers = (Object.keys(OVERHEAD) as OverheadLayer[]).filter((layer) => layer !== 'srtp_tag' || asked.srtp);
  const overhead = layers.map((layer) => ({ layer, bytes: OVERHEAD[layer] }));
  const payloadBytes = Math.ceil((bitsPerSec * asked.ptimeMs) / 8000);
  const packetsPerSec = 1000 / asked.ptimeMs;
  const bitsPerSecOf = (calls: number, counted: (layer: OverheadLayer) => boolean): number => {
    const bytes = payloadBytes + overhead.filter(({ layer }) => counted(layer)).reduce((sum, o) => sum + o.bytes, 0);
    return Math.ceil(calls * bytes * 8 * packetsPerSec);
  };
  const of = (calls: number) => ({
    ipBitsPerSec: bitsPerSecOf(calls, (layer) => layer !== 'ethernet'),
    ethernetBitsPerSec: bitsPerSecOf(calls, () => true),
  });
  const rest = { perCall: of(1), eachWay: of(asked.channels), bothWays: of(asked.channels * 2) };
  return { ...asked, packetsPerSec: Math.round(packetsPerSec * 100) / 100, payloadBytes, overhead, ...rest };
};
