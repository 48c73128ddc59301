import { Injectable } from '@nestjs/common';
import type { LoggerService } from '@nestjs/common';
import { pino } from 'pino';
import type { Logger } from 'pino';

/** Paths that may hold a secret: cut before a line is written, whoever logs them. */
const REDACTED = [
  'req.headers.authorization',
  'authorization',
  'password',
  'secret',
  'token',
  'key',
  '*.authorization',
  '*.password',
  '*.secret',
  '*.token',
];

/** Structured logs, one JSON object a line on stdout. Also what Nest itself logs through. */
@Injectable()
export class Log implements LoggerService {
  private readonly pino: Logger;

  constructor(service = 'trunkline', level = 'info') {
    this.pino = pino({
      level,
      base: { service },
      redact: { paths: REDACTED, censor: '[redacted]' },
      timestamp: pino.stdTimeFunctions.isoTime,
    });
  }

  info(fields: object, message: string): void {
    this.pino.info(fields, message);
  }

  warn(fields: object | string, ...rest: unknown[]): void {
    this.pino.warn(...nest(fields, rest));
  }

  error(fields: object | string, ...rest: unknown[]): void {
    this.pino.error(...nest(fields, rest));
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.pino.debug(...nest(message, rest));
  }
}

// Nest calls (message, …, context); we call (fields, message)
const nest = (first: unknown, rest: unknown[]): [object, string] =>
  typeof first === 'string'
    ? [{ context: rest.at(-1), detail: rest.length > 1 ? rest[0] : undefined }, first]
    : [first as object, String(rest[0] ?? '')];
