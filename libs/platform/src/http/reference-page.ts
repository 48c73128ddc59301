/** Browsers ask for it at /favicon.ico, whatever the page. */
export const ICON_SVG = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#123"/><path d="M3 5h10M8 5v7" stroke="#fff" stroke-width="2"/></svg>`;

export const REFERENCE_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Trunkline API reference</title>
<link rel="stylesheet" href="/reference/swagger-ui.css">
<link rel="stylesheet" href="/reference/reference.css">
</head>
<body>
<noscript>This page needs JavaScript. The document behind it is <a href="/openapi.json">/openapi.json</a>.</noscript>
<div id="reference"></div>
<script src="/reference/swagger-ui-bundle.js"></script>
<script src="/reference/reference.js"></script>
</body>
</html>
`;

/** A key that was typed in stays in the page's memory alone: it is gone with the tab. */
export const REFERENCE_SCRIPT = `window.ui = SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#reference',
  deepLinking: true,
  docExpansion: 'none',
  filter: true,
  tagsSorter: 'alpha',
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  persistAuthorization: false,
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis],
});
`;

/** One server needs no choice; Swagger UI's own colours are too pale to be read by all (WCAG 1.4.3); on a phone tables become lists, or their code would be wider than the screen. */
export const REFERENCE_STYLE = `body { margin: 0; background: #fff; }
.swagger-ui .wrapper { max-width: 70rem; }
.swagger-ui .info { margin: 2rem 0 1rem; }
.swagger-ui .scheme-container { padding: 0.5rem 0 1rem; box-shadow: none; }
.swagger-ui .scheme-container .servers-title, .swagger-ui .scheme-container .servers { display: none; }
.swagger-ui .markdown code, .swagger-ui .renderedMarkdown code { color: #1b4f72; overflow-wrap: anywhere; }
.swagger-ui :is(.info a, .link, .url) { color: #1b5fb0; }
.swagger-ui .info .title small { background: #59616f; }
.swagger-ui .info .title small.version-stamp { background: #4a6a00; }
.swagger-ui .btn.authorize { color: #14704a; border-color: #14704a; }
.swagger-ui .btn.authorize svg { fill: #14704a; }
.swagger-ui .parameter__in { color: #565656; }
.swagger-ui .microlight span[style*='211, 99, 99'] { color: #f2a0a0 !important; }
.swagger-ui .opblock.opblock-get .opblock-summary-method { background: #1763b0; }
.swagger-ui .opblock.opblock-post .opblock-summary-method { background: #14704a; }
.swagger-ui .opblock.opblock-put .opblock-summary-method { background: #8f5200; }
.swagger-ui .opblock.opblock-patch .opblock-summary-method { background: #0b6b60; }
.swagger-ui .opblock.opblock-delete .opblock-summary-method { background: #c01f1f; }
@media (max-width: 40rem) {
  .swagger-ui table.responses-table, .swagger-ui table.parameters { display: block; }
  .swagger-ui :is(.responses-table, .parameters) :is(tbody, tr, td) { display: block; width: auto; max-width: 100%; padding-left: 0; }
  .swagger-ui :is(.responses-table, .parameters) thead { display: none; }
  .swagger-ui .opblock-section-header { flex-wrap: wrap; }
  .swagger-ui pre { white-space: pre-wrap; overflow-wrap: anywhere; }
}
`;
