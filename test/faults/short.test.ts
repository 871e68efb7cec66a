/** Eight kills, one or two of each kind: what CI runs for every change. */
import { describeKillMatrix } from '../support/faults/matrix.ts';

describeKillMatrix({ worker: 2, host: 2, service: 1, server: 1, client: 1, powerCut: 1 });
