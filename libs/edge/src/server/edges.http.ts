import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { SystemContext } from '@trunkline/kernel';
import { Operator, OperatorOnly, Problems, Returns, idIn } from '@trunkline/platform';
import { z } from 'zod';
import { CreateEdge } from './create-edge.ts';
import { EdgeQueries } from './edge-queries.ts';
import { edgeOut, edgeToWire, edgeWithTokenOut, edgeWithTokenToWire, newEdge } from './edges.schema.ts';
import type { NewEdgeBody } from './edges.schema.ts';
import { RotateEnrolToken } from './rotate-enrol-token.ts';

@ApiTags('Edges')
@Controller('v1/edges')
export class EdgesController {
  constructor(
    private readonly create: CreateEdge,
    private readonly rotateToken: RotateEnrolToken,
    private readonly queries: EdgeQueries,
  ) {}

  @Post()
  @OperatorOnly()
  @ApiOperation({ operationId: 'createEdge', summary: 'Announce a SIP edge; its enrolment token is shown once' })
  @Returns(201, edgeWithTokenOut, 'Created, with its token')
  @Problems(400, 403, 409, 422)
  async post(@Operator() ctx: SystemContext, @Body({ schema: newEdge }) body: NewEdgeBody) {
    return edgeWithTokenToWire(await this.create.execute(ctx, { name: body.name, sipAddress: body.sip_address }));
  }

  @Get()
  @OperatorOnly()
  @ApiOperation({ operationId: 'listEdges', summary: 'List edges' })
  @Returns(200, z.strictObject({ data: z.array(edgeOut), next_cursor: z.null() }).meta({ id: 'EdgePage' }), 'All of them')
  @Problems(403)
  async list(@Operator() ctx: SystemContext) {
    return { data: (await this.queries.list(ctx)).map(edgeToWire), next_cursor: null };
  }

  @Get(':id')
  @OperatorOnly()
  @ApiOperation({ operationId: 'getEdge', summary: 'Get an edge' })
  @Returns(200, edgeOut, 'The edge')
  @Problems(403, 404)
  async get(@Operator() ctx: SystemContext, @Param('id', { schema: idIn('edge') }) id: string) {
    return edgeToWire(await this.queries.byId(ctx, id));
  }

  @Post(':id/rotate-enrol-token')
  @OperatorOnly()
  @ApiOperation({ operationId: 'rotateEnrolToken', summary: 'Make a new enrolment token; the one before stops working' })
  @Returns(200, edgeWithTokenOut, 'The edge, with its token')
  @Problems(403, 404, 409, 422)
  async rotate(@Operator() ctx: SystemContext, @Param('id', { schema: idIn('edge') }) id: string) {
    return edgeWithTokenToWire(await this.rotateToken.execute(ctx, id));
  }
}
