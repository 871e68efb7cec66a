/** A contract that is being put together from another tool's rules; what has no counterpart stands in it as words, so that nothing is lost. */

import { ownCheck } from '../odcs/own-check-shapes.ts';
import { operatorNames, operators } from '../odcs/schema-rules.ts';
import { map, problemsOf, type Shape } from '../odcs/shape.ts';

type Words = Record<string, unknown>;

/** A rule that could not be carried over. */
export interface LeftOver {
  readonly table: string;
  readonly column?: string;
  /** The rule as it was written, in short. */
  readonly what: string;
  readonly why: string;
}

/** How many rows may violate, and what else every rule has. */
export interface RuleFacts {
  readonly severity?: 'warning';
  readonly filter?: string;
  readonly name?: string;
  readonly description?: string;
  readonly unit?: 'percent';
  /** Comparisons in the standard's words; none may violate where it says nothing. */
  readonly must?: Words;
}

const WHAT_SHOWN = 300;

export class ContractDraft {
  readonly left: LeftOver[] = [];
  /** Rules and attributes that were carried over. */
  carried = 0;
  readonly #name: string;
  readonly #tables = new Map<string, TableDraft>();
  readonly #levels: Words[] = [];

  constructor(name: string) {
    this.#name = name;
  }

  table(name: string): TableDraft {
    const known = this.#tables.get(name);
    if (known !== undefined) return known;
    const made = new TableDraft(this, name);
    this.#tables.set(name, made);
    return made;
  }

  /** The newest value of a column is at most so old. */
  latency(table: string, column: string, value: number, unit: 'd' | 'h' | 'm'): void {
    this.table(table).column(column);
    this.carried += 1;
    this.#levels.push({ property: 'latency', value, unit, element: `${table}.${column}` });
  }

  document(): Words {
    return {
      apiVersion: 'v3.2.0',
      kind: 'DataContract',
      id: slug(this.#name),
      version: '0.1.0',
      status: 'draft',
      name: this.#name,
      schema: [...this.#tables.values()].map((table) => table.words()),
      ...(this.#levels.length === 0 ? {} : { slaProperties: this.#levels }),
    };
  }
}

export class TableDraft {
  readonly #draft: ContractDraft;
  readonly #name: string;
  readonly #keys: Words = {};
  readonly #columns = new Map<string, { keys: Words; rules: Words[] }>();
  readonly #rules: Words[] = [];

  constructor(draft: ContractDraft, name: string) {
    this.#draft = draft;
    this.#name = name;
  }

  get name(): string {
    return this.#name;
  }

  describe(keys: Words): void {
    Object.assign(this.#keys, present(keys));
  }

  /** Columns stand in the order in which they are first named. */
  column(name: string, keys: Words = {}): void {
    const column = this.#columns.get(name) ?? { keys: {}, rules: [] };
    Object.assign(column.keys, present(keys));
    this.#columns.set(name, column);
  }

  /** `required`, `unique` and the like count as a rule. */
  attribute(column: string, keys: Words): void {
    this.column(column, keys);
    this.#draft.carried += 1;
  }

  /** A check of this program; one that could not be read again is left over. */
  check(column: string | undefined, implementation: Words, facts: RuleFacts = {}): void {
    const { unit, must, filter } = facts;
    const own = { ...implementation, ...(filter === undefined ? {} : { filter }), ...(unit && { unit }), ...must };
    const [wrong] = problemsOf(own, ownCheck);
    const fault = wrong?.message ?? unordered(own);
    if (fault !== undefined) {
      this.leave(column, own, fault);
      return;
    }
    this.#declare(implementation);
    this.#add(column, { type: 'custom', engine: 'dpa', implementation: own, ...said(facts) });
    this.#draft.carried += 1;
  }

  sql(column: string | undefined, query: string, must: Words, facts: RuleFacts = {}): void {
    const [wrong] = problemsOf(must, oneComparison);
    const fault = wrong?.message ?? unordered(must);
    if (fault !== undefined) {
      this.leave(column, { query, ...must }, fault);
      return;
    }
    this.#add(column, { type: 'sql', query, ...must, ...said(facts) });
    this.#draft.carried += 1;
  }

  leave(column: string | undefined, rule: unknown, why: string): void {
    const written = typeof rule === 'string' ? rule : (JSON.stringify(rule) ?? '');
    const what = written.length > WHAT_SHOWN ? `${written.slice(0, WHAT_SHOWN)}…` : written;
    this.#draft.left.push({ table: this.#name, ...(column === undefined ? {} : { column }), what, why });
    this.#add(column, { type: 'text', description: `not carried over: ${what} (${why})` });
  }

  words(): Words {
    const columns = [...this.#columns].map(([name, { keys, rules }]) => ({
      name,
      ...keys,
      ...(rules.length === 0 ? {} : { quality: rules }),
    }));
    return {
      name: this.#name,
      ...this.#keys,
      ...(columns.length === 0 ? {} : { properties: columns }),
      ...(this.#rules.length === 0 ? {} : { quality: this.#rules }),
    };
  }

  /** What a rule refers to is part of the contract, also when nothing else is said of it. */
  #declare({ columns, to }: Words): void {
    for (const name of Array.isArray(columns) ? (columns as string[]) : []) this.column(name);
    if (typeof to !== 'object' || to === null) return;
    const target = to as { readonly table: string; readonly columns: readonly string[] };
    for (const name of target.columns) this.#draft.table(target.table).column(name);
  }

  #add(column: string | undefined, rule: Words): void {
    if (column === undefined) {
      this.#rules.push(rule);
      return;
    }
    this.column(column);
    this.#columns.get(column)?.rules.push(rule);
  }
}

const oneComparison: Shape = { ...map(operators), exactlyOne: operatorNames };

/** Why a pair of limits holds nothing, or a comparison compares with no number. */
function unordered(words: Words): string | undefined {
  const pairs = [words['mustBeBetween'], words['mustNotBeBetween']].filter((pair) => Array.isArray(pair));
  if (pairs.some(([low, high]) => !(Number(low) < Number(high)))) return 'its limits are turned round';
  const odd = [words['mustBe'], words['mustNotBe']].some((value) => value !== undefined && typeof value !== 'number');
  return odd ? 'it compares with what is no number' : undefined;
}

function said({ severity, name, description }: RuleFacts): Words {
  return present({ name, description, severity });
}

function present(words: Words): Words {
  return Object.fromEntries(Object.entries(words).filter(([, value]) => value !== undefined));
}

function slug(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_]+/g, '-').replaceAll(/^-+|-+$/g, '') || 'contract';
}
