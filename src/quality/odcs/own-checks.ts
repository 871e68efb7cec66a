/** A rule with `engine: dpa` as a check of this program. */
import type { CheckDraft } from '../check-id.ts';
import type {
  Comparison,
  FormatName,
  HistoryWindow,
  Measure,
  Range,
  Scalar,
  SchemaChange,
  Threshold,
} from '../check.ts';
import type { SequenceGaps, TypeConformity } from '../check.ts';
import { comparisonsOf } from './comparisons.ts';
import { decimalAt, knownColumn, knownTable, never, type DraftBase, type Findings, type Site } from './findings.ts';
import { measureKeys, ownCheck, type OwnKind } from './own-check-shapes.ts';
import { isMap, problemsOf, type Path } from './shape.ts';
import { secondsOf } from './time-span.ts';

/** A season needs four weeks to be seen; without one, two weeks are enough. */
const WINDOW_POINTS = 14;
const SEASON_POINTS = 28;
const LEARNING_POINTS = 7;
const SENSITIVITY = 3;
/** The usual reading of PSI: above 0.2 the distribution has moved. */
const DRIFT_LIMIT = 0.2;
const DRIFT_BUCKETS = 10;

type Values = Record<string, unknown>;

/** `implementation` has any shape until here. */
export function readOwnCheck(findings: Findings, site: Site, base: DraftBase, implementation: unknown): void {
  const path = [...site.path, 'implementation'];
  const wrong = problemsOf(implementation, ownCheck, path);
  findings.problems.push(...wrong);
  if (wrong.length > 0 || !isMap(implementation)) return;
  const values: Values = { ...(site.column === undefined ? {} : { column: site.column }), ...implementation };
  const filter = typeof values['filter'] === 'string' ? { filter: values['filter'] } : {};
  const reader = new OwnCheckReader(findings, { ...site, path }, { ...base, ...filter }, values);
  const draft = reader.draft(implementation['check'] as OwnKind);
  if (draft !== undefined) findings.drafts.push(draft);
}

class OwnCheckReader {
  readonly #findings: Findings;
  readonly #site: Site;
  readonly #base: DraftBase;
  readonly #values: Values;
  #faulty = false;

  constructor(findings: Findings, site: Site, base: DraftBase, values: Values) {
    this.#findings = findings;
    this.#site = site;
    this.#base = base;
    this.#values = values;
  }

  /** Absent when a fault was told. */
  draft(kind: OwnKind): CheckDraft | undefined {
    const before = this.#findings.problems.length;
    const made = this.#rowDraft(kind) ?? this.#valueDraft(kind) ?? this.#historyDraft(kind);
    return this.#faulty || this.#findings.problems.length > before ? undefined : made;
  }

