import { Body, Controller, Delete, Get, Inject, Param, Put, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { TenantContext } from '@trunkline/kernel';
import { Allow, Problems, Public, Returns, Tenant, idIn, text, timestampOut } from '@trunkline/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { SSO_ROLES } from '../core/role-mapping.ts';
import { callerOf } from './caller.ts';
import { PEOPLE_CONFIG } from './people-config.ts';
import type { PeopleConfig } from './people-config.ts';
import { ACCEPTED, accepted } from './people.schema.ts';
import { awayCookie, awayIn, sessionCookie } from './session-cookie.ts';
import { SetSsoConnection } from './set-sso-connection.ts';
import { SsoLogIn } from './sso-log-in.ts';
import type { SsoConnection } from './sso.sql.ts';

const ssoRole = z.enum(SSO_ROLES);
const domain = z
  .string()
  .max(253)
  .regex(/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, 'must be a domain in lower case, e.g. example.com')
  .meta({ example: 'example.com' });

const connectionIn = z
  .strictObject({
    issuer: z.string().max(500).meta({ example: 'https://login.example.com' }),
    client_id: text(200),
    client_secret: text(500).optional().describe('Left out, the one there is stays'),
    allowed_domains: z.array(domain).min(1).max(50),
    role_claim: text(80).default('groups'),
    role_mapping: z
      .record(z.string().max(200), ssoRole)
      .default({})
      .describe('Value of the claim → role; of several the one that may do most'),
    default_role: ssoRole.nullable().default(null).describe('Of those to whom no value applies; null refuses them'),
    enabled: z.boolean().default(true),
  })
  .meta({ id: 'NewSsoConnection' });

export const connectionOut = z
  .strictObject({
    object: z.literal('sso_connection'),
    enabled: z.boolean(),
    issuer: z.string().nullable().describe('Null where there is none'),
    client_id: z.string().nullable(),
    allowed_domains: z.array(z.string()),
    role_claim: z.string().nullable(),
    role_mapping: z.record(z.string(), ssoRole),
    default_role: ssoRole.nullable(),
    updated_at: timestampOut().nullable(),
  })
  .meta({ id: 'SsoConnection' });

export const connectionToWire = (c: SsoConnection | undefined): z.infer<typeof connectionOut> => ({
  object: 'sso_connection',
  enabled: c?.enabled ?? false,
  issuer: c?.issuer ?? null,
  client_id: c?.clientId ?? null,
  allowed_domains: [...(c?.allowedDomains ?? [])],
  role_claim: c?.roleClaim ?? null,
  role_mapping: { ...c?.roleMapping },
  default_role: c?.defaultRole ?? null,
  updated_at: c?.updatedAt.toISOString() ?? null,
});

/** The tenant's own identity provider. */
@ApiTags('Single sign-on')
@Controller('v1/sso-connection')
export class SsoConnectionController {
  constructor(private readonly connection: SetSsoConnection) {}

  @Get()
  @Allow('sso:read')
  @ApiOperation({ operationId: 'getSsoConnection', summary: 'Get which identity provider signs members in' })
  @Returns(200, connectionOut, 'The connection')
  @Problems(403)
  async get(@Tenant() ctx: TenantContext) {
    return connectionToWire(await this.connection.find(ctx));
  }

  @Put()
  @Allow('sso:write')
  @ApiOperation({ operationId: 'setSsoConnection', summary: 'Have an identity provider (OpenID Connect) sign members in' })
  @Returns(200, connectionOut, 'The connection')
  @Problems(400, 403)
  async put(@Tenant() ctx: TenantContext, @Body({ schema: connectionIn }) body: z.infer<typeof connectionIn>) {
    const settings = {
      issuer: body.issuer,
      clientId: body.client_id,
      allowedDomains: body.allowed_domains,
      roleClaim: body.role_claim,
      roleMapping: body.role_mapping,
      defaultRole: body.default_role,
      enabled: body.enabled,
    };
    return connectionToWire(await this.connection.execute(ctx, settings, body.client_secret));
  }

  @Delete()
  @Allow('sso:write')
  @ApiOperation({ operationId: 'removeSsoConnection', summary: 'Sign members in without an identity provider' })
  @Returns(200, accepted, 'Sessions that it opened are over')
  @Problems(403)
  async remove(@Tenant() ctx: TenantContext) {
    await this.connection.remove(ctx);
    return ACCEPTED;
  }
}

/** The way of a browser to an identity provider and back. */
@ApiTags('Single sign-on')
@Controller('v1/sso')
export class SsoController {
  constructor(
    private readonly logIn: SsoLogIn,
    @Inject(PEOPLE_CONFIG) private readonly config: PeopleConfig,
  ) {}

  @Get('callback')
  @Public()
  @ApiOperation({ operationId: 'finishSso', summary: 'Where an identity provider sends a browser back to' })
  @ApiResponse({ status: 303, description: 'Logged in; to the dashboard' })
  @Problems(403, 404)
  async callback(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { publicUrl } = this.config;
    const { token } = await this.logIn.finish(
      request.url.split('?')[1] ?? '',
      awayIn(request.headers.cookie, publicUrl),
      callerOf(request),
    );
    const cookies = [sessionCookie(publicUrl, token), awayCookie(publicUrl, '', 0)];
    await reply.status(303).header('set-cookie', cookies).header('cache-control', 'no-store').header('location', `${publicUrl}/`).send();
  }

  @Get(':tenant_id')
  @Public()
  @ApiParam({ name: 'tenant_id', schema: { type: 'string' } })
  @ApiOperation({ operationId: 'startSso', summary: 'Send a browser to the identity provider of a tenant' })
  @ApiResponse({ status: 303, description: 'To the identity provider' })
  @Problems(404)
  async start(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('tenant_id', { schema: idIn('tenant') }) tenantId: string,
  ): Promise<void> {
    const { url, away } = await this.logIn.start(tenantId, callerOf(request));
    const cookie = awayCookie(this.config.publicUrl, away, 600);
    await reply.status(303).header('set-cookie', cookie).header('cache-control', 'no-store').header('location', url).send();
  }
}
