import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * What a bad network does to what passes, in both directions. `latencyMs`: each piece waits so long; `bytesPerSecond`: it drips; `halfOpen`: both
 * ends believe in the connection, and nothing arrives until that ends.
 */
export type NetFault = { readonly latencyMs?: number; readonly bytesPerSecond?: number; readonly halfOpen?: boolean };

const STEP_MS = 20;
type Target = { readonly host: string; readonly port: number };
const targetOf = (address: string): Target => {
  const [host = '', port] = address.split(':');
  return { host, port: Number(port) };
};

/** A TCP proxy before one server, on a network that can be made slow, narrow, half-open or cut while it runs. */
export class NetProxy {
  private readonly sockets = new Set<Socket>();
  private fault: NetFault = {};
  private isCut = false;

  private constructor(
    private readonly server: Server,
    private target: Target,
  ) {
    server.on('connection', (client) => this.join(client));
  }

  /** @param target `host:port` of the server. @param host where to listen, at a port that is free */
  static async open(target: string, host = '127.0.0.1'): Promise<NetProxy> {
    const server = createServer().listen(0, host);
    await once(server, 'listening');
    return new NetProxy(server, targetOf(target));
  }

  /** `host:port`, to connect to instead of the server. */
  get address(): string {
    const { address, port } = this.server.address() as AddressInfo;
    return `${address}:${port}`;
  }

  /** Connections to come go to that `host:port`; those that are there stay where they are. */
  leadTo(target: string): void {
    this.target = targetOf(target);
  }

  /** From now on, for connections that are there and those to come. No fault: as if there was no proxy. */
  become(fault: NetFault): void {
    this.fault = fault;
    this.isCut = false;
  }

  /** Breaks all connections and takes no more, until it becomes something else. */
  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(client: Socket): void {
    if (this.isCut) return void client.destroy();
    const server = connect(this.target);
    void this.carry(client, server);
    void this.carry(server, client);
  }

  /** Until one end is gone. What waits here is not read, so that a sender feels a line that takes nothing. */
  private async carry(from: Socket, to: Socket): Promise<void> {
    this.sockets.add(from);
    from.on('error', () => {}); // tells the loop, too
    try {
      for await (const chunk of from as AsyncIterable<Buffer>) await this.pass(chunk, to);
    } catch {
      // broken off
    }
    this.sockets.delete(from);
    while (this.fault.halfOpen && !this.isCut) await sleep(STEP_MS); // nor is the end of a connection heard of
    to.destroy();
  }

  private async pass(chunk: Buffer, to: Socket): Promise<void> {
    if (this.fault.latencyMs) await sleep(this.fault.latencyMs);
    for (let rest = chunk; rest.length > 0 && !to.destroyed;) {
      const { bytesPerSecond = Infinity, halfOpen } = this.fault;
      if (halfOpen || bytesPerSecond < Infinity) await sleep(STEP_MS);
      const size = Math.min(rest.length, Math.max(1, Math.floor((bytesPerSecond * STEP_MS) / 1000)));
      if (this.fault.halfOpen) continue;
      to.write(rest.subarray(0, size));
      rest = rest.subarray(size);
    }
  }
}
