import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** How a peer's messages travel. Text is ISO 8859-1, one character a byte. */
export type Wire = {
  readonly transport: 'UDP' | 'TCP' | 'TLS';
  readonly port: number; // ours
  send(text: string, to: string): void;
  receive(handler: (text: string) => void): void;
  close(): void;
};

export const udpWire = async (address: string, port: number): Promise<Wire> => {
  const socket = createSocket('udp4');
  socket.bind(port, address);
  await once(socket, 'listening');
  return {
    transport: 'UDP',
    port: socket.address().port,
    send: (text, to) => {
      const [host, toPort] = to.split(':');
      socket.send(Buffer.from(text, 'latin1'), Number(toPort ?? 5060), host);
    },
    receive: (handler) => void socket.on('message', (data) => handler(data.toString('latin1'))),
    close: () => void socket.close(),
  };
};

/** One connection that everything takes, whoever it is for. A certificate that signs itself will do. */
export const streamWire = async (transport: 'TCP' | 'TLS', localAddress: string, remote: string): Promise<Wire> => {
  const [host = '', port] = remote.split(':');
  const target = { host, port: Number(port), localAddress };
  const socket: Socket = transport === 'TLS' ? connectTls({ ...target, rejectUnauthorized: false } as object) : connectTcp(target);
  await once(socket, transport === 'TLS' ? 'secureConnect' : 'connect');
  socket.on('error', () => {}); // the far end may cut it off: what was asked then stays unanswered
  return {
    transport,
    port: socket.localPort ?? 0,
    send: (text) => void socket.write(Buffer.from(text, 'latin1')),
    receive: (handler) => receiveFramed(socket, handler),
    close: () => void socket.destroy(),
  };
};

/** Messages in a stream end where their Content-Length says (RFC 3261 §18.3). */
const receiveFramed = (socket: Socket, handler: (text: string) => void): void => {
  let received = '';
  socket.on('data', (data) => {
    received += data.toString('latin1');
    for (;;) {
      received = received.replace(/^[\r\n]+/, '');
      const head = received.indexOf('\r\n\r\n');
      if (head < 0) return;
      const end = head + 4 + Number(/^content-length: *(\d+)/im.exec(received.slice(0, head))?.[1] ?? 0);
      if (received.length < end) return;
      handler(received.slice(0, end));
      received = received.slice(end);
    }
  });
};
