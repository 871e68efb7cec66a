/** When a value lies outside its bounds: numbers as decimals, days and moments as such; what cannot be read as either does. */
import type { Range } from './check.ts';
import type { Dialect, Operand } from './dialect.ts';

export function rangeViolation(dialect: Dialect, check: Range, operand: Operand): string {
  return check.of === 'number' ? numberOutside(dialect, check, operand) : momentOutside(dialect, check, operand);
}

function numberOutside(dialect: Dialect, check: Range, { sql, kind }: Operand): string {
  const { minimum, maximum, multipleOf } = check;
  const parts: string[] = [];
  if (minimum !== undefined || maximum !== undefined) {
    parts.push(
      dialect.decimalTest(sql, kind, (decimal, literal) =>
        [
          ...(minimum === undefined ? [] : [below(decimal, minimum.exclusive, literal(minimum.value))]),
          ...(maximum === undefined ? [] : [above(decimal, maximum.exclusive, literal(maximum.value))]),
        ].join(' OR '),
      ),
    );
  }
  if (multipleOf !== undefined) {
    parts.push(
      dialect.decimalTest(sql, kind, (decimal, literal) => `${dialect.rest(decimal, literal(multipleOf))} <> 0`),
    );
  }
  // NaN sorts above everything, so a maximum alone catches it.
  if (kind === 'float' && maximum === undefined) parts.push(dialect.isNaN(sql));
  if (parts.length === 0) return 'false';
  const isNumeric = kind === 'integer' || kind === 'decimal' || kind === 'float';
  if (isNumeric) return `(${parts.join(' OR ')})`;
  return `(${sql} IS NOT NULL AND coalesce(${parts.map((part) => `(${part})`).join(' OR ')}, true))`;
}

function momentOutside(dialect: Dialect, check: Range, { sql, kind }: Operand): string {
  const as = check.of === 'number' ? 'timestamp' : check.of;
  const value = dialect.read(sql, kind, as);
  const { minimum, maximum } = check;
  const parts = [
    ...(minimum === undefined ? [] : [below(value, minimum.exclusive, dialect.literalOf(minimum.value, as))]),
    ...(maximum === undefined ? [] : [above(value, maximum.exclusive, dialect.literalOf(maximum.value, as))]),
  ];
  if (parts.length === 0) return 'false';
  if (value === sql) return `(${parts.join(' OR ')})`;
  return `(${sql} IS NOT NULL AND coalesce(${parts.join(' OR ')}, true))`;
}

function below(value: string, exclusive: boolean, bound: string): string {
  return `${value} ${exclusive ? '<=' : '<'} ${bound}`;
}

function above(value: string, exclusive: boolean, bound: string): string {
  return `${value} ${exclusive ? '>=' : '>'} ${bound}`;
}
