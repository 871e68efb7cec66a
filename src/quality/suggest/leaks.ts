/** Finds values of one column glued to the end of another: `Portland OR` in the city, while the state is empty. */
import type { Ask } from '../ask.ts';
import { confidence, counted, ownRule, percent, type Suggestion } from './suggestion.ts';
import { asText, identifier } from './sql-text.ts';
import { rowsOf, type ColumnStudy, type Study } from './study.ts';

/** Codes: short, few, and all of capitals or digits, so that a word's end is not taken for one. */
const MAX_CODE_CHARACTERS = 3;
const MAX_CODES = 300;
const CODE_SHARE = 0.95;
/** Glued rows that tell a habit from chance. */
const MIN_GLUED = 5;
const MAX_GLUED_SHARE = 0.3;
/** Of the glued rows, those whose own column is empty or says the same. */
const MIN_EXPLAINED = 0.8;
/** A glued row proves an empty cell wrong; of the empty cells these are nearly all. */
const MIN_EMPTY_EXPLAINED = 0.8;

export async function suggestLeaks(ask: Ask, study: Study): Promise<Suggestion[]> {
  const found: Suggestion[] = [];
  for (const code of study.columns.filter(isCode)) {
    for (const text of study.columns.filter((column) => column.isText && column.name !== code.name && !isCode(column)))
      found.push(...(await tried(ask, study, text, code)));
  }
  return found;
}

function isCode(column: ColumnStudy): boolean {
  if (!column.isText || !column.complete || column.distinct < 2 || column.distinct > MAX_CODES) return false;
  const codes = column.values.filter(
    ({ value }) => value.length <= MAX_CODE_CHARACTERS && /^[A-Z0-9]{2,}$/.test(value),
  );
  return codes.reduce((sum, { count }) => sum + count, 0) >= column.filled * CODE_SHARE;
}

async function tried(ask: Ask, study: Study, text: ColumnStudy, code: ColumnStudy): Promise<Suggestion[]> {
  const codes = code.values.map(({ value }) => value).filter((value) => /^[A-Z0-9]{2,3}$/.test(value));
  const pattern = `[ ,]+(?:${codes.toSorted().join('|')})$`;
  const glued = `regexp_matches(${asText(text.name)}, '${pattern}')`;
  const same = `${asText(code.name)} = right(${asText(text.name)}, length(${asText(code.name)}))`;
  const statement =
    `SELECT count(*) FILTER (WHERE ${glued}), count(*) FILTER (WHERE ${glued} AND ${identifier(code.name)} IS NULL), ` +
    `count(*) FILTER (WHERE ${glued} AND ${same}) FROM ${identifier(study.dataset)}`;
  const [row = []] = await rowsOf(ask, statement, 1);
  const [all = 0, empty = 0, repeated = 0] = row.map(Number);
  if (all < MIN_GLUED || all > study.rows * MAX_GLUED_SHARE || empty + repeated < all * MIN_EXPLAINED) return [];
  const where = `${counted(all)} values end in a value of ${code.name}, of which ${counted(empty)} have no ${code.name} of their own`;
  const own: Suggestion = {
    column: text.name,
    proposal: ownRule(`${text.name} without ${code.name} at its end`, { check: 'pattern', pattern, refused: true }),
    evidence: where,
    confidence: confidence(empty + repeated, all),
  };
  if (empty < code.nulls * MIN_EMPTY_EXPLAINED || code.nulls === 0) return [own];
  return [
    own,
    {
      column: code.name,
      proposal: ownRule(`${code.name} is filled`, { check: 'nullValues' }),
      evidence: `${percent(empty, code.nulls)} of its ${counted(code.nulls)} empty cells stand glued to the end of ${text.name}`,
      confidence: confidence(empty, code.nulls),
    },
  ];
}
