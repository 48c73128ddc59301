import fc from 'fast-check';
import { CODEC_NAMES, CODECS } from './codecs.ts';
import type { Codec } from './codecs.ts';
import { readOffer } from './sdp-offer.ts';

const HEAD = 'v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n';
const AUDIO = `${HEAD}m=audio 4000 RTP/AVP 0 9 8 96 101 13\r\na=rtpmap:96 opus/48000/2\r\na=fmtp:96 useinbandfec=1\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=sendrecv\r\n`;

describe('readOffer', () => {
  it('keeps the codecs of the list in its order, tones and noise behind them, and no attribute of what it left out', () => {
    expect(readOffer(AUDIO).sdpWith(['pcma', 'opus'])).toBe(AUDIO.replace('0 9 8 96 101 13', '8 96 101 13'));
    expect(readOffer(AUDIO).sdpWith(['pcma'])).toBe(
      AUDIO.replace('0 9 8 96 101 13', '8 101 13').replace(/a=(rtpmap|fmtp):96[^\n]*\n/g, ''),
    );
  });

  it('leaves nothing when none of them is offered', () => {
    expect(readOffer(AUDIO).sdpWith(['g729', 'gsm'])).toBeNull();
    expect(readOffer(`${HEAD}m=audio 4000 RTP/AVP 101\r\na=rtpmap:101 telephone-event/8000\r\n`).sdpWith(['pcmu'])).toBeNull();
  });

  it('goes by the name that the offer gives a payload type, where it gives one', () => {
    const renamed = `${HEAD}m=audio 4000 RTP/AVP 0\r\na=rtpmap:0 GSM/8000\r\n`;
    expect(readOffer(renamed).sdpWith(['pcmu'])).toBeNull();
    expect(readOffer(renamed).sdpWith(['gsm'])).toBe(renamed);
  });

  it('leaves video, fax and refused streams as they are', () => {
    const rest = 'm=video 4002 RTP/AVP 97\r\na=rtpmap:97 H264/90000\r\nm=image 4004 udptl t38\r\nm=audio 0 RTP/AVP 3\r\n';
    expect(readOffer(AUDIO + rest).sdpWith(['pcmu'])).toContain(rest);
  });

  it.each([
    ['RTP/AVP', false],
    ['RTP/AVPF', false],
    ['RTP/SAVP', true],
    ['RTP/SAVPF', true],
    ['UDP/TLS/RTP/SAVPF', true],
    ['RTP/SAVPX', false],
    ['xSAVP', false],
  ])('%s is encrypted: %s', (profile, secure) => {
    expect(readOffer(AUDIO.replace('RTP/AVP', profile)).media).toEqual([{ kind: 'audio', secure }]);
  });

  it('leaves a subset of what was offered, in the order of the list, whatever the offer', () => {
    const codec = fc.constantFrom<Codec>(...CODEC_NAMES);
    const list = fc.uniqueArray(codec, { minLength: 1 });
    const payloadOf = (c: Codec): string => String(CODECS[c].payload ?? 96 + CODEC_NAMES.indexOf(c));
    fc.assert(
      fc.property(list, list, fc.boolean(), (offered, allowed, crlf) => {
        const lines = offered.map((c) => `a=rtpmap:${payloadOf(c)} ${CODECS[c].name}/${CODECS[c].clockHz}\r\n`).join('');
        const offer = `${HEAD}m=audio 4000 RTP/AVP ${offered.map(payloadOf).join(' ')}\r\n${lines}a=ptime:20\r\n`;
        const sdp = readOffer(crlf ? offer : offer.replaceAll('\r', '')).sdpWith(allowed);
        const left = allowed.filter((c) => offered.includes(c));
        if (left.length === 0) return expect(sdp).toBeNull();
        expect(/RTP\/AVP ([0-9 ]+)/.exec(sdp!)?.[1]).toBe(left.map(payloadOf).join(' '));
        expect((sdp!.match(/a=rtpmap/g) ?? []).length).toBe(left.length);
        expect(readOffer(sdp!).sdpWith(allowed)).toBe(sdp);
      }),
      { numRuns: 1000 },
    );
  });

  it('takes any text without throwing, and finds at most sixteen streams in it', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.constant('\nm=audio 1 RTP/AVP 0'.repeat(40)),
      fc.constant(AUDIO),
    );
    fc.assert(
      fc.property(text, text, (a, b) => {
        const offer = readOffer(a + b);
        offer.sdpWith(['pcmu']);
        expect(offer.media.length).toBeLessThanOrEqual(16);
      }),
      { numRuns: 1000 },
    );
  });
});
