// A carrier that asks for a number again and again until the edge takes the call. Stateless: a request out, a reply in.
import { randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const GIVE_UP_MS = 30_000;

const requestOf = (method, { callId, user, from, edge, to }) =>
  [
    `${method} sip:${user}@${edge} SIP/2.0`,
    `Via: SIP/2.0/UDP ${from};branch=z9hG4bK${callId};rport`,
    `From: <sip:+12125550199@${from}>;tag=${callId}`,
    `To: ${to ?? `<sip:${user}@${edge}>`}`,
    `Call-ID: ${callId}`,
    `CSeq: 1 ${method}`,
    `Contact: <sip:probe@${from}>`,
    'Max-Forwards: 70',
    'Content-Length: 0',
    '\r\n',
  ].join('\r\n');

const field = (text, name) => new RegExp(`^${name}:\\s*(.*?)\\r?$`, 'im').exec(text)?.[1];

/** @param options `{from: 'ip:port', edge: 'ip:port', declined, everyMs}`; declined: the status with which the far end refuses every call */
export async function inviteProbe({ from, edge, declined, everyMs = 2 }) {
  const socket = createSocket('udp4');
  const [ip, port] = from.split(':');
  const [edgeIp, edgePort] = edge.split(':');
  socket.bind(Number(port), ip);
  await once(socket, 'listening');
  const send = (text) => socket.send(text, Number(edgePort), edgeIp);
  let user; //  what is asked for now
  let onReply = () => {};
  socket.on('message', (data) => {
    const reply = data.toString('latin1');
    const status = Number(reply.slice(8, 11));
    const callId = field(reply, 'Call-ID');
    if (status >= 200) send(requestOf('ACK', { callId, user: callId.split('_')[1], from, edge, to: field(reply, 'To') }));
    if (callId.split('_')[1] === user) onReply(status);
  });

  /**
   * Sends INVITEs for the number, a new call every `everyMs`, until one is carried: the edge says 100 or passes the far end's answer on.
   * @returns `{ms, invites}`: from the call of this function to that answer
   * @throws on any answer but that and 404
   */
  function untilTaken(number) {
    const start = performance.now();
    user = number;
    let invites = 0;
    const invite = () => {
      invites += 1;
      send(requestOf('INVITE', { callId: `${randomUUID()}_${number}`, user: number, from, edge }));
    };
    return new Promise((resolve, reject) => {
      const end = (settle, value) => {
        clearInterval(timer);
        clearTimeout(deadline);
        onReply = () => {};
        settle(value);
      };
      const timer = setInterval(invite, everyMs);
      const deadline = setTimeout(() => end(reject, new Error(`no call to ${number} was taken within ${GIVE_UP_MS / 1000} s`)), GIVE_UP_MS);
      onReply = (status) => {
        if (status === 404) return;
        if (status < 200 || status === declined) end(resolve, { ms: performance.now() - start, invites });
        else end(reject, new Error(`a call to ${number} was answered ${status}`));
      };
      invite();
    });
  }
  return { untilTaken, stop: () => socket.close() };
}
