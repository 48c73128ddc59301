import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { camelKeys } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Allow, HeedsIfMatch, Problems, Returns, Tenant, idIn, pageOut, pageQuery } from '@trunkline/platform';
import { z } from 'zod';
import { ApiKeyQueries } from './api-key-queries.ts';
import { apiKeyChange, apiKeyOut, apiKeyToWire, createdApiKeyOut, keyRotation, newApiKey } from './api-keys.schema.ts';
import { CreateApiKey } from './create-api-key.ts';
import type { NewApiKey } from './create-api-key.ts';
import { RevokeApiKey } from './revoke-api-key.ts';
import { RotateApiKey } from './rotate-api-key.ts';
import { UpdateApiKey } from './update-api-key.ts';

const page = z.strictObject(pageQuery);
const id = idIn('apiKey');

@ApiTags('API keys')
@Controller('v1/api-keys')
export class ApiKeysController {
  constructor(
    private readonly create: CreateApiKey,
    private readonly update: UpdateApiKey,
    private readonly rotateKey: RotateApiKey,
    private readonly revokeKey: RevokeApiKey,
    private readonly queries: ApiKeyQueries,
  ) {}

  @Post()
  @Allow('api_keys:write')
  @ApiOperation({ operationId: 'createApiKey', summary: 'Create an API key' })
  @Returns(201, createdApiKeyOut, 'Created, with its secret')
  @Problems(400, 403, 409, 422)
  async post(@Tenant() ctx: TenantContext, @Body({ schema: newApiKey }) body: z.infer<typeof newApiKey>) {
    const { secret, ...key } = await this.create.execute(ctx, camelKeys(body));
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

  @Get(':id')
  @Allow('api_keys:read')
  @ApiOperation({ operationId: 'getApiKey', summary: 'Get an API key' })
  @Returns(200, apiKeyOut, 'The key, without its secret')
  @Problems(403, 404)
  async get(@Tenant() ctx: TenantContext, @Param('id', { schema: id }) keyId: string) {
    return apiKeyToWire(await this.queries.byId(ctx, keyId));
  }

  @Patch(':id')
  @Allow('api_keys:write')
  @HeedsIfMatch()
  @ApiOperation({ operationId: 'updateApiKey', summary: 'Change what an API key may do, from where and until when' })
  @Returns(200, apiKeyOut, 'The changed key')
  @Problems(400, 403, 404, 409)
  async patch(
    @Tenant() ctx: TenantContext,
    @Param('id', { schema: id }) keyId: string,
    @Body({ schema: apiKeyChange }) body: z.infer<typeof apiKeyChange>,
  ) {
    return apiKeyToWire(await this.update.execute(ctx, keyId, camelKeys(body) as Partial<NewApiKey>));
  }

  @Post(':id/rotate')
  @Allow('api_keys:write')
  @HeedsIfMatch()
  @ApiOperation({ operationId: 'rotateApiKey', summary: 'Give an API key a new secret; the old one stays valid for a while' })
  @Returns(200, createdApiKeyOut, 'The key with its new secret')
  @Problems(400, 403, 404, 409, 422)
  async rotate(
    @Tenant() ctx: TenantContext,
    @Param('id', { schema: id }) keyId: string,
    @Body({ schema: keyRotation }) body: z.infer<typeof keyRotation>,
  ) {
    const { secret, ...key } = await this.rotateKey.execute(ctx, keyId, body.overlap_secs);
    return { ...apiKeyToWire(key), secret };
  }

  @Post(':id/revoke')
  @Allow('api_keys:write')
  @HeedsIfMatch()
  @ApiOperation({ operationId: 'revokeApiKey', summary: 'Revoke an API key at once, with every secret it has' })
  @Returns(200, apiKeyOut, 'The revoked key')
  @Problems(403, 404)
  async revoke(@Tenant() ctx: TenantContext, @Param('id', { schema: id }) keyId: string) {
    await this.revokeKey.execute(ctx, keyId);
    return apiKeyToWire(await this.queries.byId(ctx, keyId));
  }
}
