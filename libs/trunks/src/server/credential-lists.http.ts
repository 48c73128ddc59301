import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { TenantContext } from '@trunkline/kernel';
import { Allow, HeedsIfMatch, Problems, Returns, Tenant, idIn, pageOut, pageQuery } from '@trunkline/platform';
import { z } from 'zod';
import { ChangeCredentialList } from './change-credential-list.ts';
import { CreateCredential } from './create-credential.ts';
import { ofList } from './credential-owner.ts';
import { CredentialQueries } from './credential-queries.ts';
import { ListQueries } from './list-queries.ts';
import { credentialListChange, credentialListOut, credentialListToWire, newCredentialList } from './lists.schema.ts';
import type { CredentialListChangeBody, NewCredentialListBody } from './lists.schema.ts';
import { RevokeCredential } from './revoke-credential.ts';
import { RotateCredential } from './rotate-credential.ts';
import { SIP_REALM } from './sip-password.ts';
import { createdCredentialOut, credentialOut, credentialRotation, credentialToWire } from './trunks.schema.ts';
import type { CredentialRotationBody } from './trunks.schema.ts';

const page = z.strictObject(pageQuery);
const id = idIn('credentialList');

@ApiTags('Trunks')
@Controller('v1/credential-lists')
export class CredentialListsController {
  constructor(
    private readonly change: ChangeCredentialList,
    private readonly queries: ListQueries,
  ) {}

  @Post()
  @Allow('trunks:write')
  @ApiOperation({ operationId: 'createCredentialList', summary: 'Create a list of digest users that trunks can use' })
  @Returns(201, credentialListOut, 'Created')
  @Problems(400, 403, 409, 422)
  async post(@Tenant() ctx: TenantContext, @Body({ schema: newCredentialList }) body: NewCredentialListBody) {
    return credentialListToWire(await this.change.create(ctx, body.name));
  }

  @Get()
  @Allow('trunks:read')
  @ApiOperation({ operationId: 'listCredentialLists', summary: 'List the lists of digest users' })
  @Returns(200, pageOut(credentialListOut, 'CredentialListPage'), 'A page')
  @Problems(400, 403)
  async list(@Tenant() ctx: TenantContext, @Query({ schema: page }) query: z.infer<typeof page>) {
    const { data, nextCursor } = await this.queries.credentialLists(ctx, query);
    return { data: data.map(credentialListToWire), next_cursor: nextCursor };
  }

  @Get(':id')
  @Allow('trunks:read')
  @ApiOperation({ operationId: 'getCredentialList', summary: 'Get a list of digest users' })
  @Returns(200, credentialListOut, 'The list')
  @Problems(403, 404)
  async get(@Tenant() ctx: TenantContext, @Param('id', { schema: id }) listId: string) {
    return credentialListToWire(await this.queries.credentialList(ctx, listId));
  }

  @Patch(':id')
  @Allow('trunks:write')
  @HeedsIfMatch()
  @ApiOperation({ operationId: 'updateCredentialList', summary: 'Rename a list of digest users' })
  @Returns(200, credentialListOut, 'The changed list')
  @Problems(400, 403, 404, 409)
  async patch(
    @Tenant() ctx: TenantContext,
    @Param('id', { schema: id }) listId: string,
    @Body({ schema: credentialListChange }) body: CredentialListChangeBody,
  ) {
    return credentialListToWire(await this.change.rename(ctx, listId, body.name));
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow('trunks:write')
  @HeedsIfMatch()
  @ApiOperation({ operationId: 'deleteCredentialList', summary: 'Delete a list that no trunk uses, with its digest users' })
  @ApiResponse({ status: 204, description: 'Deleted' })
  @Problems(403, 404, 409)
  async delete(@Tenant() ctx: TenantContext, @Param('id', { schema: id }) listId: string): Promise<void> {
    await this.change.delete(ctx, listId);
  }
}

/** The digest users of a list, managed as a trunk's own. */
@ApiTags('Trunks')
@Controller('v1/credential-lists/:credential_list_id/credentials')
export class ListCredentialsController {
  constructor(
    private readonly create: CreateCredential,
    private readonly revokeCredential: RevokeCredential,
    private readonly rotateCredential: RotateCredential,
    private readonly queries: CredentialQueries,
    @Inject(SIP_REALM) private readonly realm: string,
  ) {}

  @Post()
  @Allow('trunks:write')
  @ApiOperation({
    operationId: 'createListCredential',
    summary: 'Make a digest user for every trunk that uses a list; its password is shown once',
  })
  @Returns(201, createdCredentialOut, 'Created, with its password')
  @Problems(403, 404, 409, 422)
  async post(@Tenant() ctx: TenantContext, @Param('credential_list_id', { schema: id }) listId: string) {
    const { password, ...credential } = await this.create.execute(ctx, ofList(listId));
    return { ...credentialToWire(credential, this.realm), password };
  }

  @Get()
  @Allow('trunks:read')
  @ApiOperation({ operationId: 'listListCredentials', summary: 'List a list’s digest users, revoked ones too' })
  @Returns(200, pageOut(credentialOut, 'ListCredentialPage'), 'A page')
  @Problems(400, 403, 404)
  async list(
    @Tenant() ctx: TenantContext,
    @Param('credential_list_id', { schema: id }) listId: string,
    @Query({ schema: page }) query: z.infer<typeof page>,
  ) {
    const { data, nextCursor } = await this.queries.ofList(ctx, listId, query);
    return { data: data.map((c) => credentialToWire(c, this.realm)), next_cursor: nextCursor };
  }

  @Post(':id/revoke')
  @Allow('trunks:write')
  @ApiOperation({ operationId: 'revokeListCredential', summary: 'Revoke a digest user of a list' })
  @Returns(200, credentialOut, 'The revoked credential')
  @Problems(403, 404)
  async revoke(
    @Tenant() ctx: TenantContext,
    @Param('credential_list_id', { schema: id }) listId: string,
    @Param('id', { schema: idIn('credential') }) credentialId: string,
  ) {
    await this.revokeCredential.execute(ctx, ofList(listId), credentialId);
    return credentialToWire(await this.queries.byId(ctx, ofList(listId), credentialId), this.realm);
  }

  @Post(':id/rotate')
  @Allow('trunks:write')
  @ApiOperation({
    operationId: 'rotateListCredential',
    summary: 'Give a digest user of a list a new password; the old one stays valid for a while',
  })
  @Returns(200, createdCredentialOut, 'The credential, with its new password')
  @Problems(400, 403, 404, 409, 422)
  async rotate(
    @Tenant() ctx: TenantContext,
    @Param('credential_list_id', { schema: id }) listId: string,
    @Param('id', { schema: idIn('credential') }) credentialId: string,
    @Body({ schema: credentialRotation }) body: CredentialRotationBody,
  ) {
    const { password, ...credential } = await this.rotateCredential.execute(ctx, ofList(listId), credentialId, body.overlap_secs);
    return { ...credentialToWire(credential, this.realm), password };
  }
}
