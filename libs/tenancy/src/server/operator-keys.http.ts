import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { camelKeys } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Operator, OperatorOnly, Problems, Returns, idIn, pageOut, pageQuery } from '@trunkline/platform';
import { z } from 'zod';
import { createdOperatorKeyOut, keyRotation, newOperatorKey, operatorKeyOut, operatorKeyToWire } from './api-keys.schema.ts';
import { CreateOperatorKey } from './create-operator-key.ts';
import { OperatorKeyQueries } from './operator-key-queries.ts';
import { RevokeOperatorKey } from './revoke-operator-key.ts';
import { RotateOperatorKey } from './rotate-operator-key.ts';

const page = z.strictObject(pageQuery);
const id = idIn('operatorKey');

@ApiTags('Operator keys')
@Controller('v1/operator-keys')
export class OperatorKeysController {
  constructor(
    private readonly create: CreateOperatorKey,
    private readonly rotateKey: RotateOperatorKey,
    private readonly revokeKey: RevokeOperatorKey,
    private readonly queries: OperatorKeyQueries,
  ) {}

  @Post()
  @OperatorOnly()
  @ApiOperation({ operationId: 'createOperatorKey', summary: 'Create another key of the operator' })
  @Returns(201, createdOperatorKeyOut, 'Created, with its secret')
  @Problems(400, 409, 422)
  async post(@Operator() ctx: SystemContext, @Body({ schema: newOperatorKey }) body: z.infer<typeof newOperatorKey>) {
    const { secret, ...key } = await this.create.execute(ctx, camelKeys(body));
    return { ...operatorKeyToWire(key), secret };
  }

  @Get()
  @OperatorOnly()
  @ApiOperation({ operationId: 'listOperatorKeys', summary: 'List the operator’s keys' })
  @Returns(200, pageOut(operatorKeyOut, 'OperatorKeyPage'), 'A page')
  @Problems(400)
  async list(@Operator() ctx: SystemContext, @Query({ schema: page }) query: z.infer<typeof page>) {
    const { data, nextCursor } = await this.queries.list(ctx, query);
    return { data: data.map(operatorKeyToWire), next_cursor: nextCursor };
  }

  @Post(':id/rotate')
  @OperatorOnly()
  @ApiOperation({ operationId: 'rotateOperatorKey', summary: 'Give a key a new secret; the old one stays valid for a while' })
  @Returns(200, createdOperatorKeyOut, 'The key with its new secret')
  @Problems(400, 404, 409, 422)
  async rotate(
    @Operator() ctx: SystemContext,
    @Param('id', { schema: id }) keyId: string,
    @Body({ schema: keyRotation }) body: z.infer<typeof keyRotation>,
  ) {
    const { secret, ...key } = await this.rotateKey.execute(ctx, keyId, body.overlap_secs);
    return { ...operatorKeyToWire(key), secret };
  }

  @Post(':id/revoke')
  @OperatorOnly()
  @ApiOperation({ operationId: 'revokeOperatorKey', summary: 'Revoke a key at once; the last one that never expires stays' })
  @Returns(200, operatorKeyOut, 'The revoked key')
  @Problems(404, 409)
  async revoke(@Operator() ctx: SystemContext, @Param('id', { schema: id }) keyId: string) {
    await this.revokeKey.execute(ctx, keyId);
    return operatorKeyToWire(await this.queries.byId(ctx, keyId));
  }
}
