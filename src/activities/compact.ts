/** The activity that shortens a conversation: masks old results, and where that is not enough puts a summary in place of the older part. */
import { createHash } from 'node:crypto';
import { Context } from '@temporalio/activity';
import type { Message } from '../analysis/conversation.ts';
import { failures, isFailureType } from '../analysis/failures.ts';
import { fitted, merged, type Summary } from '../analysis/summary.ts';
import { summaryFromRecords, weightOf } from '../analysis/summary-from-records.ts';
import { charactersOf, tailStart, viewed, type Placed, type View } from '../analysis/view.ts';
import type { CompactInput, CompactResult } from './contract.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { withHeartbeat } from './heartbeat.ts';
import { askForSummary, type AskedSummary } from './model-summary.ts';
import { brokenOffOf } from './paid-calls.ts';

/** Characters per token, where no call has shown how many there are. */
const charactersPerToken = 3;

/** A mask that leaves less than this part of the window is enough; otherwise the older part is summarised. */
const roomyShare = 0.4;

/** Where the five latest messages leave no more room than this, their older results are masked too. */
const fullShare = 0.6;

/** Part of the window for the summary, and its bounds in characters. */
const summaryShare = 0.1;
const leastSummaryCharacters = 3_000;
const mostSummaryCharacters = 24_000;

/** Window where none is known. */
const carefulWindow = 32_000;

/** Times a model is asked for a summary before the built-in one is made. */
const maxAttempts = 3;

type Paid = Partial<Omit<AskedSummary, 'sections'>>;

type Shortened = { readonly view: View; readonly messages: readonly Message[]; readonly told: string } & Paid;

