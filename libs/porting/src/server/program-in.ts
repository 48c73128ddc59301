/** The User-Agent of a request as evidence: what can be printed of it. */
export const programIn = (header: string | undefined): string => (header ?? 'unknown').replace(/[^\x20-\x7e]/g, '').slice(0, 200);
