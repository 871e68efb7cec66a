/** The `quality` rules of a table or column as checks: the library's metrics, SQL, this program's own; the rest is listed. */
import { nearest } from '../../analysis/nearest.ts';
import type { CheckDraft } from '../check-id.ts';
import type { Dimension, Scalar, Threshold } from '../check.ts';
import { comparisonsOf } from './comparisons.ts';
import { knownColumn, pathText, type DraftBase, type Findings, type Site } from './findings.ts';
import { readOwnCheck } from './own-checks.ts';
import { ownProperties } from './own-properties.ts';
import { isMap } from './shape.ts';

/** Words other tools use for a rule that warns and lets pass. */
const warnings = new Set(['warning', 'warn', 'info', 'information', 'minor', 'low', 'trivial']);

/** Names of 3.0, before the standard gave its metrics new ones. */
const olderNames: Readonly<Record<string, string>> = {
  duplicateCount: 'duplicateValues',
  duplicates: 'duplicateValues',
  unique: 'duplicateValues',
  uniqueCheck: 'duplicateValues',
  nullCheck: 'nullValues',
  nullCount: 'nullValues',
  nulls: 'nullValues',
  missingCount: 'missingValues',
  validValues: 'invalidValues',
  invalidCount: 'invalidValues',
};

/** The standard's fixed words for the dimensions, by what is looked at. */
const dimensionOf: Readonly<Record<string, Dimension>> = {
  nullValues: 'completeness',
  missingValues: 'completeness',
  duplicateValues: 'uniqueness',
  rowCount: 'coverage',
  volume: 'coverage',
  sequenceGaps: 'coverage',
  anomaly: 'accuracy',
  aggregate: 'accuracy',
  reconcile: 'accuracy',
  sql: 'accuracy',
  failedRows: 'accuracy',
  distributionDrift: 'accuracy',
  freshness: 'timeliness',
  retention: 'timeliness',
  foreignKey: 'consistency',
  functionalDependency: 'consistency',
  rowExpression: 'consistency',
};

export function readRules(findings: Findings, site: Site, rules: unknown): void {
  if (!Array.isArray(rules)) return;
  for (const [index, rule] of rules.entries()) {
    if (isMap(rule)) readRule(findings, { ...site, path: [...site.path, 'quality', index] }, rule);
  }
}

function readRule(findings: Findings, site: Site, rule: Record<string, unknown>): void {
  const source = pathText(site.path);
  if (typeof rule['id'] === 'string') findings.ids.set(source, rule['id']);
  const { type } = rule;
  const metric = rule['metric'] ?? rule['rule'];
  if (type === 'text') return leave(findings, site, rule, 'it is written in words: only a person can check it');
  if (type === 'sql') return readSql(findings, site, rule);
  if (type === 'custom') {
    if (rule['engine'] === 'dpa') {
      const own = isMap(rule['implementation']) ? rule['implementation']['check'] : undefined;
      readOwnCheck(findings, site, baseOf(findings, site, rule, own as string), rule['implementation']);
      return;
    }
    leave(findings, site, rule, `it is for the engine ${rule['engine'] as string}`);
    return;
  }
  if (typeof metric === 'string') return readMetric(findings, site, rule, olderNames[metric] ?? metric);
  leave(findings, site, rule, 'it names no metric');
}

function readSql(findings: Findings, site: Site, rule: Record<string, unknown>): void {
  const must = comparisonsOf(findings, rule, site.path);
  if (must.length === 0) return;
  const query = (rule['query'] as string)
    .replaceAll(/\$?\{(?:table|object|model|schema)\}/g, '$${table}')
    .replaceAll(/\$?\{(?:column|property|field)\}/g, '$${column}');
  const column = site.column === undefined ? {} : { column: site.column };
  findings.drafts.push({ ...baseOf(findings, site, rule, 'sql'), kind: 'sql', query, ...column, must });
}

function readMetric(findings: Findings, site: Site, rule: Record<string, unknown>, metric: string): void {
  const must = comparisonsOf(findings, rule, site.path);
  if (must.length === 0) {
    if (!findings.problems.some(({ path }) => pathText(path).startsWith(pathText(site.path))))
      findings.problems.push({ path: site.path, message: 'nothing is said of what the number must be: add mustBe: 0' });
    return;
  }
  const base = baseOf(findings, site, rule, metric);
  if (metric === 'rowCount') {
    findings.drafts.push({ ...base, kind: 'rowCount', must });
    return;
  }
  const threshold: Threshold = { unit: rule['unit'] === 'percent' ? 'percent' : 'rows', must };
  const draft = metricDraft(findings, site, { ...rule, ...argumentsOf(rule) }, metric, base, threshold);
  if (draft !== undefined) findings.drafts.push(draft);
}

