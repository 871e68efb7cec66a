/** 200 model calls over the real dialects, their worker killed again and again: `npm run test:faults -- models-full`. */
import { describeModelKills } from '../support/faults/model-calls.ts';

describeModelKills({ calls: 200, kills: 60 });
