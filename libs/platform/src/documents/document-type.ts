/** What a document may be, and the first bytes by which it is known whatever it claims to be. */
export const DOCUMENT_TYPES = {
  'application/pdf': [[0x25, 0x50, 0x44, 0x46, 0x2d]],
  'image/png': [[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  'image/jpeg': [[0xff, 0xd8, 0xff]],
  'image/tiff': [
    [0x49, 0x49, 0x2a, 0x00],
    [0x4d, 0x4d, 0x00, 0x2a],
  ],
} as const satisfies Readonly<Record<string, readonly (readonly number[])[]>>;
export type DocumentType = keyof typeof DOCUMENT_TYPES;

export const documentTypeOf = (bytes: Uint8Array): DocumentType | undefined =>
  (Object.keys(DOCUMENT_TYPES) as DocumentType[]).find((type) =>
    DOCUMENT_TYPES[type].some((start) => start.every((byte, i) => bytes[i] === byte)),
  );
