/** The strict fakes of both providers as a setting for analyses under fire: they answer by the request alone and keep the ledger. */
import { textOf } from '../../../src/analysis/conversation.ts';
import { costUsd } from '../../../src/analysis/price.ts';
import { profileOf } from '../../../src/llm/profiles.ts';
import { openFakeAnthropic } from '../fake-anthropic.ts';
import type { FakeModelServer, FakeTurn } from '../fake-model-server.ts';
import { fakeKey, openFakeOpenAi } from '../fake-openai.ts';
import { openWorkerArena, type WorkerArena } from './worker-arena.ts';
import { createFaultWorld } from './world.ts';

/** A dialect each. */
export const models = ['openai/gpt-4.1', 'anthropic/claude-sonnet-5-5', 'local/local-model'] as const;

/** Model calls of one analysis. */
export const turnsOfARun = 10;

/** Between the pieces of an answer, so that kills meet all of them. */
const gapMs = 8;

/** How the fakes count, roughly as a tokenizer would. */
const charactersPerToken = 4;

export type AskedModels = {
  readonly arena: WorkerArena;
  /** `run turn` of every request that reached a provider. */
  asked(): readonly string[];
  /** `run turn` of every reply that is safe in the journal. */
  journaled(): ReadonlySet<string>;
  /** What the requests of a run come to, each billed in full. */
  billedUsd(run: number, model: string): number;
  [Symbol.asyncDispose](): Promise<void>;
};

export function taskOf(run: number): string {
  return `Measure part by part, run ${run}`;
}

export async function openAskedModels(): Promise<AskedModels> {
  const openAi = await openFakeOpenAi(answerTo);
  const anthropic = await openFakeAnthropic({ otherwise: answerTo });
  const servers: readonly FakeModelServer[] = [openAi, anthropic];
  const world = createFaultWorld({
    OPENAI_API_KEY: fakeKey,
    OPENAI_BASE_URL: openAi.baseUrl,
    DPA_LOCAL_API_KEY: fakeKey,
    DPA_LOCAL_BASE_URL: openAi.baseUrl,
    ANTHROPIC_API_KEY: fakeKey,
    ANTHROPIC_BASE_URL: anthropic.origin,
  });
  const arena = await openWorkerArena(world, 'models');
  const bodies = () => servers.flatMap(({ ledger }) => ledger.map(({ body }) => body));
  return {
    arena,
    asked: () => bodies().map(placeOf),
    journaled: () =>
      new Set(
        world.journaledReplies().map((reply) => {
          const [, turn, run] = /turn (\d+) of run (\d+)/.exec(textOf(reply)) ?? [];
          return `${run} ${turn}`;
        }),
      ),
    billedUsd: (run, model) =>
      bodies()
        .filter((body) => placeOf(body).startsWith(`${run} `))
        .reduce((sum: number, body) => sum + (costUsd(profileOf(model) ?? {}, tokensOf(body)) ?? 0), 0),
    async [Symbol.asyncDispose]() {
      await arena.close();
      await Promise.all(servers.map((server) => server.close()));
      world.remove();
    },
  };
}

/** Which turn of which run a request is for, whatever its dialect: the task names the run, each answer its turn. */
function placeOf(body: unknown): string {
  const text = JSON.stringify(body);
  const run = /Measure part by part, run (\d+)/.exec(text)?.[1];
  return `${run} ${new Set(text.match(/turn \d+ of run \d+/g)).size + 1}`;
}

function tokensOf(body: unknown) {
  return { inputTokens: Math.ceil(JSON.stringify(body).length / charactersPerToken), outputTokens: 20 };
}

function answerTo(body: unknown): FakeTurn {
  const [run, turn] = placeOf(body).split(' ');
  const { inputTokens, outputTokens } = tokensOf(body);
  const usage = { input: inputTokens, output: outputTokens, cached: 0, cacheWrite: 0, reasoning: 0 };
  const said = { text: ['This is ', `turn ${turn} `, `of run ${run}.`], gapMs, usage };
  if (Number(turn) >= turnsOfARun) return said;
  return { ...said, calls: [{ name: 'ledger__measure', arguments: { group: `${run}-${turn}` } }] };
}
