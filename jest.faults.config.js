/** The kill matrix: real processes, one run at a time. `npm run test:faults -- short` runs the eight kills of CI. */
import base from './jest.config.js';

export default {
  ...base,
  testMatch: ['**/test/faults/*.test.ts'],
  testPathIgnorePatterns: [],
  maxWorkers: 1,
};
