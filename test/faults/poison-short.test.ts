/** Three others beside the call that kills: what CI runs for every change. */
import { describePoison } from '../support/faults/poison.ts';

describePoison({ others: 3 });
