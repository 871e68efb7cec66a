/** A proposed rule, with what in the data speaks for it. */

export interface Suggestion {
  /** Absent for a rule of the table. */
  readonly column?: string;
  readonly proposal: Proposal;
  /** A sentence with numbers of this data. */
  readonly evidence: string;
  /** From 0 to 1: the share of what was looked at that agrees, lowered where little was looked at. */
  readonly confidence: number;
  /** A model's name and reason for a rule; neither its id nor what it checks depends on them. */
  readonly words?: { readonly name: string; readonly why: string };
}

/** Words of the standard: keys of a column, or an entry of its `quality`, or what the table is fresh by. */
export type Proposal =
  | { readonly kind: 'attribute'; readonly keys: Readonly<Record<string, unknown>> }
  | { readonly kind: 'rule'; readonly name: string; readonly rule: Readonly<Record<string, unknown>> }
  | { readonly kind: 'latency'; readonly days: number };

/** A check of this program as a rule of the standard; its id is made of its name. */
export function ownRule(name: string, implementation: Readonly<Record<string, unknown>>): Proposal {
  return { kind: 'rule', name, rule: { type: 'custom', engine: 'dpa', implementation } };
}

/** Few observations prove little: half of it goes at ten, nearly nothing at a thousand. */
export function confidence(agreeing: number, looked: number): number {
  if (looked <= 0) return 0;
  const value = (agreeing / looked) * (looked / (looked + 10));
  return Math.round(value * 1_000) / 1_000;
}

export function percent(part: number, whole: number): string {
  return whole === 0 ? '0 %' : `${Math.round((part / whole) * 1_000) / 10} %`;
}

/** `1234567` → `1,234,567` */
export function counted(count: number): string {
  return count.toLocaleString('en-US');
}
