/** Runs the measurements, all or those named, and prints one table; `--json` prints the rows as JSON too. */
import { loadavg, availableParallelism } from 'node:os';
import { quietTemporal } from '../test/support/analysis-worker.ts';
import { concurrency } from './concurrency.ts';
import { demoData } from './demo-data.ts';
import { durableStep } from './durable-step.ts';
import { firstToolCall } from './first-tool-call.ts';
import { flatness } from './flatness.ts';
import { historyBytes } from './history-bytes.ts';
import { interrupts } from './interrupts.ts';
import { longSession } from './long-session.ts';
import { mcpCall } from './mcp-call.ts';
import { verdictOf, type Measure, type Row } from './measure.ts';
import { modelLatency } from './model-latency.ts';
import { models } from './models.ts';
import { qualityNights } from './quality-nights.ts';
import { quality } from './quality.ts';
import { secondNight } from './second-night.ts';
import { query } from './query.ts';
import { resume } from './resume.ts';
import { storedBytes } from './stored-bytes.ts';
import { tableOf } from './table.ts';
import { truth } from './truth.ts';
import { validate } from './validate.ts';
import { workerReady } from './worker-ready.ts';

const measures: readonly Measure[] = [
  durableStep,
  flatness,
  longSession,
  historyBytes,
  storedBytes,
  resume,
  modelLatency,
  models,
  interrupts,
  mcpCall,
  workerReady,
  firstToolCall,
  query,
  quality,
  secondNight,
  qualityNights,
  concurrency,
  demoData,
  truth,
  validate,
];

process.exit(await main(process.argv.slice(2)));

async function main(words: readonly string[]): Promise<number> {
  const names = words.filter((word) => !word.startsWith('--'));
  const unknown = names.filter((name) => !measures.some((measure) => measure.name === name));
  if (unknown.length > 0 || words.includes('--help')) {
    if (unknown.length > 0) console.error(`Expected names of measurements, found ${unknown.join(', ')}.`);
    for (const { name, about } of measures) console.error(`  ${name.padEnd(18)}${about}`);
    return unknown.length > 0 ? 64 : 0;
  }
  quietTemporal();
  const rows: Row[] = [];
  let failed = 0;
  for (const measure of measures.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const startedAt = performance.now();
    try {
      rows.push(...(await measure.run()));
    } catch (error) {
      failed += 1;
      console.error(`${measure.name} failed:`, error);
    }
    console.error(`${measure.name}: measured in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  }
  const load = loadavg()
    .map((value) => value.toFixed(1))
    .join(' ');
  console.log(`\n${tableOf(rows)}\n\n${availableParallelism()} cores, load average ${load}`);
  if (words.includes('--json')) {
    console.log(JSON.stringify(rows.map((row) => ({ ...row, verdict: verdictOf(row) }))));
  }
  return failed === 0 ? 0 : 1;
}