export function createCompact(dependencies: ActivityDependencies) {
  const { store, journal, transcript, sessions } = dependencies;

  return (input: CompactInput): Promise<CompactResult> =>
    withHeartbeat(async (signal) => {
      const key = ['compaction', input.session, String(input.step), hashOf(input)];
      const known = (await journal.read(key)) as CompactResult | undefined;
      if (known !== undefined && (await isReadable(known))) return known;
      const before = input.view === undefined ? undefined : (JSON.parse(await store.get(input.view)) as View);
      const placed = await transcript.since(input.head, before?.summary?.to ?? null);
      const given = viewed(placed, before);
      const tokensOf = tokenGuess(input, given);
      const shortened =
        masking(input, placed, before, tokensOf) ?? (await summarising(input, placed, before, tokensOf, signal));
      if (shortened === undefined)
        return { tokens: tokensOf(given), told: 'The conversation is too long, and nothing of it can be shortened.' };
      const { view, messages, told, ...paid } = shortened;
      const tokens = tokensOf(messages);
      const text = JSON.stringify(view);
      const ref = store.refOf(text);
      const result = {
        view: ref,
        tokens,
        told: `${told}: about ${words(tokensOf(given))} → ${words(tokens)} tokens.`,
        ...paid,
      };
      await store.put(text);
      await journal.write(key, result);
      await sessions.record(input.session, { head: input.head, turn: input.step, view: ref });
      return result;
    });

  /** Undefined when it would not be enough. */
  function masking(
    input: CompactInput,
    placed: readonly Placed[],
    before: View | undefined,
    tokensOf: (messages: readonly Message[]) => number,
  ): Shortened | undefined {
    const start = tailStart(placed.map(({ message }) => message));
    if (input.exceeded || start === 0) return undefined;
    const view: View = { v: 1, ...before, maskedTo: placed[start - 1]!.ref };
    const messages = viewed(placed, view);
    if (tokensOf(messages) > roomyShare * windowOf(input)) return undefined;
    return { view, messages, told: 'Older results are shortened to their beginnings' };
  }

  async function summarising(
    input: CompactInput,
    placed: readonly Placed[],
    before: View | undefined,
    tokensOf: (messages: readonly Message[]) => number,
    signal: AbortSignal,
  ): Promise<Shortened | undefined> {
    const start = tailStart(placed.map(({ message }) => message));
    const older = placed.slice(0, start).map(({ message }) => message);
    const fits = (view: View) => tokensOf(viewed(placed, view)) <= fullShare * windowOf(input);
    let view = before;
    let made: MadeSummary | undefined;
    if (older.length > 0) {
      made = await summaryOf(input, older, before?.summary?.of, signal);
      const to = placed[start - 1]!.ref;
      const earlier = before?.summary === undefined ? before?.before : input.view;
      view = {
        v: 1,
        maskedTo: to,
        summary: { to, of: made.summary, by: made.by },
        ...(earlier === undefined ? {} : { before: earlier }),
      };
    }
    // Five messages that fill the window leave no room to go on: all but the last are masked then.
    const lastButOne = placed.at(-2);
    if (lastButOne !== undefined && (view === undefined || !fits(view)))
      view = { v: 1, ...view, maskedTo: lastButOne.ref };
    if (view === undefined || (made === undefined && view.maskedTo === before?.maskedTo)) return undefined;
    const rest = view.summary === undefined ? placed : placed.slice(start);
    const messages = viewed(rest, view);
    const by = made === undefined ? '' : made.by === 'records' ? ' (from the records)' : ` (by ${made.by})`;
    const told =
      made === undefined
        ? 'Results are shortened to their beginnings'
        : `${made.summary.messages} messages became a summary${by}`;
    return { view, messages, told, ...made?.paid };
  }

  type MadeSummary = {
    readonly summary: Summary;
    readonly by: string;
    readonly paid: Paid;
  };

  async function summaryOf(
    input: CompactInput,
    older: readonly Message[],
    before: Summary | undefined,
    signal: AbortSignal,
  ): Promise<MadeSummary> {
    const characters = summaryRoom(windowOf(input));
    const through = (before?.messages ?? 0) + older.length;
    const records = summaryFromRecords(older, input.plan, through);
    const fromRecords = merged(before, records);
    const asked = input.ask === undefined ? undefined : await askOr(input, older, before, signal);
    if (asked?.sections === undefined)
      return { summary: fitted(fromRecords, characters, weightOf), by: 'records', paid: asked?.paid ?? {} };
    const summary = { ...fromRecords, sections: asked.sections };
    return { summary: fitted(summary, characters, weightOf), by: input.model, paid: asked.paid };
  }

  /** A summary that cannot be had must not stop the analysis: the records are there. */
  async function askOr(
    input: CompactInput,
    older: readonly Message[],
    before: Summary | undefined,
    signal: AbortSignal,
  ) {
    const room = windowOf(input) * fullShare * charactersPerToken;
    try {
      const { sections, ...paid } = await askForSummary(dependencies, input, { older, before, room }, signal);
      return { sections, paid };
    } catch (error) {
      if (signal.aborted || isWorthAnother(error)) throw error;
      const paid = await brokenOffOf(journal, { session: input.session, turn: `${input.step}/summary` });
      return { sections: undefined, paid };
    }
  }

  async function isReadable({ view }: CompactResult): Promise<boolean> {
    if (view === undefined) return true;
    return store.get(view).then(
      () => true,
      () => false,
    );
  }
}

/** What a network may have broken is asked again; what the model says is final. */
function isWorthAnother(error: unknown): boolean {
  const type = error instanceof Error ? error.name : '';
  return isFailureType(type) && failures[type].retried && Context.current().info.attempt < maxAttempts;
}

/** By what the last call showed; its characters include instructions and tools. */
function tokenGuess({ contextTokens, promptTokens }: CompactInput, given: readonly Message[]) {
  const count = (messages: readonly Message[]) =>
    messages.reduce((sum, message) => sum + charactersOf(message), promptTokens * charactersPerToken);
  const shown = contextTokens / count(given);
  const perCharacter = contextTokens > 0 && Number.isFinite(shown) ? shown : 1 / charactersPerToken;
  return (messages: readonly Message[]): number => Math.ceil(count(messages) * perCharacter);
}

/** A model that said it was given too much reads less than was thought. */
function windowOf({ window = carefulWindow, contextTokens, exceeded }: CompactInput): number {
  return exceeded && contextTokens > 0 ? Math.min(window, contextTokens) : window;
}

function summaryRoom(window: number): number {
  const characters = window * summaryShare * charactersPerToken;
  return Math.round(Math.min(mostSummaryCharacters, Math.max(leastSummaryCharacters, characters)));
}

function words(tokens: number): string {
  return Math.round(tokens).toLocaleString('en-US');
}

function hashOf({ head, view, model, exceeded }: CompactInput): string {
  return createHash('sha256')
    .update(JSON.stringify([head, view ?? null, model, exceeded ?? false]))
    .digest('hex');
}
