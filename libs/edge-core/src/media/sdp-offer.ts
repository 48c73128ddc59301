import { codecNamed, codecOfPayload } from './codecs.ts';
import type { Codec } from './codecs.ts';

/**
 * What an SDP offer (RFC 4566, RFC 3264) says of media, and the offer with an audio codec list applied: codecs that are not on the list go, with
 * their attributes; those that are stand in the list's order. Tones (telephone-event) and comfort noise are no codecs and stay, behind them. Video
 * and fax are left as they are. Runs in Kamailio: ES5's library, and no piece of the body is made that could begin with any byte but a letter.
 */
export type OfferedMedia = { readonly kind: string; readonly secure: boolean };
export type Offer = {
  readonly media: readonly OfferedMedia[]; // those that are wanted: a port of 0 is a refused or bundled one
  /** Null: an audio stream would be left without a codec. */
  readonly sdpWith: (codecs: readonly Codec[]) => string | null;
};

const MEDIA_LINE = /^m=([a-z]+) ([0-9]+)(?:\/[0-9]+)? ([A-Za-z0-9/]+)((?: [A-Za-z0-9]+)*)/;
const MOST_MEDIA = 16;
const KEPT = /^(telephone-event|CN)$/i;
const COMFORT_NOISE = '13';

export const readOffer = (sdp: string): Offer => {
  const sections = sectionsOf(sdp);
  const media: OfferedMedia[] = [];
  for (let i = 1; i < sections.length; i++) {
    const line = MEDIA_LINE.exec(sections[i] || '');
    if (line !== null && line[2] !== '0') media.push({ kind: line[1] || '', secure: isSecure(line[3] || '') });
  }
  return { media, sdpWith: (codecs) => withCodecs(sections, codecs) };
};

/** SAVP, SAVPF and their variants over DTLS and TCP. */
const isSecure = (profile: string): boolean => /(^|\/)SAVPF?$/.test(profile);

/** The session's part, and one for each m= line. */
const sectionsOf = (sdp: string): string[] => {
  const sections: string[] = [];
  let from = 0;
  for (let next = sdp.indexOf('\nm='); next >= 0 && sections.length < MOST_MEDIA; next = sdp.indexOf('\nm=', from)) {
    sections.push(sdp.substring(from, next + 1));
    from = next + 1;
  }
  sections.push(sdp.substring(from));
  return sections;
};

const withCodecs = (sections: readonly string[], codecs: readonly Codec[]): string | null => {
  let sdp = '';
  for (let i = 0; i < sections.length; i++) {
    const section = sections[i] || '';
    const line = MEDIA_LINE.exec(section);
    const isAudio = line !== null && line[1] === 'audio' && line[2] !== '0';
    const narrowed = isAudio ? audioWith(section, line, codecs) : section;
    if (narrowed === null) return null;
    sdp += narrowed;
  }
  return sdp;
};

const audioWith = (section: string, line: RegExpExecArray, codecs: readonly Codec[]): string | null => {
  const names = encodingNames(section);
  const payloads = (line[4] || '').substring(1).split(' ');
  const codecOf = (payload: string): Codec | null => {
    const name = names['_' + payload];
    return name === undefined ? codecOfPayload(payload) : codecNamed(name);
  };
  const kept: string[] = [];
  for (let i = 0; i < codecs.length; i++)
    for (let j = 0; j < payloads.length; j++) if (codecOf(payloads[j] || '') === codecs[i]) kept.push(payloads[j] || '');
  if (kept.length === 0) return null;
  for (let j = 0; j < payloads.length; j++) if (isKept(payloads[j] || '', names)) kept.push(payloads[j] || '');
  const head = line[0].substring(0, line[0].length - (line[4] || '').length) + ' ' + kept.join(' ');
  const rest = section.substring(line[0].length);
  return (
    head +
    rest.replace(/^a=(?:rtpmap|fmtp|rtcp-fb):([0-9]+)[^\r\n]*\r?\n/gm, (text, payload: string) => (kept.indexOf(payload) >= 0 ? text : ''))
  );
};

type Names = { readonly [key: string]: string | undefined };

/** By payload type, each key behind an underscore: no name of an object's own may be one. */
const encodingNames = (section: string): Names => {
  const names: { [key: string]: string } = {};
  section.replace(/^a=rtpmap:([0-9]+) ([A-Za-z0-9._-]+)\//gm, (text, payload: string, name: string) => {
    names['_' + payload] = name;
    return text;
  });
  return names;
};

const isKept = (payload: string, names: Names): boolean => {
  const name = names['_' + payload];
  return name === undefined ? payload === COMFORT_NOISE : KEPT.test(name);
};
