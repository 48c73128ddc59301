// `npm test`: the checks, then all of Jest; the last line is `N passed, N failed`.
//   npm test -- PATTERN …    Jest alone, on the spec files whose path matches (any Jest option will do)
import { bootstrap } from './bootstrap.mjs';

await bootstrap();
const { testAll, testSome } = await import('./test-run.mjs');
const patterns = process.argv.slice(2);
process.exitCode = patterns.length > 0 ? await testSome(patterns) : await testAll();