  #rowDraft(kind: OwnKind): CheckDraft | undefined {
    const values = this.#values;
    const base = this.#base;
    const row = () => ({ ...base, column: this.#column(), threshold: this.#threshold() });
    switch (kind) {
      case 'nullValues':
      case 'personalData':
        return { ...row(), kind };
      case 'missingValues':
        return { ...row(), kind, values: this.#list<Scalar>('values'), blank: values['blank'] === true };
      case 'acceptedValues':
        return { ...row(), kind, values: this.#list<Scalar>('values'), refused: values['refused'] === true };
      case 'pattern':
        return { ...row(), kind, pattern: this.#text('pattern'), refused: values['refused'] === true };
      case 'format':
        return { ...row(), kind, format: values['format'] as FormatName };
      case 'range':
        return { ...row(), kind, ...this.#range() };
      case 'length':
        return { ...row(), kind, ...this.#pick('minimum'), ...this.#pick('maximum') };
      case 'typeConformity': {
        const logicalType = values['logicalType'] as TypeConformity['logicalType'];
        return {
          ...row(),
          kind,
          logicalType,
          ...(values['format'] === undefined ? {} : { format: this.#text('format') }),
        };
      }
      case 'duplicateValues':
        return { ...base, kind, columns: this.#columns('columns'), threshold: this.#threshold() };
      case 'functionalDependency':
        return { ...row(), kind, determinant: this.#columns('determinant') };
      case 'foreignKey':
        return this.#foreignKey();
      case 'rowExpression': {
        const columns =
          values['columns'] === undefined && values['column'] === undefined ? [] : this.#columns('columns');
        return { ...base, kind, expression: this.#text('expression'), columns, threshold: this.#threshold() };
      }
      case 'failedRows':
        return { ...base, kind, query: this.#text('query'), threshold: this.#threshold() };
      default:
        return undefined;
    }
  }

  #valueDraft(kind: OwnKind): CheckDraft | undefined {
    const values = this.#values;
    const base = this.#base;
    switch (kind) {
      case 'rowCount':
        return { ...base, kind, must: this.#must(undefined) };
      case 'aggregate':
        return { ...base, kind, measure: this.#measure('measure'), must: this.#must(undefined) };
      case 'freshness':
      case 'retention':
        return { ...base, kind, column: this.#column(), must: this.#must(this.#maxAge()) };
      case 'reconcile': {
        const measure = this.#measure('measure');
        const other = values['with'] as Values;
        const at: Path = [...this.#site.path, 'with'];
        const name = other['table'] as string;
        const table = knownTable(this.#findings, this.#site.tables, name, [...at, 'table']);
        const theirs =
          other['measure'] === undefined ? measure : this.#measureOf(other['measure'], [...at, 'measure'], table);
        const filter = typeof other['filter'] === 'string' ? { filter: other['filter'] } : {};
        const unit = values['unit'] === 'percent' ? 'percent' : 'value';
        return {
          ...base,
          kind,
          measure,
          with: { table: table?.name ?? name, measure: theirs, ...filter },
          unit,
          must: this.#must(never),
        };
      }
      case 'sequenceGaps': {
        const { step } = values;
        const by: SequenceGaps['step'] =
          step === 'day' || step === 'hour' ? { kind: step } : { kind: 'number', by: this.#decimal('step') };
        return { ...base, kind, column: this.#column(), step: by, must: this.#must(never) };
      }
      default:
        return undefined;
    }
  }

  #historyDraft(kind: OwnKind): CheckDraft | undefined {
    const values = this.#values;
    const base = this.#base;
    switch (kind) {
      case 'schema': {
        const against = values['against'] === 'baseline' ? 'baseline' : 'contract';
        const all: SchemaChange[] = ['added', 'removed', 'retyped', 'reordered'];
        const refused = values['refused'] === undefined ? all : this.#list<SchemaChange>('refused');
        return { ...base, kind, against, refused };
      }
      case 'volume': {
        const limits = { ...this.#percent('maxDropPercent'), ...this.#percent('maxGrowthPercent') };
        if (Object.keys(limits).length === 0) this.#fault('volume needs maxDropPercent, maxGrowthPercent or both');
        return { ...base, kind, ...limits, window: this.#window() };
      }
      case 'anomaly': {
        const sensitivity = typeof values['sensitivity'] === 'number' ? values['sensitivity'] : SENSITIVITY;
        const direction = values['direction'] === 'up' || values['direction'] === 'down' ? values['direction'] : 'both';
        return { ...base, kind, measure: this.#measure('measure'), sensitivity, direction, window: this.#window() };
      }
      case 'distributionDrift': {
        const method = values['method'] === 'ks' || values['method'] === 'categoryShare' ? values['method'] : 'psi';
        const limit = values['limit'] === undefined ? String(DRIFT_LIMIT) : this.#decimal('limit');
        const buckets = typeof values['buckets'] === 'number' ? values['buckets'] : DRIFT_BUCKETS;
        return { ...base, kind, column: this.#column(), method, limit, buckets };
      }
      default:
        return undefined;
    }
  }

  #foreignKey(): CheckDraft {
    const to = this.#values['to'] as { table: string; columns: string[] };
    const at: Path = [...this.#site.path, 'to'];
    const table = knownTable(this.#findings, this.#site.tables, to.table, [...at, 'table']);
    const theirs = to.columns.map((name, index) =>
      table === undefined ? name : knownColumn(this.#findings, table, name, [...at, 'columns', index]),
    );
    const columns = this.#columns('columns');
    if (columns.length !== theirs.length)
      this.#fault(`expected as many columns here (${columns.length}) as there (${theirs.length})`);
    const target = { table: table?.name ?? to.table, columns: theirs };
    return { ...this.#base, kind: 'foreignKey', columns, to: target, threshold: this.#threshold() };
  }

  #range() {
    const bound = (inclusive: string, exclusive: string) => {
      const key = this.#values[exclusive] === undefined ? inclusive : exclusive;
      if (this.#values[key] === undefined) return undefined;
      return { value: this.#decimal(key), exclusive: key === exclusive };
    };
    const minimum = bound('minimum', 'exclusiveMinimum');
    const maximum = bound('maximum', 'exclusiveMaximum');
    const multipleOf = this.#values['multipleOf'] === undefined ? {} : { multipleOf: this.#decimal('multipleOf') };
    const of = (this.#values['of'] as Range['of'] | undefined) ?? 'number';
    return { of, ...(minimum && { minimum }), ...(maximum && { maximum }), ...multipleOf };
  }

  #column(): string {
    const name = this.#values['column'];
    if (typeof name === 'string')
      return knownColumn(this.#findings, this.#site.table, name, [...this.#site.path, 'column']);
    this.#fault('the key column is missing: name one, or put the rule under a column');
    return '';
  }

  /** The list of that key, else the one column of the rule. */
  #columns(key: string): string[] {
    if (this.#values[key] === undefined) return [this.#column()];
    const at: Path = [...this.#site.path, key];
    return this.#list<string>(key).map((name, index) =>
      knownColumn(this.#findings, this.#site.table, name, [...at, index]),
    );
  }

  #threshold(): Threshold {
    return { unit: this.#values['unit'] === 'percent' ? 'percent' : 'rows', must: this.#must(never) };
  }

  #must(otherwise: readonly Comparison[] | undefined): readonly Comparison[] {
    const found = comparisonsOf(this.#findings, this.#values, this.#site.path);
    if (found.length > 0) return found;
    if (otherwise === undefined)
      this.#fault('nothing is said of what the number must be: add mustBe, mustBeLessThan, …');
    return otherwise ?? [];
  }

  #maxAge(): readonly Comparison[] | undefined {
    const written = this.#values['maxAge'];
    if (typeof written !== 'string') return undefined;
    const seconds = secondsOf(written);
    if (seconds === undefined) this.#fault(`expected a time such as 30m, 36h or 2d, found ${JSON.stringify(written)}`);
    return [{ kind: 'lessOrEqual', value: String(seconds ?? 0) }];
  }

  #measure(key: string): Measure {
    return this.#measureOf(this.#values[key], [...this.#site.path, key], this.#site.table);
  }

  #measureOf(value: unknown, path: Path, table: Site['table'] | undefined): Measure {
    if (!isMap(value)) return { kind: 'rowCount' };
    const kind = measureKeys.find((key) => Object.hasOwn(value, key)) ?? '';
    const name = value[kind] as string;
    const column = table === undefined ? name : knownColumn(this.#findings, table, name, [...path, kind]);
    if (kind !== 'quantile') return { kind: kind as 'sum', column };
    return { kind, column, quantile: Number(value['at']) };
  }

  #window(): HistoryWindow {
    const { points, learning, season } = this.#values;
    const seasonal = season === 'dayOfWeek';
    return {
      points: typeof points === 'number' ? points : seasonal ? SEASON_POINTS : WINDOW_POINTS,
      learning: typeof learning === 'number' ? learning : LEARNING_POINTS,
      season: seasonal ? 'dayOfWeek' : 'none',
    };
  }

  #decimal(key: string): string {
    const value = this.#values[key];
    return typeof value === 'number' ? decimalAt(this.#findings, [...this.#site.path, key], value) : this.#text(key);
  }

  #percent<K extends string>(key: K): Partial<Record<K, string>> {
    return this.#values[key] === undefined ? {} : ({ [key]: this.#decimal(key) } as Record<K, string>);
  }

  #pick<K extends string>(key: K): Partial<Record<K, number>> {
    return this.#values[key] === undefined ? {} : ({ [key]: this.#values[key] } as Record<K, number>);
  }

  #text(key: string): string {
    return this.#values[key] as string;
  }

  #list<T>(key: string): T[] {
    return Array.isArray(this.#values[key]) ? (this.#values[key] as T[]) : [];
  }

  #fault(message: string): void {
    this.#faulty = true;
    this.#findings.problems.push({ path: this.#site.path, message });
  }
}
