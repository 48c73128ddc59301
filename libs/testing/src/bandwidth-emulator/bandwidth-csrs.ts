import { randomUUID } from 'node:crypto';
import { refusal } from './bandwidth-xml.ts';
import type { Reply, Xml } from './bandwidth-xml.ts';

/** A customer service record that was asked for: what the order said, and what the losing carrier did. */
export type BandwidthCsr = { readonly orderId: string; readonly order: Xml; status: string; data?: Xml; error?: string };

/** Answers one request about records; undefined: it is about something else. */
export const answerCsr = (csrs: BandwidthCsr[], method: string, path: string, said: Record<string, Xml>): Reply | undefined => {
  if (method === 'POST' && path === '/csrs') {
    const csr = { orderId: randomUUID(), order: said['Csr'] ?? {}, status: 'RECEIVED' };
    if (!/^[2-9]\d{9}$/.test(String(csr.order['WorkingOrBillingTelephoneNumber']))) return refusal(400, '26505', 'The TN is not valid');
    csrs.push(csr);
    return {
      status: 201,
      content: { CsrResponse: { OrderId: csr.orderId, Status: csr.status } },
      headers: { location: `/csrs/${csr.orderId}` },
    };
  }
  const [, id] = /^\/csrs\/([^/]+)$/.exec(path) ?? [];
  if (id === undefined) return undefined;
  const csr = csrs.find((c) => c.orderId === id);
  if (!csr) return refusal(404, '404', 'The order does not exist');
  const { orderId, status, data, error } = csr;
  const about = { LastModifiedBy: 'emulator', OrderCreateDate: '2026-03-02T15:00:00Z', AccountId: '9900000' };
  const Errors = error && { Error: { Code: '26500', Description: error } };
  return {
    status: 200,
    content: { CsrResponse: { ...about, OrderId: orderId, Status: status, ...(data && { CsrData: data }), ...(Errors && { Errors }) } },
  };
};
