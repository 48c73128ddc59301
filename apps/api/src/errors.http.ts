import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '@trunkline/platform';
import { documentedCodes } from './error-codes.ts';

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const table = (caption: string, codes: readonly { code: string; title: string; answer: string }[]): string =>
  `<h2>${caption}</h2><table><tr><th scope="col">Code</th><th scope="col">Answer</th><th scope="col">Meaning</th></tr>${codes
    .map((c) => `<tr id="${c.code}"><td><code>${c.code}</code></td><td>${c.answer}</td><td>${escape(c.title)}</td></tr>`)
    .join('')}</table>`;

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #ddd;vertical-align:top}tr:target{background:#fff3bf}code{overflow-wrap:anywhere}`;

/** The page that the `type` of every problem points to. */
@ApiExcludeController()
@Public()
@Controller('errors')
export class ErrorsController {
  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  page(): string {
    const { api, edge } = documentedCodes();
    const body = table('Answers of the API', api) + table('Reasons of the edge (SIP Reason header, call records)', edge);
    return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Trunkline error codes</title><style>${STYLE}</style></head><body><h1>Error codes</h1>${body}</body></html>`;
  }
}
