import { setTimeout as sleep } from 'node:timers/promises';
import { SipPeer, digestAnswer, header } from '@trunkline/testing/sip';
import { RawPhone } from './raw-phone.ts';

const LINGER_SECS = 1; // for the last answers

/** Without credentials, or with a password that is none for each nonce that it is given. */
export type FloodKind = 'asks' | 'guesses';
export type FloodResult = {
  readonly kind: FloodKind;
  readonly sent: number;
  readonly answered: number;
  readonly lastAnswerSecs: number; // after the first REGISTER
};

/** REGISTERs from one address, evenly paced, whether answered or not. */
export const registerFlood = async (
  kind: FloodKind,
  { from, edge, perSecond, seconds }: { from: string; edge: string; perSecond: number; seconds: number },
): Promise<FloodResult> => {
  const peer = await SipPeer.open(from, 5060);
  const phone = new RawPhone(peer, edge, 'mallory');
  const uri = `sip:${edge}`;
  const began = performance.now();
  const elapsedMs = (): number => performance.now() - began;
  let [sent, answered, lastAnswerMs] = [0, 0, 0];
  const send = (): void => {
    const challenge = header(peer.replies.at(-1) ?? { startLine: '', headers: [] }, 'www-authenticate');
    const guess = kind === 'guesses' && challenge ? digestAnswer(challenge, 'REGISTER', uri, 'bench', `guess-${sent}`) : undefined;
    const extra = guess === undefined ? [] : [['Authorization', guess] as const];
    peer.send(phone.request({ method: 'REGISTER', uri, cseq: ++sent, extra }), edge);
  };
  while (sent < seconds * perSecond || elapsedMs() < (seconds + LINGER_SECS) * 1000) {
    while (sent < Math.min(seconds, elapsedMs() / 1000) * perSecond) send();
    await sleep(1000 / perSecond / 2);
    if (peer.replies.length > answered) [answered, lastAnswerMs] = [peer.replies.length, elapsedMs()];
  }
  peer.close();
  return { kind, sent, answered, lastAnswerSecs: lastAnswerMs / 1000 };
};
