import { XMLBuilder } from 'fast-xml-parser';

export type Xml = Readonly<Record<string, unknown>>;
export type Reply = { readonly status: number; readonly content?: Xml; readonly headers?: Readonly<Record<string, string>> };

const builder = new XMLBuilder({ suppressEmptyNode: true });
export const xml = (content: Xml): string => `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>${builder.build(content)}`;
export const refusal = (status: number, Code: string, Description: string): Reply => ({
  status,
  content: { LnpOrderResponse: { Errors: { Code, Description } } },
});
