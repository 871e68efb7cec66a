/** Long conversations with facts planted at random places among the talk and the tables of an ordinary analysis. */
import type { Message, ToolCall } from '../../src/analysis/conversation.ts';
import { seededRandom } from './faults/random.ts';

export type Fact = {
  readonly kind: 'goal' | 'constraint' | 'decision' | 'number' | 'preference' | 'evidence';
  readonly text: string;
};

export type Segment = { readonly messages: readonly Message[] };

/** Messages of one segment are about as long as a model of 64,000 tokens reads. */
const segmentCharacters = 160_000;
const segments = 3;

const subjects = ['churn', 'returns', 'late deliveries', 'refunds', 'failed payments', 'support tickets', 'renewals'];
const groups = [
  'EMEA',
  'Nordics',
  'wholesale',
  'the web shop',
  'enterprise',
  'Lyon',
  'partners',
  'batch 7',
  'new customers',
];
const columns = [
  'order_status',
  'signup_channel',
  'tier',
  'carrier',
  'plan_code',
  'cost_centre',
  'is_test',
  'batch_id',
];

type Words = { pick<T>(from: readonly T[]): T; count(from: number, to: number): number; rate(): string };

/** Each with what varies filled in anew; several wordings of each kind, some without any telling word. */
const wordings = {
  goal: [
    (w: Words) => `Find out what drives ${w.pick(subjects)} among ${w.pick(groups)} since ${w.count(2015, 2025)}.`,
    (w: Words) => `I need to know why ${w.pick(subjects)} went up in week ${w.count(2, 51)} for ${w.pick(groups)}.`,
    (w: Words) =>
      `Explain ${w.pick(subjects)} by \`${w.pick(columns)}\`, for the board meeting on ${w.count(1, 28)} May.`,
  ],
  constraint: [
    (w: Words) => `Leave out rows where \`${w.pick(columns)}\` is ${w.count(2, 99)}.`,
    (w: Words) => `Nothing from before ${w.count(2012, 2022)}-0${w.count(1, 9)} counts.`,
    (w: Words) => `Groups with fewer than ${w.count(20, 400)} rows must not be shown.`,
    (w: Words) => `The totals have to agree with finance to within ${w.count(2, 9)} euros.`,
    (w: Words) => `Customer ${w.count(1_000, 9_999)} is a test account, ignore it.`,
  ],
  preference: [
    (w: Words) => `I like percentages with ${w.count(1, 4)} decimals.`,
    (w: Words) => `Please keep every table to ${w.count(3, 12)} rows.`,
    (w: Words) => `Call it ${w.pick(groups)} and never segment ${w.count(2, 40)}.`,
    (w: Words) => `Amounts in thousands of Swiss francs, rounded to ${w.count(2, 50)}.`,
  ],
  decision: [
    (w: Words) => `I decided to treat \`${w.pick(columns)}\` = ${w.count(2, 99)} as missing.`,
    (w: Words) => `The median is used instead of the mean, because ${w.count(2, 60)} orders are far out.`,
    (w: Words) => `From now on a customer counts as lost after ${w.count(30, 365)} days without an order.`,
    (w: Words) => `Going with \`${w.pick(columns)}\` for the join, since it has only ${w.count(2, 300)} repeats.`,
    (w: Words) => `Duplicates on \`${w.pick(columns)}\` go; the latest of each ${w.count(2, 9)} stays.`,
  ],
  number: [
    (w: Words, rate: string) => `${w.pick(subjects)} in ${w.pick(groups)} stand at ${rate} per order.`,
    (w: Words, rate: string) => `For ${w.pick(groups)} the rate comes to ${rate}, the highest of all.`,
    (w: Words, rate: string) => `${rate} is the share of ${w.pick(groups)}.`,
    (w: Words, rate: string) => `Between ${w.pick(groups)} and the rest the difference is ${rate}.`,
  ],
} as const;

