/** Twenty model calls and four kills: what CI runs for every change. */
import { describeModelKills } from '../support/faults/model-calls.ts';

describeModelKills({ calls: 20, kills: 4 });