function argumentsOf(rule: Record<string, unknown>): Record<string, unknown> {
  return isMap(rule['arguments']) ? rule['arguments'] : {};
}

function metricDraft(
  findings: Findings,
  site: Site,
  said: Record<string, unknown>,
  metric: string,
  base: DraftBase,
  threshold: Threshold,
): CheckDraft | undefined {
  const { column } = site;
  if (metric === 'duplicateValues') {
    const named = said['properties'] ?? said['columns'];
    const at = [...site.path, 'arguments', 'properties'];
    const columns = Array.isArray(named)
      ? (named as string[]).map((name, index) => knownColumn(findings, site.table, name, [...at, index]))
      : column === undefined
        ? []
        : [column];
    if (columns.length > 0) return { ...base, kind: 'duplicateValues', columns, threshold };
    return fault(
      findings,
      site,
      'duplicateValues of a table needs arguments.properties, the columns that count together',
    );
  }
  const known = ['nullValues', 'missingValues', 'invalidValues', 'duplicateValues', 'rowCount'];
  if (!known.includes(metric)) {
    const [close] = nearest(metric, known);
    return fault(findings, site, `unknown metric ${metric}.${close === undefined ? '' : ` Did you mean ${close}?`}`);
  }
  if (column === undefined) return fault(findings, site, `${metric} needs a column: put the rule under one`);
  if (metric === 'nullValues') return { ...base, kind: 'nullValues', column, threshold };
  if (metric === 'missingValues') {
    const listed = said['missingValues'];
    const values = Array.isArray(listed) ? (listed as Scalar[]) : [];
    return { ...base, kind: 'missingValues', column, values, blank: !Array.isArray(listed), threshold };
  }
  const { validValues, pattern } = said;
  if (Array.isArray(validValues) && pattern === undefined)
    return { ...base, kind: 'acceptedValues', column, values: validValues as Scalar[], refused: false, threshold };
  if (typeof pattern === 'string' && validValues === undefined)
    return { ...base, kind: 'pattern', column, pattern, refused: false, threshold };
  return fault(findings, site, 'invalidValues needs either arguments.validValues or arguments.pattern');
}

function fault(findings: Findings, site: Site, message: string): undefined {
  findings.problems.push({ path: site.path, message });
}

function leave(findings: Findings, site: Site, rule: Record<string, unknown>, reason: string): void {
  findings.unchecked.push({
    name: nameOf(rule) ?? reason,
    table: site.table.name,
    ...(site.column === undefined ? {} : { column: site.column }),
    source: pathText(site.path),
    reason,
  });
}

function nameOf(rule: Record<string, unknown>): string | undefined {
  const found = [rule['name'], rule['description'], rule['id']].find((word) => typeof word === 'string' && word !== '');
  return typeof found === 'string' ? found : undefined;
}

const ruleProperties = ['dpa.filter', 'dpa.owner', 'dpa.confidence', 'dpa.evidence'];

/** What these say is shown to people and not read. */
const shownOnly = ['dpa.confidence', 'dpa.evidence'];

function baseOf(findings: Findings, site: Site, rule: Record<string, unknown>, kind: string): DraftBase {
  const custom = textsOf(findings, site, rule);
  const { severity, dimension, tags, description } = rule;
  const subject = site.column ?? site.table.name;
  return {
    name: nameOf(rule) ?? `${kind} of ${subject}`,
    table: site.table.name,
    severity: typeof severity === 'string' && warnings.has(severity.toLowerCase()) ? 'warning' : 'error',
    dimension: typeof dimension === 'string' ? (dimension as Dimension) : (dimensionOf[kind] ?? 'conformity'),
    tags: Array.isArray(tags) ? (tags as string[]) : [],
    source: pathText(site.path),
    ...(typeof description === 'string' ? { description } : {}),
    ...(custom.has('dpa.filter') ? { filter: custom.get('dpa.filter')! } : {}),
    ...(custom.has('dpa.owner') ? { owner: custom.get('dpa.owner')! } : {}),
  };
}

function textsOf(findings: Findings, { path }: Site, rule: Record<string, unknown>): Map<string, string> {
  const found = new Map<string, string>();
  for (const { property, value, at } of ownProperties(findings, rule, ruleProperties, path)) {
    if (shownOnly.includes(property)) continue;
    if (typeof value === 'string') found.set(property, value);
    else findings.problems.push({ path: [...at, 'value'], message: `expected text, found ${JSON.stringify(value)}` });
  }
  return found;
}
