import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** A passkey in software, as a browser hands it on (`PublicKeyCredential.toJSON()`): P-256, attestation `none`. */
export type SoftwarePasskey = {
  readonly id: string;
  /** How often it says that it has signed. */
  counter: number;
  create(options: Options, origin?: string): object;
  sign(options: Options, origin?: string): object;
};
type Options = { readonly challenge: string; readonly rp?: { readonly id?: string }; readonly rpId?: string };

const USER_PRESENT = 0x01;
const ATTESTED = 0x40;
const sha256 = (data: string | Buffer): Buffer => createHash('sha256').update(data).digest();
const short = (n: number): Buffer => Buffer.from([n >> 8, n & 0xff]);
const long = (n: number): Buffer => Buffer.from([n >>> 24, (n >> 16) & 0xff, (n >> 8) & 0xff, n & 0xff]);
const word = (text: string): Buffer => Buffer.concat([Buffer.of(0x60 + text.length), Buffer.from(text)]); // CBOR, RFC 8949 §3.1

const clientData = (type: string, { challenge }: Options, origin: string): Buffer =>
  Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));

export const softwarePasskey = (ownOrigin: string): SoftwarePasskey => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const credentialId = randomBytes(32);
  const id = credentialId.toString('base64url');
  // {1: EC2, 3: ES256, -1: P-256, -2: x, -3: y}
  const cose = Buffer.concat([
    Buffer.from('a5010203262001215820', 'hex'),
    Buffer.from(x, 'base64url'),
    Buffer.from('225820', 'hex'),
    Buffer.from(y, 'base64url'),
  ]);
  const told = (response: Record<string, Buffer>) => ({
    id,
    rawId: id,
    type: 'public-key',
    authenticatorAttachment: 'platform',
    clientExtensionResults: {},
    response: Object.fromEntries(Object.entries(response).map(([key, bytes]) => [key, bytes.toString('base64url')])),
  });
  const passkey: SoftwarePasskey = {
    id,
    counter: 0,
    create: (options, origin = ownOrigin) => {
      const head = [sha256(options.rp?.id ?? ''), Buffer.of(USER_PRESENT | ATTESTED), long(passkey.counter)];
      const authData = Buffer.concat([...head, Buffer.alloc(16), short(credentialId.length), credentialId, cose]);
      const attestation = [Buffer.of(0xa3), word('fmt'), word('none'), word('attStmt'), Buffer.of(0xa0), word('authData')];
      const attestationObject = Buffer.concat([...attestation, Buffer.of(0x59), short(authData.length), authData]);
      return told({ clientDataJSON: clientData('webauthn.create', options, origin), attestationObject });
    },
    sign: (options, origin = ownOrigin) => {
      passkey.counter += 1;
      const authenticatorData = Buffer.concat([sha256(options.rpId ?? ''), Buffer.of(USER_PRESENT), long(passkey.counter)]);
      const clientDataJSON = clientData('webauthn.get', options, origin);
      const signature = sign('sha256', Buffer.concat([authenticatorData, sha256(clientDataJSON)]), privateKey);
      return told({ clientDataJSON, authenticatorData, signature });
    },
  };
  return passkey;
};
