import { connect, type Socket } from 'node:net';
import { encodeRequest, takeReply, type RpcValue } from './binrpc.ts';

type Waiting = { resolve: (values: readonly RpcValue[]) => void; reject: (error: Error) => void; timer: NodeJS.Timeout };

/** Kamailio answered, and said no. */
export class RpcFault extends Error {}

const MAX_COOKIE = 0x3fffffff;

/** Calls into the running Kamailio over its control socket. Connects when first needed and again after a break; calls may overlap. */
export class KamailioRpc {
  private socket: Socket | undefined;
  private received = Buffer.alloc(0);
  private readonly waiting = new Map<number, Waiting>();
  private cookie = 0;

  constructor(
    private readonly socketPath: string,
    private readonly timeoutMs = 60_000,
  ) {}

  /** @throws RpcFault when Kamailio refuses, Error when it cannot be reached or does not answer in time */
  call(method: string, ...args: string[]): Promise<readonly RpcValue[]> {
    return new Promise((resolve, reject) => {
      const cookie = (this.cookie = (this.cookie % MAX_COOKIE) + 1);
      const timer = setTimeout(() => this.break(new Error(`kamailio did not answer ${method}`)), this.timeoutMs);
      this.waiting.set(cookie, { resolve, reject, timer });
      this.connection().write(encodeRequest(cookie, method, args));
    });
  }

  close(): void {
    this.break(new Error('closed'));
  }

  private connection(): Socket {
    if (this.socket) return this.socket;
    const socket = connect(this.socketPath);
    socket.on('data', (chunk) => this.onData(chunk));
    socket.on('error', (error) => this.break(error, socket));
    socket.on('close', () => this.break(new Error('kamailio closed its control socket'), socket));
    this.received = Buffer.alloc(0);
    return (this.socket = socket);
  }

  private onData(chunk: Buffer): void {
    this.received = Buffer.concat([this.received, chunk]);
    for (let taken = takeReply(this.received); taken; taken = takeReply(this.received)) {
      this.received = Buffer.from(taken.rest);
      const { cookie, fault, values } = taken.reply;
      const waiting = this.waiting.get(cookie);
      if (!waiting) continue;
      this.waiting.delete(cookie);
      clearTimeout(waiting.timer);
      if (fault) waiting.reject(new RpcFault(values.join(' ')));
      else waiting.resolve(values);
    }
  }

  /** Everything in flight fails; the next call connects anew. */
  private break(error: Error, socket = this.socket): void {
    if (socket !== this.socket) return;
    this.socket = undefined;
    socket?.destroy();
    for (const { reject, timer } of this.waiting.values()) {
      clearTimeout(timer);
      reject(error);
    }
    this.waiting.clear();
  }
}
