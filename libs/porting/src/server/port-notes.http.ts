import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { TenantContext } from '@trunkline/kernel';
import { Allow, Problems, Reached, Returns, Tenant, idIn } from '@trunkline/platform';
import type { Reach } from '@trunkline/platform';
import type { z } from 'zod';
import { AddPortNote } from './add-port-note.ts';
import { PortNoteQueries } from './port-note-queries.ts';
import { newPortNote, portNoteOut, portNoteToWire, portNotesOut, sideOf } from './port-notes.schema.ts';

type Said = z.infer<typeof newPortNote>;
const orderId = { schema: idIn('portOrder') };
const portOutId = { schema: idIn('portOut') };
const order = (id: string) => ({ portOrderId: id, portOutId: null });
const portOut = (id: string) => ({ portOrderId: null, portOutId: id });

/** What tenant, operator and carrier say to each other about a port. */
@ApiTags('Porting')
@Controller('v1')
export class PortNotesController {
  constructor(
    private readonly add: AddPortNote,
    private readonly queries: PortNoteQueries,
  ) {}

  @Get('port-orders/:id/notes')
  @Allow('porting:read')
  @ApiOperation({ operationId: 'listPortOrderNotes', summary: 'List what was said about a port order' })
  @Returns(200, portNotesOut, 'In the order it was said')
  @Problems(403, 404)
  async ofOrder(@Tenant() ctx: TenantContext, @Reached() reach: Reach, @Param('id', orderId) id: string) {
    return { data: (await this.queries.of(ctx, sideOf(reach), order(id))).map(portNoteToWire) };
  }

  @Post('port-orders/:id/notes')
  @Allow('porting:write')
  @ApiOperation({ operationId: 'addPortOrderNote', summary: 'Say something about a port order' })
  @Returns(201, portNoteOut, 'The note')
  @Problems(400, 403, 404, 409, 422)
  async toOrder(
    @Tenant() ctx: TenantContext,
    @Reached() reach: Reach,
    @Param('id', orderId) id: string,
    @Body({ schema: newPortNote }) body: Said,
  ) {
    return portNoteToWire(await this.add.execute(ctx, sideOf(reach), order(id), body));
  }

  @Get('port-outs/:id/notes')
  @Allow('porting:read')
  @ApiOperation({ operationId: 'listPortOutNotes', summary: 'List what was said about a request for your numbers' })
  @Returns(200, portNotesOut, 'In the order it was said')
  @Problems(403, 404)
  async ofPortOut(@Tenant() ctx: TenantContext, @Reached() reach: Reach, @Param('id', portOutId) id: string) {
    return { data: (await this.queries.of(ctx, sideOf(reach), portOut(id))).map(portNoteToWire) };
  }

  @Post('port-outs/:id/notes')
  @Allow('porting:write')
  @ApiOperation({ operationId: 'addPortOutNote', summary: 'Say something about a request for your numbers' })
  @Returns(201, portNoteOut, 'The note')
  @Problems(400, 403, 404, 409, 422)
  async toPortOut(
    @Tenant() ctx: TenantContext,
    @Reached() reach: Reach,
    @Param('id', portOutId) id: string,
    @Body({ schema: newPortNote }) body: Said,
  ) {
    return portNoteToWire(await this.add.execute(ctx, sideOf(reach), portOut(id), body));
  }
}
