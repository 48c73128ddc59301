import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { camelKeys } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Allow, Problems, Returns, Tenant, idIn, pageOut } from '@trunkline/platform';
import type { z } from 'zod';
import { CheckPortProject } from './check-port-project.ts';
import { CreatePortProject } from './create-port-project.ts';
import { PortQueries } from './port-queries.ts';
import {
  createdPortProject,
  createdPortProjectToWire,
  newPortProject,
  portProjectOut,
  portProjectQuery,
  portProjectToWire,
  portSubmission,
} from './porting.schema.ts';
import { SubmitPortProject } from './submit-port-project.ts';

const id = { schema: idIn('portProject') };

@ApiTags('Porting')
@Controller('v1/port-projects')
export class PortProjectsController {
  constructor(
    private readonly create: CreatePortProject,
    private readonly check: CheckPortProject,
    private readonly submit: SubmitPortProject,
    private readonly queries: PortQueries,
  ) {}

  @Post()
  @Allow('porting:write')
  @ApiOperation({ operationId: 'createPortProject', summary: 'Draft the port of numbers from another carrier' })
  @Returns(201, createdPortProject, 'Drafted')
  @Problems(400, 403, 409, 422)
  async post(@Tenant() ctx: TenantContext, @Body({ schema: newPortProject }) { fields, ...body }: z.infer<typeof newPortProject>) {
    const { id: projectId, webhook } = await this.create.execute(ctx, { ...camelKeys(body), fields });
    return createdPortProjectToWire(await this.queries.project(ctx, projectId), webhook);
  }

  @Get()
  @Allow('porting:read')
  @ApiOperation({ operationId: 'listPortProjects', summary: 'List port projects' })
  @Returns(200, pageOut(portProjectOut, 'PortProjectPage'), 'A page')
  @Problems(400, 403)
  async list(@Tenant() ctx: TenantContext, @Query({ schema: portProjectQuery }) query: z.infer<typeof portProjectQuery>) {
    const { data, nextCursor } = await this.queries.projects(ctx, camelKeys(query));
    return { data: data.map(portProjectToWire), next_cursor: nextCursor };
  }

  @Get(':id')
  @Allow('porting:read')
  @ApiOperation({ operationId: 'getPortProject', summary: 'Get a port project and its orders' })
  @Returns(200, portProjectOut, 'The project')
  @Problems(403, 404)
  async get(@Tenant() ctx: TenantContext, @Param('id', id) projectId: string) {
    return portProjectToWire(await this.queries.project(ctx, projectId));
  }

  @Post(':id/check')
  @HttpCode(202)
  @Allow('porting:write')
  @ApiOperation({ operationId: 'checkPortProject', summary: 'Ask whether the drafted numbers can be ported, and sort them into orders' })
  @Returns(202, portProjectOut, 'Being asked')
  @Problems(403, 404, 409, 422)
  async postCheck(@Tenant() ctx: TenantContext, @Param('id', id) projectId: string) {
    await this.check.execute(ctx, projectId);
    return portProjectToWire(await this.queries.project(ctx, projectId));
  }

  @Post(':id/submit')
  @HttpCode(202)
  @Allow('porting:write')
  @ApiOperation({ operationId: 'submitPortProject', summary: 'Submit all orders of a project, for one date' })
  @Returns(202, portProjectOut, 'On its way')
  @Problems(400, 403, 404, 409, 422)
  async postSubmit(
    @Tenant() ctx: TenantContext,
    @Param('id', id) projectId: string,
    @Body({ schema: portSubmission }) body: z.infer<typeof portSubmission>,
  ) {
    await this.submit.execute(ctx, projectId, body.requested_foc_at);
    return portProjectToWire(await this.queries.project(ctx, projectId));
  }
}
