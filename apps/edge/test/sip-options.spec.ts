import { SipPeer, header } from '@trunkline/testing/sip';
import { SipOptions } from '../agent/sip-options.ts';

const NET = '127.0.60';
let options: SipOptions;
let peer: SipPeer;
beforeAll(async () => {
  options = await SipOptions.open(`${NET}.207`);
  peer = await SipPeer.open(`${NET}.14`, 5060);
});
afterAll(() => [options, peer].forEach((o) => o.close()));

describe('asking by OPTIONS', () => {
  it.each([
    [200, true],
    [404, true],
    [486, true],
    [501, true],
    [503, false],
  ])('an answer of %i: %s', async (status, expected) => {
    peer.answerOther = () => status;
    expect(await options.isAnswering(`${NET}.14`)).toBe(expected);
  });

  it('is repeated when a packet is lost, under one Call-ID', async () => {
    peer.received.length = 0;
    peer.answerOther = () => (peer.received.length === 1 ? null : 200);
    expect(await options.isAnswering(`${NET}.14:5060`)).toBe(true);
    expect(new Set(peer.received.map((m) => header(m, 'call-id'))).size).toBe(1);
    expect(peer.received.length).toBeGreaterThan(1);
  });

  it.each([
    ['silence', `${NET}.15:5060`],
    ['a name that does not exist', 'nowhere.invalid'],
    ['a port that is none', `${NET}.14:99999`],
  ])('%s is no answer', async (_, target) => expect(await options.isAnswering(target)).toBe(false));

  it('gives up when it is closed', async () => {
    const closing = await SipOptions.open(`${NET}.207`);
    const answer = closing.isAnswering(`${NET}.15:5060`);
    closing.close();
    expect(await answer).toBe(false);
  });
});
