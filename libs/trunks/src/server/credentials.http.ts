import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { TenantContext } from '@trunkline/kernel';
import { Allow, Problems, Returns, Tenant, idIn, pageOut, pageQuery } from '@trunkline/platform';
import { z } from 'zod';
import { CreateCredential } from './create-credential.ts';
import { ofTrunk } from './credential-owner.ts';
import { CredentialQueries } from './credential-queries.ts';
import { RevokeCredential } from './revoke-credential.ts';
import { RotateCredential } from './rotate-credential.ts';
import { SIP_REALM } from './sip-password.ts';
import { createdCredentialOut, credentialOut, credentialRotation, credentialToWire } from './trunks.schema.ts';
import type { CredentialRotationBody } from './trunks.schema.ts';

const page = z.strictObject(pageQuery);

@ApiTags('Trunks')
@Controller('v1/trunks/:trunk_id/credentials')
export class CredentialsController {
  constructor(
    private readonly create: CreateCredential,
    private readonly revokeCredential: RevokeCredential,
    private readonly rotateCredential: RotateCredential,
    private readonly queries: CredentialQueries,
    @Inject(SIP_REALM) private readonly realm: string,
  ) {}

  @Post()
  @Allow('trunks:write')
  @ApiOperation({ operationId: 'createCredential', summary: 'Make a digest user for a trunk; its password is shown once' })
  @Returns(201, createdCredentialOut, 'Created, with its password')
  @Problems(403, 404, 409, 422)
  async post(@Tenant() ctx: TenantContext, @Param('trunk_id', { schema: idIn('trunk') }) trunkId: string) {
    const { password, ...credential } = await this.create.execute(ctx, ofTrunk(trunkId));
    return { ...credentialToWire(credential, this.realm), password };
  }

  @Get()
  @Allow('trunks:read')
  @ApiOperation({ operationId: 'listCredentials', summary: 'List a trunk’s credentials, revoked ones too' })
  @Returns(200, pageOut(credentialOut, 'CredentialPage'), 'A page')
  @Problems(400, 403, 404)
  async list(
    @Tenant() ctx: TenantContext,
    @Param('trunk_id', { schema: idIn('trunk') }) trunkId: string,
    @Query({ schema: page }) query: z.infer<typeof page>,
  ) {
    const { data, nextCursor } = await this.queries.ofTrunk(ctx, trunkId, query);
    return { data: data.map((c) => credentialToWire(c, this.realm)), next_cursor: nextCursor };
  }

  @Post(':id/revoke')
  @Allow('trunks:write')
  @ApiOperation({ operationId: 'revokeCredential', summary: 'Revoke a credential' })
  @Returns(200, credentialOut, 'The revoked credential')
  @Problems(403, 404)
  async revoke(
    @Tenant() ctx: TenantContext,
    @Param('trunk_id', { schema: idIn('trunk') }) trunkId: string,
    @Param('id', { schema: idIn('credential') }) id: string,
  ) {
    await this.revokeCredential.execute(ctx, ofTrunk(trunkId), id);
    return credentialToWire(await this.queries.byId(ctx, ofTrunk(trunkId), id), this.realm);
  }

  @Post(':id/rotate')
  @Allow('trunks:write')
  @ApiOperation({ operationId: 'rotateCredential', summary: 'Give a digest user a new password; the old one stays valid for a while' })
  @Returns(200, createdCredentialOut, 'The credential, with its new password')
  @Problems(400, 403, 404, 409, 422)
  async rotate(
    @Tenant() ctx: TenantContext,
    @Param('trunk_id', { schema: idIn('trunk') }) trunkId: string,
    @Param('id', { schema: idIn('credential') }) id: string,
    @Body({ schema: credentialRotation }) body: CredentialRotationBody,
  ) {
    const { password, ...credential } = await this.rotateCredential.execute(ctx, ofTrunk(trunkId), id, body.overlap_secs);
    return { ...credentialToWire(credential, this.realm), password };
  }
}
