/** The whole kill matrix. Promised is a resume within 3 s on a quiet machine; the limit leaves room for a busy one. */
import { describeKillMatrix } from '../support/faults/matrix.ts';

describeKillMatrix({ worker: 20, host: 20, service: 5, server: 5, client: 5, powerCut: 5 }, 6_000);
