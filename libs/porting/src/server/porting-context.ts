import { tenantContext } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';

/** The carrier and the clock act on a tenant's orders within its own rows. */
export const portingContext = (tenantId: string): TenantContext =>
  tenantContext(tenantId, { type: 'system', id: 'porting' }, 'job:porting');
