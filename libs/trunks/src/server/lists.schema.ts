import { networksOverlap, toPublicId } from '@trunkline/kernel';
import { idOut, ipv4NetworkIn, text, timestampOut } from '@trunkline/platform';
import { z } from 'zod';
import type { CredentialList, IpList } from './lists.sql.ts';

const name = text(80).describe('Unique among the tenant’s lists of this kind').meta({ example: 'Head office' });
const networks = z
  .array(ipv4NetworkIn(24))
  .min(1)
  .max(100)
  .refine((list) => list.every((a, i) => list.every((b, j) => i === j || !networksOverlap(a, b))), 'names an address twice')
  .describe('IPv4 addresses and networks');

export const newIpList = z.strictObject({ name, networks }).meta({ id: 'NewIpList' });
export type NewIpListBody = z.infer<typeof newIpList>;
export const ipListChange = z.strictObject({ name, networks }).partial().meta({ id: 'IpListChange' });
export type IpListChangeBody = z.infer<typeof ipListChange>;

export const newCredentialList = z.strictObject({ name }).meta({ id: 'NewCredentialList' });
export type NewCredentialListBody = z.infer<typeof newCredentialList>;
export const credentialListChange = z.strictObject({ name }).partial().meta({ id: 'CredentialListChange' });
export type CredentialListChangeBody = z.infer<typeof credentialListChange>;

const rest = {
  trunk_ids: z.array(idOut('trunk')).describe('The trunks that use it'),
  revision: z.int(),
  created_at: timestampOut(),
  updated_at: timestampOut(),
};
export const ipListOut = z
  .strictObject({ id: idOut('ipList'), object: z.literal('ip_list'), name: z.string(), networks: z.array(z.string()), ...rest })
  .meta({ id: 'IpList' });
export const credentialListOut = z
  .strictObject({ id: idOut('credentialList'), object: z.literal('credential_list'), name: z.string(), ...rest })
  .meta({ id: 'CredentialList' });

const restToWire = ({ trunkIds, revision, createdAt, updatedAt }: CredentialList) => ({
  trunk_ids: trunkIds.map((id) => toPublicId('trunk', id)),
  revision,
  created_at: createdAt.toISOString(),
  updated_at: updatedAt.toISOString(),
});
export const ipListToWire = (l: IpList): z.infer<typeof ipListOut> => ({
  ...{ id: toPublicId('ipList', l.id), object: 'ip_list', name: l.name, networks: [...l.networks] },
  ...restToWire(l),
});
export const credentialListToWire = (l: CredentialList): z.infer<typeof credentialListOut> => ({
  ...{ id: toPublicId('credentialList', l.id), object: 'credential_list', name: l.name },
  ...restToWire(l),
});
