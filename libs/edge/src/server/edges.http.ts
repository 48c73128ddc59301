import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { SystemContext } from '@trunkline/kernel';
import { Operator, OperatorOnly, Problems, Returns, idIn } from '@trunkline/platform';
import { z } from 'zod';
import { ActivateEdge } from './activate-edge.ts';
import { CreateEdge } from './create-edge.ts';
import { DeleteEdge } from './delete-edge.ts';
import { DrainEdge } from './drain-edge.ts';
import { EdgeQueries } from './edge-queries.ts';
import { activation, edgeOut, edgeToWire, edgeWithTokenOut, edgeWithTokenToWire, newEdge } from './edges.schema.ts';
import type { ActivationBody, NewEdgeBody } from './edges.schema.ts';
import { ResyncEdge } from './resync-edge.ts';
import { RotateEnrolToken } from './rotate-enrol-token.ts';

const id = idIn('edge');

@ApiTags('Edges')
@Controller('v1/edges')
export class EdgesController {
  constructor(
    private readonly create: CreateEdge,
    private readonly rotateToken: RotateEnrolToken,
    private readonly drainEdge: DrainEdge,
    private readonly activateEdge: ActivateEdge,
    private readonly resyncEdge: ResyncEdge,
    private readonly deleteEdge: DeleteEdge,
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
  async get(@Operator() ctx: SystemContext, @Param('id', { schema: id }) edgeId: string) {
    return edgeToWire(await this.queries.byId(ctx, edgeId));
  }

  @Post(':id/rotate-enrol-token')
  @OperatorOnly()
  @ApiOperation({ operationId: 'rotateEnrolToken', summary: 'Make a new enrolment token; the one before stops working' })
  @Returns(200, edgeWithTokenOut, 'The edge, with its token')
  @Problems(403, 404, 409, 422)
  async rotate(@Operator() ctx: SystemContext, @Param('id', { schema: id }) edgeId: string) {
    return edgeWithTokenToWire(await this.rotateToken.execute(ctx, edgeId));
  }

  @Post(':id/resync')
  @OperatorOnly()
  @ApiOperation({ operationId: 'resyncEdge', summary: 'Send an edge its whole configuration anew: at once, or when it connects' })
  @Returns(200, edgeOut, 'The edge, with resync_requested_at set until it was sent')
  @Problems(403, 404, 409, 422)
  async resync(@Operator() ctx: SystemContext, @Param('id', { schema: id }) edgeId: string) {
    return edgeToWire(await this.resyncEdge.execute(ctx, edgeId));
  }

  @Post(':id/drain')
  @OperatorOnly()
  @ApiOperation({
    operationId: 'drainEdge',
    summary: 'Send an edge’s tenants, and so their new calls, to other edges; calls that are up finish',
  })
  @Returns(200, edgeOut, 'The edge: draining, and drained once no call is left')
  @Problems(403, 404, 409, 422)
  async drain(@Operator() ctx: SystemContext, @Param('id', { schema: id }) edgeId: string) {
    return edgeToWire(await this.drainEdge.execute(ctx, edgeId));
  }

  @Post(':id/activate')
  @OperatorOnly()
  @ApiOperation({ operationId: 'activateEdge', summary: 'Put an edge back to work after it was drained or lost' })
  @Returns(200, edgeOut, 'The edge')
  @Problems(400, 403, 404, 409, 422)
  async activate(
    @Operator() ctx: SystemContext,
    @Param('id', { schema: id }) edgeId: string,
    @Body({ schema: activation }) body: ActivationBody,
  ) {
    return edgeToWire(await this.activateEdge.execute(ctx, edgeId, { returnTenants: body.return_tenants }));
  }

  @Delete(':id')
  @HttpCode(204)
  @OperatorOnly()
  @ApiOperation({ operationId: 'deleteEdge', summary: 'Delete an edge that is drained, lost or never enrolled' })
  @ApiResponse({ status: 204, description: 'Deleted' })
  @Problems(403, 404, 409)
  async delete(@Operator() ctx: SystemContext, @Param('id', { schema: id }) edgeId: string): Promise<void> {
    await this.deleteEdge.execute(ctx, edgeId);
  }
}
