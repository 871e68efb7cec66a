/** `slaProperties`: how fresh data must be, as checks; what only people can promise is listed. */
import { knownColumn, knownTable, pathText, type Findings } from './findings.ts';
import type { Table } from '../contract.ts';
import { isMap, type Path } from './shape.ts';

const unitSeconds: Readonly<Record<string, number>> = {
  s: 1,
  second: 1,
  m: 60,
  min: 60,
  minute: 60,
  h: 3_600,
  hour: 3_600,
  d: 86_400,
  day: 86_400,
  w: 604_800,
  week: 604_800,
};

const fresh = new Set(['latency', 'ly', 'freshness', 'fr']);

/** `latency` (also `freshness`) of a date or timestamp column becomes a check of its newest value. */
export function readServiceLevels(
  findings: Findings,
  tables: readonly Table[],
  contract: Record<string, unknown>,
): void {
  const levels = Array.isArray(contract['slaProperties']) ? (contract['slaProperties'] as unknown[]) : [];
  for (const [index, level] of levels.entries()) {
    if (!isMap(level)) continue;
    const path: Path = ['slaProperties', index];
    const element = level['element'] ?? contract['slaDefaultElement'];
    const property = level['property'] as string;
    if (typeof level['id'] === 'string') findings.ids.set(pathText(path), level['id']);
    if (fresh.has(property.toLowerCase()) && typeof element === 'string' && element.includes('.'))
      readFreshness(findings, tables, level, element, path);
    else
      findings.unchecked.push({
        name: `${property}: ${JSON.stringify(level['value'])}${typeof level['unit'] === 'string' ? ` ${level['unit']}` : ''}`,
        source: pathText(path),
        reason: fresh.has(property.toLowerCase())
          ? 'no element says which column (table.column) tells how fresh the data is'
          : 'it is a promise about the service, which the data does not show',
      });
  }
}

function readFreshness(
  findings: Findings,
  tables: readonly Table[],
  level: Record<string, unknown>,
  element: string,
  path: Path,
): void {
  const dot = element.indexOf('.');
  const table = knownTable(findings, tables, element.slice(0, dot), [...path, 'element']);
  if (table === undefined) return;
  const column = knownColumn(findings, table, element.slice(dot + 1), [...path, 'element']);
  const unit = typeof level['unit'] === 'string' ? level['unit'] : 'd';
  const seconds = unitSeconds[unit.toLowerCase()] ?? unitSeconds[unit.toLowerCase().replace(/s$/, '')];
  const amount = Number(level['value']);
  if (seconds === undefined || !Number.isFinite(amount) || amount < 0) {
    const found = `${JSON.stringify(level['value'])} ${unit}`;
    findings.problems.push({ path, message: `expected a time such as value: 2 with unit: h, found ${found}` });
    return;
  }
  findings.drafts.push({
    kind: 'freshness',
    name: `newest ${column} is at most ${amount} ${unit} old`,
    table: table.name,
    column,
    must: [{ kind: 'lessOrEqual', value: String(amount * seconds) }],
    severity: 'error',
    dimension: 'timeliness',
    tags: [],
    source: pathText(path),
  });
}
