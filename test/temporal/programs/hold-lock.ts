/** Takes the lock named by its argument, says whether it got it, and stays. */
import { tryLock } from '../../../src/temporal/lock.ts';

const lock = tryLock(process.argv[2] ?? '');
process.stdout.write(lock ? 'held\n' : 'taken\n');
process.stdin.resume();
