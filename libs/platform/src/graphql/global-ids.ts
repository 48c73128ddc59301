import { ID_PREFIXES, fromPublicId, notFound, toPublicId } from '@trunkline/kernel';
import type { IdKind } from '@trunkline/kernel';

/** The types that `node(id:)` finds, by the kind of their TypeID. */
const KINDS: Readonly<Record<string, IdKind>> = {
  Tenant: 'tenant',
  Carrier: 'carrier',
  Edge: 'edge',
  Trunk: 'trunk',
  IpList: 'ipList',
  CredentialList: 'credentialList',
  Number: 'number',
  NumberOrder: 'numberOrder',
  Call: 'cdr',
  ChannelPool: 'channelPool',
  ChannelOrder: 'channelOrder',
  ChannelGroup: 'channelGroup',
  Invoice: 'invoice',
  TopUp: 'topUp',
  Deck: 'deck',
  CallExport: 'callExport',
  CdrIssue: 'cdrIssue',
  WebhookEndpoint: 'webhookEndpoint',
  WebhookDelivery: 'webhookDelivery',
};

/** The global ids of the graph are the TypeIDs of REST. */
export const encodeGlobalID = (typename: string, uuid: string): string => {
  const kind = KINDS[typename];
  if (!kind) throw new Error(`${typename} has no kind of id`);
  return toPublicId(kind, uuid);
};

/** @throws AppError resource.not_found for whatever is no id of a type above, as for one that nobody has */
export const decodeGlobalID = (text: string): { typename: string; id: string } => {
  const prefix = text.slice(0, text.indexOf('_'));
  const [typename, kind] = Object.entries(KINDS).find(([, k]) => ID_PREFIXES[k] === prefix) ?? [];
  const id = kind && fromPublicId(kind, text);
  if (!typename || !id) throw notFound();
  return { typename, id };
};

/** The uuid of an id that has to be of one kind. @throws AppError resource.not_found, as for one that nobody has */
export const uuidOf = (kind: IdKind, text: string): string => {
  const uuid = fromPublicId(kind, text);
  if (uuid === undefined) throw notFound();
  return uuid;
};
