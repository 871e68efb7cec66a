/** A real Airflow in a folder of its own: its command line, and its scheduler with what belongs to it. */
import { execFile } from 'node:child_process';
import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { freePorts } from '../../../src/temporal/free-ports.ts';
import { installPython, type PythonPrograms } from './python-packages.ts';
import { openServerProcess, type ServerProcess } from './server-process.ts';

const run = promisify(execFile);
const packageFolder = fileURLToPath(new URL('../../../integrations/airflow', import.meta.url));
const dagsFolder = fileURLToPath(new URL('../../fixtures/airflow', import.meta.url));

const packages = ['apache-airflow==3.1.8', 'temporalio==1.35.0', 'pytest==9.2.0', 'mypy==2.4.1'];

const maxOutputBytes = 16 * 1024 * 1024;
const pollMs = 200;

export type Airflow = {
  readonly python: PythonPrograms;
  /** As a user who has installed the package and Airflow. */
  readonly env: Readonly<Record<string, string>>;
  /** `airflow dags test`: resolves with its exit code and what it wrote. */
  testDag(dag: string, day: string): Promise<{ readonly code: number; readonly output: string }>;
  /** Scheduler, DAG processor, triggerer and API server, until `stop`. */
  start(): Promise<void>;
  /** Starts a DAG run; resolves with its id. */
  trigger(dag: string, run: string): Promise<void>;
  /** As a person does it in the UI. */
  setState(dag: string, run: string, task: string, state: 'failed' | 'success'): Promise<void>;
  /** As a person does it in the UI: the task and its tries begin anew. */
  clear(dag: string, run: string, task: string): Promise<void>;
  /** The id of the only run of a DAG. */
  runOf(dag: string): string;
  taskOf(dag: string, run: string): { readonly state: string | null; readonly tries: number };
  /** Waits until the only task of the run is in this state. */
  until(dag: string, run: string, state: string): Promise<void>;
  /** What the task returned. */
  xcom(dag: string, run: string): unknown;
  stop(): Promise<void>;
  close(): Promise<void>;
};

export async function openAirflow(folder: string, more: Readonly<Record<string, string>>): Promise<Airflow> {
  const python = await installPython('airflow', packages);
  // Built from a copy: what the build leaves behind belongs to nobody's sources.
  const [copy, target, home] = [join(folder, 'package'), join(folder, 'installed'), join(folder, 'airflow')];
  await cp(packageFolder, copy, { recursive: true });
  await run(python.program('python'), ['-m', 'pip', 'install', '-q', '--no-deps', '--target', target, copy]);
  await mkdir(home);
  const [port = 0] = await freePorts([undefined]);
  const origin = `http://127.0.0.1:${port}`;
  const env = {
    PATH: `${python.program('')}:${process.env['PATH'] ?? ''}`,
    HOME: folder,
    AIRFLOW_HOME: home,
    PYTHONPATH: target,
    PYTHONDONTWRITEBYTECODE: '1',
    AIRFLOW__CORE__DAGS_FOLDER: dagsFolder,
    AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
    AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION: 'False',
    // One slot: whoever holds it while he waits is noticed.
    AIRFLOW__CORE__PARALLELISM: '1',
    AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS: 'True',
    AIRFLOW__CORE__EXECUTION_API_SERVER_URL: `${origin}/execution/`,
    AIRFLOW__API__HOST: '127.0.0.1',
    AIRFLOW__API__PORT: String(port),
    AIRFLOW__API__WORKERS: '1',
    AIRFLOW__API_AUTH__JWT_SECRET: 'a secret of this test, long enough for its algorithm',
    AIRFLOW__LOGGING__LOGGING_LEVEL: 'INFO',
    AIRFLOW__SCHEDULER__SCHEDULER_HEARTBEAT_SEC: '1',
    ...more,
  };
  const airflow = (...words: string[]) =>
    run(python.program('airflow'), words, { env, cwd: folder, maxBuffer: maxOutputBytes });
  await airflow('db', 'migrate');
  const servers: ServerProcess[] = [];
  let token = '';

  const ask = async (method: string, path: string, body: object): Promise<void> => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const answer = await fetch(`${origin}/api/v2/${path}`, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  };
  const query = (sql: string, ...values: string[]): Record<string, unknown> | undefined => {
    const database = new DatabaseSync(join(home, 'airflow.db'), { readOnly: true, timeout: 10_000 });
    try {
      return database.prepare(sql).get(...values);
    } finally {
      database.close();
    }
  };
  const taskOf = (dag: string, id: string) => {
    const row = query('SELECT state, try_number FROM task_instance WHERE dag_id = ? AND run_id = ?', dag, id);
    return { state: (row?.['state'] ?? null) as string | null, tries: Number(row?.['try_number'] ?? 0) };
  };

  const stop = async (): Promise<void> => {
    for (const server of servers.splice(0).toReversed()) await server[Symbol.asyncDispose]();
  };
  return {
    python,
    env,
    stop,
    taskOf,
    runOf: (dag) => String(query('SELECT run_id FROM dag_run WHERE dag_id = ?', dag)?.['run_id']),
    async testDag(dag, day) {
      try {
        const { stdout, stderr } = await airflow('dags', 'test', dag, day);
        return { code: 0, output: stdout + stderr };
      } catch (error) {
        const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
        return { code, output: stdout + stderr };
      }
    },
    async start() {
      await airflow('dags', 'reserialize');
      const readyUrl = `${origin}/api/v2/monitor/health`;
      for (const part of ['api-server', 'scheduler', 'dag-processor', 'triggerer'])
        servers.push(
          await openServerProcess({ command: python.program('airflow'), words: [part], env, cwd: folder, readyUrl }),
        );
      const answer = await fetch(`${origin}/auth/token`);
      token = ((await answer.json()) as { access_token: string }).access_token;
    },
    trigger: (dag, id) => ask('POST', `dags/${dag}/dagRuns`, { dag_run_id: id, logical_date: '2026-11-24T02:00:00Z' }),
    setState: (dag, id, task, state) =>
      ask('PATCH', `dags/${dag}/dagRuns/${id}/taskInstances/${task}`, { new_state: state }),
    async clear(dag, id, task) {
      // A person sees a run that has ended before clearing what is in it.
      const runState = () => query('SELECT state FROM dag_run WHERE dag_id = ? AND run_id = ?', dag, id)?.['state'];
      while (!['failed', 'success'].includes(String(runState()))) await delay(pollMs);
      const what = { dag_run_id: id, task_ids: [task], only_failed: false, reset_dag_runs: true };
      await ask('POST', `dags/${dag}/clearTaskInstances`, { dry_run: false, ...what });
    },
    async until(dag, id, state) {
      while (taskOf(dag, id).state !== state) await delay(pollMs);
    },
    xcom(dag, id) {
      const row = query(`SELECT value FROM xcom WHERE dag_id = ? AND run_id = ? AND key = 'return_value'`, dag, id);
      const value = row?.['value'];
      return typeof value === 'string' ? (JSON.parse(value) as unknown) : undefined;
    },
    async close() {
      await stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
