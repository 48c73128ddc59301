import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { toPublicId } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Allow, Problems, Returns, SCOPES, Tenant, idIn, idOut, pageOut, pageQuery, text, timestampOut } from '@trunkline/platform';
import { z } from 'zod';
import { ApiKeyQueries } from './api-key-queries.ts';
import type { ApiKey } from './api-key-queries.ts';
import { CreateApiKey } from './create-api-key.ts';
import { RevokeApiKey } from './revoke-api-key.ts';

export const newKey = z
  .strictObject({
    name: text(80).meta({ example: 'billing export' }),
    scopes: z.array(z.enum(SCOPES)).min(1).max(SCOPES.length),
    expires_at: z.iso.datetime().nullable().default(null),
  })
  .meta({ id: 'NewApiKey' });

export const apiKeyOut = z
  .strictObject({
    id: idOut('apiKey'),
    object: z.literal('api_key'),
    name: z.string(),
    hint: z.string().describe('What may be shown of the secret'),
    scopes: z.array(z.string()),
    expires_at: timestampOut().nullable(),
    revoked_at: timestampOut().nullable(),
    created_at: timestampOut(),
  })
  .meta({ id: 'ApiKey' });
const createdKey = apiKeyOut.extend({ secret: z.string().describe('The bearer key. Shown this once') }).meta({ id: 'CreatedApiKey' });

export const apiKeyToWire = (k: ApiKey): z.infer<typeof apiKeyOut> => ({
  id: toPublicId('apiKey', k.id),
  object: 'api_key',
  name: k.name,
  hint: k.hint,
  scopes: [...k.scopes],
  expires_at: k.expiresAt?.toISOString() ?? null,
  revoked_at: k.revokedAt?.toISOString() ?? null,
  created_at: k.createdAt.toISOString(),
});

export const newKeyOf = ({ name, scopes, expires_at: at }: z.infer<typeof newKey>) => ({
  name,
  scopes,
  expiresAt: at === null ? null : new Date(at),
});

const page = z.strictObject(pageQuery);

@ApiTags('API keys')
@Controller('v1/api-keys')
export class ApiKeysController {
  constructor(
    private readonly create: CreateApiKey,
    private readonly revokeKey: RevokeApiKey,
    private readonly queries: ApiKeyQueries,
  ) {}

  @Post()
  @Allow('api_keys:write')
  @ApiOperation({ operationId: 'createApiKey', summary: 'Create an API key' })
  @Returns(201, createdKey, 'Created, with its secret')
  @Problems(400, 403, 409, 422)
  async post(@Tenant() ctx: TenantContext, @Body({ schema: newKey }) body: z.infer<typeof newKey>) {
    const { secret, ...key } = await this.create.execute(ctx, newKeyOf(body));
    return { ...apiKeyToWire(key), secret };
  }

  @Get()
  @Allow('api_keys:read')
  @ApiOperation({ operationId: 'listApiKeys', summary: 'List API keys' })
  @Returns(200, pageOut(apiKeyOut, 'ApiKeyPage'), 'A page')
  @Problems(400, 403)
  async list(@Tenant() ctx: TenantContext, @Query({ schema: page }) query: z.infer<typeof page>) {
    const { data, nextCursor } = await this.queries.list(ctx, query);
    return { data: data.map(apiKeyToWire), next_cursor: nextCursor };
  }

  @Post(':id/revoke')
  @Allow('api_keys:write')
  @ApiOperation({ operationId: 'revokeApiKey', summary: 'Revoke an API key at once' })
  @Returns(200, apiKeyOut, 'The revoked key')
  @Problems(403, 404)
  async revoke(@Tenant() ctx: TenantContext, @Param('id', { schema: idIn('apiKey') }) id: string) {
    await this.revokeKey.execute(ctx, id);
    return apiKeyToWire(await this.queries.byId(ctx, id));
  }
}
