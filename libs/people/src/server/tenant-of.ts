import type { Context } from '@trunkline/kernel';
import { PLATFORM_TENANT_ID } from '@trunkline/platform';

/** Whose members are meant: the tenant's, or the operator's staff. */
export const tenantOf = (ctx: Context): string => (ctx.kind === 'tenant' ? ctx.tenantId : PLATFORM_TENANT_ID);
