// @ts-expect-error: plain JavaScript without declarations
import { countTests } from './run-jest.mjs';

const clean = { numPassedTests: 3, numFailedTests: 0, numRuntimeErrorTestSuites: 0, numPendingTests: 0, numTodoTests: 0, numTotalTests: 3 };

describe('the count of a Jest run', () => {
  it.each([
    ['a clean run', clean, 0, { passed: 3, failed: 0 }],
    ['a failed test', { ...clean, numFailedTests: 1 }, 1, { passed: 3, failed: 1 }],
    ['a file that does not load', { ...clean, numRuntimeErrorTestSuites: 1 }, 1, { passed: 3, failed: 1 }],
    ['skipped tests', { ...clean, numPendingTests: 1, numTodoTests: 1 }, 0, { passed: 3, failed: 2 }],
    ['a failed tear-down', clean, 1, { passed: 3, failed: 1 }],
    ['no tests at all', { ...clean, numPassedTests: 0, numTotalTests: 0 }, 0, { passed: 0, failed: 1 }],
    ['no summary', undefined, 1, { passed: 0, failed: 1 }],
  ])('of %s', (_, summary, exitCode, expected) => expect(countTests(summary, exitCode)).toEqual(expected));
});
