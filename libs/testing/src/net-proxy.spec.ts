import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { NetProxy } from './net-proxy.ts';

/** A server that says everything back. */
let echo: Server;
let proxy: NetProxy;
beforeEach(async () => {
  echo = createServer((socket) => socket.on('error', () => {}).pipe(socket)).listen(0, '127.0.0.1');
  await once(echo, 'listening');
  proxy = await NetProxy.open(`127.0.0.1:${(echo.address() as AddressInfo).port}`);
});
afterEach(async () => {
  await proxy.close();
  echo.close();
});

const dial = async (): Promise<{ socket: Socket; heard: () => string }> => {
  const [host = '', port] = proxy.address.split(':');
  const socket = connect(Number(port), host).on('error', () => {});
  let text = '';
  socket.on('data', (chunk) => (text += chunk.toString()));
  await once(socket, 'connect');
  return { socket, heard: () => text };
};
const until = async (test: () => boolean) => {
  while (!test()) await new Promise((resolve) => setTimeout(resolve, 5));
};

it.each([{}, { latencyMs: 20 }, { bytesPerSecond: 200 }])('carries everything, in order: %j', async (fault) => {
  proxy.become(fault);
  const { socket, heard } = await dial();
  const text = 'abcdefgh'.repeat(10);
  socket.write(text);
  await until(() => heard() === text);
});

it('holds back what passes a half-open line, even its end, until it is mended', async () => {
  const { socket, heard } = await dial();
  socket.write('a');
  await until(() => heard() === 'a');
  proxy.become({ halfOpen: true });
  socket.write('b');
  const other = await dial();
  other.socket.write('c');
  proxy.become({ latencyMs: 1 });
  await until(() => heard() === 'ab' && other.heard() === 'c');
});

it('cuts, and lets nobody in until it is mended', async () => {
  const { socket } = await dial();
  proxy.cut();
  if (!socket.closed) await once(socket, 'close');
  const refused = await dial();
  if (!refused.socket.closed) await once(refused.socket, 'close');
  proxy.become({});
  const { socket: again, heard } = await dial();
  again.write('x');
  await until(() => heard() === 'x');
});
