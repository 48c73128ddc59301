/**
 * The wire format of Kamailio's `ctl` module (binrpc, version 1): a header `A1`, flags and lengths, total length, cookie; then tagged
 * values. Spelt out here because the JSON-RPC of Kamailio needs datagram sockets of the file system, which Node does not have.
 */
export type RpcValue = number | string | readonly RpcValue[] | { readonly [name: string]: RpcValue };
export type RpcReply = { readonly cookie: number; readonly fault: boolean; readonly values: readonly RpcValue[] };

const TYPE = { int: 0, string: 1, double: 2, struct: 3, array: 4, name: 5, bytes: 6 } as const;
const REPLY_FAULT = 3;

const bigEndian = (value: number): number[] => {
  const bytes: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return bytes.length === 0 ? [0] : bytes;
};

const encodeString = (text: string): Buffer => {
  const body = Buffer.from(`${text}\0`);
  const length = body.length < 8 ? [] : bigEndian(body.length);
  const tag = ((length.length === 0 ? body.length : length.length | 8) << 4) | TYPE.string;
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
};

/** A request: the method and its arguments, all strings. `cookie` comes back in the reply. */
export const encodeRequest = (cookie: number, method: string, args: readonly string[]): Buffer => {
  const body = Buffer.concat([method, ...args].map(encodeString));
  const length = bigEndian(body.length);
  const id = bigEndian(cookie);
  return Buffer.concat([Buffer.from([0xa1, ((length.length - 1) << 2) | (id.length - 1), ...length, ...id]), body]);
};

const readInt = (bytes: Buffer, at: number, length: number): number => {
  let value = 0;
  for (let i = 0; i < length; i++) value = value * 256 + bytes[at + i]!;
  return value;
};

/** Takes one whole reply off the front of `bytes`; undefined when it is not all there yet. */
export const takeReply = (bytes: Buffer): { reply: RpcReply; rest: Buffer } | undefined => {
  if (bytes.length < 2) return undefined;
  if (bytes[0] !== 0xa1) throw new Error('binrpc: no reply header');
  const lengthBytes = ((bytes[1]! >> 2) & 3) + 1;
  const cookieBytes = (bytes[1]! & 3) + 1;
  const start = 2 + lengthBytes + cookieBytes;
  if (bytes.length < start) return undefined;
  const end = start + readInt(bytes, 2, lengthBytes);
  if (bytes.length < end) return undefined;
  const reader = new ValueReader(bytes.subarray(start, end));
  const reply = { cookie: readInt(bytes, 2 + lengthBytes, cookieBytes), fault: bytes[1]! >> 4 === REPLY_FAULT, values: reader.list() };
  return { reply, rest: bytes.subarray(end) };
};

class ValueReader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  /** Values up to the end, or up to the tag that closes the list. */
  list(): RpcValue[] {
    const values: RpcValue[] = [];
    while (this.at < this.bytes.length && !this.closes()) values.push(this.value());
    this.at++;
    return values;
  }

  /** 0x83 or 0x84: an extended size of no bytes marks an end. */
  private closes(): boolean {
    const tag = this.bytes[this.at]!;
    return tag >> 4 === 8 && ((tag & 15) === TYPE.struct || (tag & 15) === TYPE.array);
  }

  private value(): RpcValue {
    const tag = this.bytes[this.at++]!;
    const type = tag & 15;
    if (type === TYPE.struct) return this.struct();
    if (type === TYPE.array) return this.list();
    let length = (tag >> 4) & 7;
    if (tag & 0x80) {
      const sizeBytes = length;
      length = readInt(this.bytes, this.at, sizeBytes);
      this.at += sizeBytes;
    }
    const from = this.at;
    this.at += length;
    if (type === TYPE.int) return readInt(this.bytes, from, length) | 0;
    if (type === TYPE.double) return (readInt(this.bytes, from, length) | 0) / 1000;
    return this.bytes.toString('utf8', from, type === TYPE.bytes ? this.at : this.at - 1);
  }

  private struct(): RpcValue {
    const fields: Record<string, RpcValue> = {};
    while (this.at < this.bytes.length && !this.closes()) fields[String(this.value())] = this.value();
    this.at++;
    return fields;
  }
}
