import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { ClamdScan } from './clamd-scan.ts';
import { EmulatedScan } from './virus-scan.ts';

const EICAR = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('');

it('the emulation finds the EICAR test file and nothing else', async () => {
  expect(await new EmulatedScan().scan(Buffer.from(`%PDF-${EICAR}`))).toBe('Eicar-Test-Signature');
  expect(await new EmulatedScan().scan(Buffer.from('%PDF-1.7'))).toBeNull();
});

describe('clamd, by its protocol', () => {
  let server: Server;
  let answer: string | null;
  const received: Buffer[] = [];

  /** What a stream of chunks comes to; undefined: it has not ended yet. */
  const unchunked = (data: Buffer): Buffer | undefined => {
    const parts: Buffer[] = [];
    for (let at = 'zINSTREAM\0'.length; at + 4 <= data.length;) {
      const length = data.readUInt32BE(at);
      if (length === 0) return Buffer.concat(parts);
      parts.push(data.subarray(at + 4, at + 4 + length));
      at += 4 + length;
    }
    return undefined;
  };
  beforeAll(async () => {
    server = createServer((socket) => {
      let data = Buffer.alloc(0);
      socket.on('data', (part: Buffer) => {
        data = Buffer.concat([data, part]);
        const whole = data.subarray(0, 10).toString() === 'zINSTREAM\0' ? unchunked(data) : undefined;
        if (!whole) return;
        received.push(whole);
        if (answer === null) socket.destroy();
        else socket.end(answer);
      });
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  const scan = (bytes: Buffer) => new ClamdScan(`127.0.0.1:${(server.address() as AddressInfo).port}`).scan(bytes);

  it('is sent all bytes, and says what it found', async () => {
    const bytes = Buffer.alloc(200_000, 'abc');
    answer = 'stream: OK\0';
    expect(await scan(bytes)).toBeNull();
    expect(received.at(-1)?.equals(bytes)).toBe(true);
    answer = 'stream: Win.Test.EICAR_HDB-1 FOUND\0';
    expect(await scan(Buffer.from(EICAR))).toBe('Win.Test.EICAR_HDB-1');
  });

  it('that does not say that it looked has not looked', async () => {
    for (const fault of ['INSTREAM size limit exceeded. ERROR\0', '', null]) {
      answer = fault;
      await expect(scan(Buffer.from('x'))).rejects.toThrow('did not scan');
    }
    await expect(new ClamdScan('127.0.0.1:1').scan(Buffer.from('x'))).rejects.toThrow('ECONNREFUSED');
  });
});
