/**
 * The audio codecs that a trunk may name. `name` is the encoding name of SDP (RFC 4566 §6), `payload` the static payload type (RFC 3551 §6) of those
 * that have one; the rest says what a stream of it weighs. A rate of `null` is one that the sender chooses; then `bitsPerSec` is what is usual.
 */
export type CodecFacts = {
  readonly name: string;
  readonly clockHz: number; // in SDP; G.722 says 8000 and samples at 16000 (RFC 3551 §4.5.2)
  readonly payload: number | null;
  readonly bitsPerSec: number;
  readonly frameMs: number; // a packet carries whole frames
};

export type Codec = 'opus' | 'g722' | 'pcma' | 'pcmu' | 'g729' | 'gsm' | 'ilbc';

export const CODECS: Readonly<Record<Codec, CodecFacts>> = {
  opus: { name: 'opus', clockHz: 48000, payload: null, bitsPerSec: 32000, frameMs: 10 },
  g722: { name: 'G722', clockHz: 8000, payload: 9, bitsPerSec: 64000, frameMs: 10 },
  pcma: { name: 'PCMA', clockHz: 8000, payload: 8, bitsPerSec: 64000, frameMs: 10 },
  pcmu: { name: 'PCMU', clockHz: 8000, payload: 0, bitsPerSec: 64000, frameMs: 10 },
  g729: { name: 'G729', clockHz: 8000, payload: 18, bitsPerSec: 8000, frameMs: 10 },
  gsm: { name: 'GSM', clockHz: 8000, payload: 3, bitsPerSec: 13200, frameMs: 20 },
  ilbc: { name: 'iLBC', clockHz: 8000, payload: null, bitsPerSec: 15200, frameMs: 20 },
};

export const CODEC_NAMES = ['opus', 'g722', 'pcma', 'pcmu', 'g729', 'gsm', 'ilbc'] as const satisfies readonly Codec[];

export const isCodec = (text: string): text is Codec => CODEC_NAMES.indexOf(text as Codec) >= 0;

/** The codec of an SDP encoding name, which is case-insensitive; null for one that trunks cannot name. */
export const codecNamed = (name: string): Codec | null => {
  for (let i = 0; i < CODEC_NAMES.length; i++) {
    const codec = CODEC_NAMES[i] as Codec;
    if (CODECS[codec].name.toLowerCase() === name.toLowerCase()) return codec;
  }
  return null;
};

/** The codec of a static payload type; null for dynamic ones and those that trunks cannot name. */
export const codecOfPayload = (payload: string): Codec | null => {
  for (let i = 0; i < CODEC_NAMES.length; i++) {
    const codec = CODEC_NAMES[i] as Codec;
    if (CODECS[codec].payload !== null && '' + CODECS[codec].payload === payload) return codec;
  }
  return null;
};