/** What an analyst says anyway; half of it with numbers that nobody needs later. */
const talk = [
  (w: Words) => `Let me look at \`${w.pick(columns)}\` next.`,
  (w: Words) => `The query returned ${w.count(2, 900)} rows in ${w.count(2, 90)} ms.`,
  (w: Words) => `Now I will check page ${w.count(2, 400)} of the result.`,
  (w: Words) => `Looking at ${w.pick(groups)} in more detail.`,
  () => 'That seems plausible so far.',
  () => 'One moment, I am reading the next part of the table.',
  (w: Words) => `Running step ${w.count(2, 500)} of the check.`,
  // As dry as a finding, and about nothing that a result holds.
  (w: Words) => `orders_${w.count(1, 9)} has ${w.count(200, 9_000)} lines of text.`,
  (w: Words) => `\`${w.pick(columns)}\` takes ${w.count(11, 90)} kilobytes there.`,
  (w: Words) => `Continuing with \`${w.pick(columns)}\` and ${w.pick(groups)}.`,
] as const;

const remarks = ['Go on.', 'Fine, go on please.', 'Thanks, what else?', 'And the other groups?'] as const;

export function plantedConversation(seed: number): { segments: readonly Segment[]; facts: readonly Fact[] } {
  const random = seededRandom(seed, 'planted');
  const w: Words = {
    pick: (from) => from[Math.floor(random() * from.length)]!,
    count: (from, to) => from + Math.floor(random() * (to - from + 1)),
    rate: () => `0.${String(Math.floor(random() * 9_000) + 1_000)}`,
  };
  const facts: Fact[] = [];
  const plant = (kind: Exclude<Fact['kind'], 'evidence' | 'number'>): string => {
    const text = w.pick(wordings[kind])(w);
    facts.push({ kind, text });
    return text;
  };
  let turn = 0;
  const made = Array.from({ length: segments }, (_, part): Segment => {
    const messages: Message[] = [];
    const opening =
      part === 0
        ? [plant('goal'), plant('constraint'), plant('preference')]
        : [plant('constraint'), plant('preference')];
    messages.push(said('user', opening.join(' ')));
    // Places of the decisions and numbers among the turns.
    const places = new Set(Array.from({ length: 4 }, () => w.count(1, 20)));
    for (let size = 0, own = 1; size < segmentCharacters; own += 1) {
      turn += 1;
      const chatter = Array.from({ length: w.count(1, 4) }, () => w.pick(talk)(w));
      const rate = w.rate();
      if (places.has(own)) {
        const text = w.pick(wordings.number)(w, rate);
        facts.push({ kind: 'number', text }, { kind: 'evidence', text: rate });
        chatter.splice(w.count(0, chatter.length), 0, plant('decision'), text);
      }
      const id = `t${turn}c0`;
      const call: ToolCall = {
        kind: 'toolCall',
        id,
        name: 'lake__query',
        arguments: { sql: `SELECT \`${w.pick(columns)}\`, rate FROM orders_${w.count(1, 9)} LIMIT ${turn}` },
      };
      const { result, length } = tableWith(w, id, rate);
      messages.push({ role: 'assistant', parts: [{ kind: 'text', text: chatter.join(' ') }, call] }, result);
      size += length + chatter.join(' ').length;
      if (w.count(1, 12) === 1) messages.push(said('assistant', w.pick(talk)(w)), said('user', w.pick(remarks)));
    }
    return { messages };
  });
  return { segments: made, facts };
}

/** A result of two to seven thousand characters, in one of whose rows the rate stands. */
function tableWith(w: Words, callId: string, rate: string): { result: Message; length: number } {
  const rows = Array.from({ length: w.count(50, 180) }, (_, index) => [
    `group ${index}`,
    w.rate(),
    String(w.count(1, 9_999)),
  ]);
  rows[w.count(0, rows.length - 1)]![1] = rate;
  const data = { columns: ['name', 'rate', 'n'].map((name) => ({ name, type: 'VARCHAR' })), rows };
  const text = JSON.stringify({ data, meta: { returnedRows: rows.length, datasets: ['orders'] }, ok: true });
  const ref = callId.padStart(64, '0');
  return {
    result: { role: 'tool', parts: [{ kind: 'toolResult', callId, ok: true, ref, text }] },
    length: text.length,
  };
}

function said(role: 'user' | 'assistant', text: string): Message {
  return { role, parts: [{ kind: 'text', text }] };
}
