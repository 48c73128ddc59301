import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import { AppError, toPublicId } from '@trunkline/kernel';
import { Log, toProblem } from '@trunkline/platform';
import { z } from 'zod';
import { EnrolEdge } from '../enrol-edge.ts';

const MAX_BODY_BYTES = 8_192;
const body = z.strictObject({ token: z.string().min(1).max(200), public_key: z.string().min(1).max(2_000) });

/** POST /enrol, the only request the gateway answers beside the WebSocket. */
@Injectable()
export class EnrolRoute {
  constructor(
    private readonly enrolEdge: EnrolEdge,
    private readonly log: Log,
  ) {}

  /** @param onEnrolled is told the edge's id (uuid): whoever holds its former key must go */
  async handle(request: IncomingMessage, response: ServerResponse, onEnrolled: (edgeId: string) => void): Promise<void> {
    if (request.method !== 'POST' || request.url !== '/enrol') return answer(response, 404, { code: 'resource.not_found' });
    const parsed = body.safeParse(await readJson(request));
    if (!parsed.success) return answer(response, 400, { code: 'request.invalid' });
    try {
      const { id, name, repeated } = await this.enrolEdge.execute(parsed.data.token, parsed.data.public_key);
      if (!repeated) onEnrolled(id);
      answer(response, 200, { edge_id: toPublicId('edge', id), edge_name: name });
    } catch (err) {
      if (!(err instanceof AppError)) this.log.error({ err }, 'enrolment failed');
      const { status, code, detail } = toProblem(err, '');
      answer(response, status, { code, detail });
    }
  }
}

const answer = (response: ServerResponse, status: number, content: object): void => {
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify(content));
};

const readJson = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      if ((size += chunk.length) > MAX_BODY_BYTES) return undefined;
      chunks.push(chunk);
    }
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined; // no JSON, or cut off in the middle
  }
};
