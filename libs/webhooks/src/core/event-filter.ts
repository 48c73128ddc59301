import { EVENT_TYPES } from './event-catalogue.ts';

const nounOf = (type: string): string => type.slice(0, type.indexOf('.'));

/** What an endpoint may listen to: everything, everything about a noun, or one event. */
export const EVENT_FILTERS: readonly string[] = ['*', ...new Set(EVENT_TYPES.map((type) => `${nounOf(type)}.*`)), ...EVENT_TYPES];

/** The filters that an event passes. */
export const filtersFor = (type: string): readonly string[] => ['*', `${nounOf(type)}.*`, type];
