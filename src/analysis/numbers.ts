/** How a number is written into a statement by its format, and how numbers are found again in text. */
import type { Finding, NumberFormat, Quantity } from './evidence.ts';

/** What stands where a value is not a finite number. */
export const missingNumber = 'n/a';

type Style = { readonly digits: number; readonly write: (value: number, digits: number) => string };

const styles: Readonly<Record<NumberFormat['style'], Style>> = {
  count: { digits: 0, write: grouped },
  decimal: { digits: 2, write: grouped },
  percent: { digits: 1, write: (value, digits) => `${grouped(value * 100, digits)} %` },
  points: { digits: 1, write: (value, digits) => `${signed(value * 100, digits)} percentage points` },
  times: { digits: 1, write: (value, digits) => `${grouped(value, digits)} times` },
};

/** `12,345` · `3.14` · `13.2 %` · `+3.1 percentage points` · `2.4 times`. */
export function formatNumber(value: number, format: NumberFormat): string {
  if (!Number.isFinite(value)) return missingNumber;
  const { digits, write } = styles[format.style];
  return write(value, format.digits ?? digits);
}

/** A statement in pieces: plain text, names and values of the data (without their back-quotes), numbers. */
export type StatementPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'name'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string; readonly index: number };

/** Cuts a statement into its pieces; inside back-quotes nothing is a placeholder. */
export function statementParts(statement: string, quantities: readonly Quantity[]): StatementPart[] {
  return statement.split('`').flatMap((piece, position): StatementPart[] => {
    if (position % 2 === 1) return [{ kind: 'name', text: piece }];
    return piece
      .split(/(\{\d+\})/)
      .filter((text) => text !== '')
      .map((text) => numberPart(text, quantities) ?? { kind: 'text', text });
  });
}

/** The statement as people read it: numbers in place of `{0}`, names still in back-quotes. */
export function renderStatement(finding: Pick<Finding, 'statement' | 'quantities'>): string {
  return statementParts(finding.statement, finding.quantities)
    .map((part) => (part.kind === 'name' ? `\`${part.text}\`` : part.text))
    .join('');
}

export type NumberToken = { readonly text: string; readonly value: number; readonly start: number };

/** The numbers that stand in plain text: what is in back-quotes is a name, not a number. */
export function numbersInText(text: string): NumberToken[] {
  // A quoted span is blanked, not cut, so that positions stay true and its neighbours do not grow together.
  const plain = text.replaceAll(/`[^`]*`/g, (span) => ' '.repeat(span.length));
  return [...plain.matchAll(/(?<![\p{L}\p{N}_.])[-+−]?\p{Nd}[\p{Nd},]*(?:\.\p{Nd}+)?(?:[eE][-+]?\p{Nd}+)?/gu)].map(
    (match) => {
      const token = match[0].replace(/,+$/, '');
      return { text: token, value: Number(token.replaceAll(',', '').replace('−', '-')), start: match.index };
    },
  );
}

function numberPart(text: string, quantities: readonly Quantity[]): StatementPart | undefined {
  const placeholder = /^\{(\d+)\}$/.exec(text);
  if (placeholder === null) return undefined;
  const index = Number(placeholder[1]);
  const quantity = quantities[index];
  return quantity && { kind: 'number', text: formatNumber(quantity.value, quantity.format), index };
}

function signed(value: number, digits: number): string {
  const text = grouped(value, digits);
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

function grouped(value: number, digits: number): string {
  // From 1e21 on toFixed writes an exponent, in which there is nothing to group.
  const fixed = value.toFixed(digits);
  const zeroWithSign = /^-[0.]+$/.test(fixed);
  const [whole = '', fraction] = (zeroWithSign ? fixed.slice(1) : fixed).split('.');
  if (/e/.test(fixed)) return fixed;
  const withSeparators = whole.replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
  return fraction === undefined ? withSeparators : `${withSeparators}.${fraction}`;
}
