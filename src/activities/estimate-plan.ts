/** The activity that says what a plan may cost, from what tools tell about the data without reading it. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../analysis/canonical-json.ts';
import type { Plan } from '../analysis/plan.ts';
import { planCost } from '../analysis/plan-cost.ts';
import type { Price } from '../analysis/price.ts';
import { writtenUsd } from '../analysis/spent-words.ts';
import { writtenSize } from '../analysis/size-words.ts';
import type { EstimatePlanInput, EstimatePlanResult } from './contract.ts';
import { readCatalog, type ActivityDependencies, type StoredCatalog } from './dependencies.ts';
import { parseEnvelope } from './evidence.ts';
import { withHeartbeat } from './heartbeat.ts';

type Dataset = { readonly name: string; readonly rows: number | undefined; readonly bytes: number | undefined };

/** Hex digits by which a person names a plan. */
const idDigits = 8;

/** Datasets named in the sentence. */
const maxNamed = 5;

export function createEstimatePlan({ store, connections, profileFor }: ActivityDependencies) {
  return (input: EstimatePlanInput): Promise<EstimatePlanResult> =>
    withHeartbeat(async (signal) => {
      const catalog = await readCatalog(store, input.catalog);
      const found: Dataset[] = [];
      for (const tool of catalog.tools.filter(isListing)) {
        const idempotencyKey = `${input.session}/estimate/${tool.name}`;
        const call = { tool: tool.name, arguments: {}, dataPaths: catalog.data, idempotencyKey, signal };
        // An estimate that cannot be made must not stand in the way of the plan.
        const outcome = await connections.call(call).catch(() => undefined);
        if (outcome?.ok === true) found.push(...datasetsIn(outcome.text));
      }
      const profile = await profileFor(input.model);
      const cost = `${scanned(touchedBy(input.plan, found))} ${calls(input, profile?.price)}`;
      return { id: idOf(input), cost };
    });
}

function idOf({ plan, turn }: EstimatePlanInput): string {
  const hash = createHash('sha256').update(JSON.stringify([turn, canonicalJson(plan)]));
  return `plan-${hash.digest('hex').slice(0, idDigits)}`;
}

/** Tools that list what there is, such as `list_datasets`: metadata only, and nothing to be given. */
function isListing({ metadata, inputSchema }: StoredCatalog['tools'][number]): boolean {
  const required = inputSchema['required'];
  return metadata === true && (!Array.isArray(required) || required.length === 0);
}

function datasetsIn(text: string): Dataset[] {
  const table = parseEnvelope(text)?.table;
  const at = (name: string) => table?.columns.findIndex((column) => column.name === name) ?? -1;
  const [name, rows, bytes] = [at('dataset'), at('rows'), at('bytes')];
  if (table === undefined || name < 0) return [];
  return table.rows.map((cells) => ({
    name: String(cells[name]),
    rows: countIn(cells[rows]),
    bytes: countIn(cells[bytes]),
  }));
}

function countIn(cell: unknown): number | undefined {
  const count = cell === null || cell === undefined ? Number.NaN : Number(cell);
  return Number.isFinite(count) ? count : undefined;
}

/** Those that the plan names; all of them when it names none. */
function touchedBy(plan: Plan, found: readonly Dataset[]): { datasets: readonly Dataset[]; isNamed: boolean } {
  const listed = new Set(plan.steps.flatMap(({ datasets = [] }) => datasets));
  const words = new Set(plan.steps.flatMap(({ title }) => title.split(/[^\p{L}\p{N}_./-]+/u)));
  const named = found.filter(({ name }) => listed.has(name) || words.has(name));
  return named.length > 0 ? { datasets: named, isNamed: true } : { datasets: found, isNamed: false };
}

function scanned({ datasets, isNamed }: ReturnType<typeof touchedBy>): string {
  if (datasets.length === 0) return 'How much data it reads is not known: no tool tells the sizes.';
  const named = datasets.slice(0, maxNamed).map((dataset) => `${dataset.name}${inBrackets(sizesOf([dataset]))}`);
  const left = datasets.length - named.length;
  const which = isNamed ? 'Reads' : 'Names no datasets; may read any of';
  const list = `${which} ${named.join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
  const all = sizesOf(datasets);
  return `${list}${datasets.length === 1 || all === '' ? '' : `: ${all} for one full scan of each`}.`;
}

function sizesOf(datasets: readonly Dataset[]): string {
  const rows = sumOf(datasets.map((dataset) => dataset.rows));
  const bytes = sumOf(datasets.map((dataset) => dataset.bytes));
  return [
    ...(rows === undefined ? [] : [`${rows.toLocaleString('en-US')} rows`]),
    ...(bytes === undefined ? [] : [writtenSize(bytes)]),
  ].join(', ');
}

function inBrackets(words: string): string {
  return words === '' ? '' : ` (${words})`;
}

function calls({ model, plan, promptTokens }: EstimatePlanInput, price: Price | undefined): string {
  if (model === 'builtin') return 'The built-in planner uses no tokens.';
  const { turns, tokens, usd } = planCost(plan.steps.length, promptTokens ?? 0, price);
  if (promptTokens === undefined) return `About ${turns} turns of ${model}.`;
  const money = usd === undefined ? 'whose price is not known' : `${writtenUsd(usd)} if nothing is cached`;
  return `About ${turns} turns of ${model}: some ${tokens.toLocaleString('en-US')} tokens, ${money}.`;
}

function sumOf(counts: readonly (number | undefined)[]): number | undefined {
  return counts.some((count) => count === undefined)
    ? undefined
    : counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
}
