/** A process of its own that asks the hand-written statement as often as the measurement does, and says how much memory it had (KiB). */
import { DuckDBInstance } from '@duckdb/node-api';
import { statusField } from './descendants.ts';
import { handWritten } from './quality-checks.ts';

const times = 6;
const [file = ''] = process.argv.slice(2);
const instance = await DuckDBInstance.create(':memory:', { memory_limit: '4096MiB', threads: '4' });
const connection = await instance.connect();
await connection.run(`CREATE VIEW facts AS SELECT * FROM read_parquet('${file}')`);
for (let time = 0; time < times; time += 1) await connection.runAndReadAll(handWritten);
process.stdout.write(String(statusField('self', 'VmHWM')));
connection.closeSync();
instance.closeSync();
