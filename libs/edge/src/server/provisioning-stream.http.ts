import { Readable } from 'node:stream';
import { Controller, Get, Headers, Req, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import { AppError } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Allow, LiveEvents, Problems, StandingRequest, Tenant } from '@trunkline/platform';
import { EVENT_TYPES, eventData } from '@trunkline/webhooks';
import type { FastifyRequest } from 'fastify';
import { edgeErrors } from '../core/errors.ts';

const TYPES = EVENT_TYPES.filter((type) => type.endsWith('.provisioned'));
const STREAMS_OF_KEY_MAX = 20; // at a process, as sockets of GraphQL
const BEAT_MS = 15_000; // proxies close what says nothing for a minute
const BEAT = ':\n\n';

@ApiTags('Edges')
@Controller('v1/provisioning')
export class ProvisioningStreamController {
  /** How many streams are open for each key or person. */
  private readonly open = new Map<string, number>();

  constructor(
    private readonly live: LiveEvents,
    private readonly standing: StandingRequest,
  ) {}

  @Get('stream')
  @Allow('trunks:read')
  @ApiOperation({
    operationId: 'streamProvisioning',
    summary: 'Hear what every edge at work has, as it comes there',
    description:
      'Server-sent events: `event` is the type of the event, `data` what webhooks are told of it. Asked with `Accept: text/event-stream` it stays open; otherwise it ends at once. An event may be missed while nobody listens: the provisioning of each resource says how far it is.',
  })
  @ApiProduces('text/event-stream')
  @ApiResponse({ status: 200, description: 'The events', content: { 'text/event-stream': { schema: { type: 'string' } } } })
  @Problems(403, 409)
  async stream(
    @Tenant() ctx: TenantContext,
    @Req() request: FastifyRequest,
    @Headers('accept') accept: string | undefined,
  ): Promise<StreamableFile> {
    const stays = accept?.includes('text/event-stream') ?? false;
    return new StreamableFile(stays ? await this.follow(ctx, request) : Readable.from([BEAT]), { type: 'text/event-stream' });
  }

  /** A reader that falls behind is let go of, and connects anew; one whose key is revoked hears nothing more. */
  private async follow(ctx: TenantContext, request: FastifyRequest): Promise<Readable> {
    const { live } = this;
    // who cannot be looked up now connects anew
    const mayStay = () => this.standing.mayStay(request, 'trunks:read').catch(() => false);
    await live.open();
    const leave = this.enter(ctx.actor.id);
    const events = live.listen(ctx, TYPES, () => true);
    const out = new Readable({ read() {} });
    const beat = setInterval(() => void mayStay().then((may) => out.push(may ? BEAT : null)), BEAT_MS).unref();
    out.once('close', () => {
      clearInterval(beat);
      leave();
      void events.return();
    });
    const pump = async () => {
      out.push(BEAT);
      for await (const { id, type, data } of events) {
        if (!(await mayStay())) break;
        out.push(messageOf(id, type, data));
      }
      out.push(null);
    };
    void pump();
    return out;
  }

  /** Counts a stream of whoever asks, until it is left. @throws AppError provisioning.too_many_streams */
  private enter(actorId: string): () => void {
    const streams = this.open.get(actorId) ?? 0;
    if (streams >= STREAMS_OF_KEY_MAX) {
      this.live.close();
      throw new AppError(edgeErrors.tooManyStreams);
    }
    this.open.set(actorId, streams + 1);
    return () => {
      this.live.close();
      const left = (this.open.get(actorId) ?? 1) - 1;
      if (left === 0) this.open.delete(actorId);
      else this.open.set(actorId, left);
    };
  }
}

const messageOf = (id: string, type: string, data: object): string =>
  `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(eventData(type as (typeof TYPES)[number], data))}\n\n`;
