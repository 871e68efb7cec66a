/** The conformance suite for engines: what the cases say, run through the planner, the engine and the verdict. */
import type { Check } from '../../../src/quality/check.ts';
import type { CheckResult } from '../../../src/quality/check-result.ts';
import type { Column, Table } from '../../../src/quality/contract.ts';
import { compareDecimals } from '../../../src/quality/decimal.ts';
import type { Ask } from '../../../src/quality/ask.ts';
import type { Dialect, SourceColumn } from '../../../src/quality/dialect.ts';
import { evaluateTable } from '../../../src/quality/evaluate.ts';
import type { JudgeContext } from '../../../src/quality/outcome.ts';
import type { Earlier, Point } from '../../../src/quality/points.ts';
import type { TableSource } from '../../../src/quality/table-context.ts';
import { rowCases, tableCases, type Edge, type SmallTable, type TableCase } from './cases.ts';

/** What an engine brings: how to make a table of it, and how to ask it. */
export type Harness = {
  readonly dialect: Dialect;
  load(name: string, table: SmallTable): Promise<Pick<TableSource, 'dataset' | 'columns'>>;
  readonly ask: Ask;
};

export type ConformanceCase = {
  readonly name: string;
  readonly check: Check;
  readonly table: SmallTable;
  readonly other?: SmallTable;
  readonly nights: Pick<TableCase, 'before' | 'earlier' | 'contract'>;
  readonly expected: Found;
};

type Found = {
  readonly verdict: string;
  readonly violating?: number;
  readonly evaluated?: number;
  /** As expected where it is the same number, else what was found. */
  readonly value?: string;
};

/** The end of the data interval in all cases: the second of January 2024, midnight. */
const intervalEndMs = Date.UTC(2024, 0, 2);

export const conformanceCases: readonly ConformanceCase[] = [
  ...rowCases.flatMap(({ rule, storage, holds, violates }) => {
    const edges = [
      ...holds.map((edge) => ({ edge, violates: false })),
      ...violates.map((edge) => ({ edge, violates: true })),
      { edge: null, violates: rule.kind === 'nullValues' || rule.kind === 'missingValues' },
    ];
    return edges.map(({ edge, violates: broken }): ConformanceCase => {
      const isEvaluated = edge !== null || broken;
      const threshold = { unit: 'rows', must: [{ kind: 'equal', value: '0' }] } as const;
      return {
        name: `${describe(rule)} of ${storage}: ${shown(edge)}${broken ? ' violates' : ''}`,
        check: complete({ ...rule, column: 'c', threshold } as Partial<Check>),
        table: { columns: [['c', storage]], rows: [[edge]] },
        nights: {},
        expected: isEvaluated
          ? { verdict: broken ? 'failed' : 'passed', violating: broken ? 1 : 0, evaluated: 1 }
          : { verdict: 'skipped' },
      };
    });
  }),
  ...tableCases.map(
    ({ name, rule, table, other, verdict, violating, evaluated, value, ...nights }): ConformanceCase => ({
      name,
      check: complete(rule),
      table,
      nights,
      ...(other === undefined ? {} : { other }),
      expected: {
        verdict,
        ...(violating === undefined ? {} : { violating }),
        ...(evaluated === undefined ? {} : { evaluated }),
        ...(value === undefined ? {} : { value }),
      },
    }),
  ),
];

export async function runCase(harness: Harness, one: ConformanceCase): Promise<Found> {
  const { before = [], earlier = [] } = one.nights;
  const nights: Night[] = earlier.map((value) => ({ value, rows: one.table.rows.length, columns: [] }));
  for (const table of before) {
    const { result, distribution, columns } = await runNight(harness, { ...one, table }, nights);
    const { actual: value } = result;
    nights.push({
      rows: table.rows.length,
      columns,
      ...(value === undefined ? {} : { value }),
      ...(distribution === undefined ? {} : { distribution }),
    });
  }
  return found((await runNight(harness, one, nights)).result, one.expected);
}

/** What a night left behind; all of them were accepted. */
type Night = Pick<Point, 'value' | 'distribution'> & {
  readonly rows: number;
  readonly columns: readonly SourceColumn[];
};

async function runNight({ dialect, load, ask }: Harness, one: ConformanceCase, nights: readonly Night[]) {
  const columns = (one.nights.contract ?? []).map(([name, logicalType]): Column => ({
    name,
    physicalName: name,
    required: false,
    unique: false,
    examples: [],
    tags: [],
    ...(logicalType === undefined ? {} : { logicalType }),
  }));
  const source: TableSource = { table: { ...plainTable('subject'), columns }, ...(await load('subject', one.table)) };
  const others = new Map<string, TableSource>();
  if (one.other !== undefined) {
    others.set('other', { table: plainTable('other'), ...(await load('other', one.other)) });
  }
  const { results, distributions } = await evaluateTable(
    { ...source, dialect, others },
    [one.check],
    (): JudgeContext => ({
      table: source.table,
      kindOf: (type) => dialect.kindOf(type),
      intervalEndMs,
      interval: '2024-01-01',
      earlier: nights.map(earlierOf),
      columnsBefore: nights.at(-1)?.columns,
    }),
    ask,
  );
  return { result: results[0]!, distribution: Object.values(distributions)[0], columns: source.columns };
}

function earlierOf({ rows, columns: _, ...kept }: Night, index: number): Earlier {
  const { definitionHash, name, table, severity } = complete({});
  const point = { definitionHash, name, table, severity, verdict: 'passed', reason: '', evaluatedRows: rows } as const;
  return { interval: `2023-12-${String(index + 1).padStart(2, '0')}`, point: { ...point, ...kept } };
}

/** Only what the case speaks of; a broken rule about rows must also show as many of them. */
function found(result: CheckResult, expected: Found): Found {
  const { verdict, violatingRows, evaluatedRows, actual = '', sample } = result;
  const isSame = expected.value !== undefined && compareDecimals(actual, expected.value) === 0;
  if (sample !== undefined && sample.rows.length !== violatingRows && result.kind !== 'duplicateValues') {
    throw new Error(`expected ${violatingRows} failing rows, found ${sample.rows.length}: ${sample.statement}`);
  }
  return {
    verdict: verdict === 'error' && expected.verdict !== 'error' ? `error: ${result.reason}` : verdict,
    ...(expected.violating === undefined ? {} : { violating: violatingRows! }),
    ...(expected.evaluated === undefined ? {} : { evaluated: evaluatedRows! }),
    ...(expected.value === undefined ? {} : { value: isSame ? expected.value : actual }),
  };
}

function complete(rule: Partial<Check>): Check {
  return {
    id: 'rule',
    contract: 'suite',
    definitionHash: 'rule',
    name: 'rule',
    table: 'subject',
    severity: 'error',
    dimension: 'accuracy',
    tags: [],
    source: 'schema[0]',
    ...rule,
  } as Check;
}

function plainTable(name: string): Table {
  return { name, physicalName: name, columns: [], tags: [] };
}

function describe(rule: object): string {
  return JSON.stringify(rule).replaceAll(/[{}"]/g, '').slice(0, 120);
}

function shown(edge: Edge): string {
  return edge === null ? 'NULL' : JSON.stringify(edge);
}
