/** Real counterparts that nobody here wrote, installed into the user's cache: `npm run test:components -- litellm`. */
import base from './jest.config.js';

export default {
  ...base,
  testMatch: ['**/test/components/**/*.test.ts'],
  testPathIgnorePatterns: [],
  maxWorkers: 1,
  // The first run installs what it tests against.
  testTimeout: 900_000,
};
