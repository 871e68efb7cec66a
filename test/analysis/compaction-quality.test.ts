/** How much of a long conversation survives the built-in summary: planted facts, three shortenings, thirty seeds. */
import { textOf, type Message } from '../../src/analysis/conversation.ts';
import { charactersOf, tailStart, viewed, type Placed, type View } from '../../src/analysis/view.ts';
import { fitted, merged, type Summary } from '../../src/analysis/summary.ts';
import { summaryFromRecords, weightOf } from '../../src/analysis/summary-from-records.ts';
import { plantedConversation, type Segment } from '../support/planted-conversation.ts';

const seeds = Array.from({ length: 30 }, (_, index) => index + 1);
const shortenings = 3;
const leastDrop = 0.8;

/** As the activity makes it for a model that reads 64,000 tokens. */
const summaryCharacters = 19_200;

type Session = { summary: Summary | undefined; placed: Placed[]; view: View | undefined };

function tokensOf(messages: readonly Message[]): number {
  return messages.reduce((sum, message) => sum + charactersOf(message), 0) / 3;
}

/** What the model is given after each of the shortenings, and by how much it became less. */
function shortenedThrice(segments: readonly Segment[]) {
  const session: Session = { summary: undefined, placed: [], view: undefined };
  let count = 0;
  return segments.slice(0, shortenings).map(({ messages }) => {
    for (const message of messages) session.placed.push({ ref: `r${(count += 1)}`, message });
    const before = tokensOf(viewed(session.placed, session.view));
    const all = session.placed.map(({ message }) => message);
    const start = tailStart(all);
    const through = count - (all.length - start);
    const fresh = summaryFromRecords(all.slice(0, start), null, through);
    session.summary = fitted(merged(session.summary, fresh), summaryCharacters, weightOf);
    const to = session.placed[start - 1]!.ref;
    session.view = { v: 1, maskedTo: to, summary: { to, of: session.summary, by: 'records' } };
    session.placed = session.placed.slice(start);
    const given = viewed(session.placed, session.view);
    return { given, latest: all.slice(-5), dropped: 1 - tokensOf(given) / before, before };
  });
}

function withoutRecord(message: Message): Message {
  return { ...message, parts: message.parts.slice(1) } as Message;
}

test.each(seeds)('seed %i: every planted fact is still there, and at least 80 %% of the tokens are not', (seed) => {
  const { segments, facts } = plantedConversation(seed);
  const made = shortenedThrice(segments);
  const last = made.at(-1)!.given;
  const read = last.map((message) => JSON.stringify(message)).join('\n');
  expect(facts.filter(({ text }) => !read.includes(JSON.stringify(text).slice(1, -1)))).toEqual([]);
  expect(facts.length).toBeGreaterThanOrEqual(12);
  for (const { dropped, given, latest } of made) {
    expect(dropped).toBeGreaterThanOrEqual(leastDrop);
    // A person's message that comes first shares its place with the record.
    expect(given.slice(-5).map((message) => (message === given[0] ? withoutRecord(message) : message))).toEqual(latest);
  }
  expect(textOf(last[0]!).length).toBeLessThanOrEqual(1.1 * summaryCharacters);
});
