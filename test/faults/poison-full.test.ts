/** Thirty others beside the call that kills: `npm run test:faults -- poison-full`. */
import { describePoison } from '../support/faults/poison.ts';

describePoison({ others: 30 });
