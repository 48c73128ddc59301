import { EVENTS, EVENT_TYPES, QUIET_ACTIONS, eventExample } from '@trunkline/webhooks';
import type { EventType } from '@trunkline/webhooks';

/** An event as it is sent. */
export const exampleOf = (type: EventType): object => ({ type, timestamp: '2026-11-23T10:15:00.000Z', data: eventExample(type) });

const section = (type: EventType): string =>
  `### ${type}\n${EVENTS[type].summary}.\n\n\`\`\`json\n${JSON.stringify(exampleOf(type), null, 2)}\n\`\`\`\n`;

/** The text of docs/events.md. */
export const eventCatalogue = (): string => `# Events

What [webhooks](../libs/webhooks/README.md) tell: every change of a tenant's things, once it is committed. Made from the catalogue in the code
(\`UPDATE_EVENTS=1 npm test -- event-types\`); the same is served at \`/v1/webhook-event-types\`, with a JSON Schema of each, and is the \`webhooks\` part of the OpenAPI document.
A test reads every audit action and demands an event, or a reason below; and what the tests of the API make happen is checked against these schemas.

Fields may be added; what is here stays. Ids say what something is, the API says how it is now: by the time an event arrives there may be a later one.

| event | when |
|---|---|
${EVENT_TYPES.map((type) => `| [${type}](#${type.replace('.', '')}) | ${EVENTS[type].summary} |`).join('\n')}

## Changes that no event tells of

| audit action | why |
|---|---|
${Object.entries(QUIET_ACTIONS)
  .map(([action, why]) => `| ${action} | ${why} |`)
  .join('\n')}

## Examples

${EVENT_TYPES.map(section).join('\n')}`;
