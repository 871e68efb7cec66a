/** The whole kill matrix. */
import { describeKillMatrix } from '../support/faults/matrix.ts';

describeKillMatrix({ worker: 20, host: 20, service: 5, server: 5, client: 5, powerCut: 5 });
