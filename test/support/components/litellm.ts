/** LiteLLM's proxy on this machine, with the strict fakes as the providers behind it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../../../src/temporal/free-ports.ts';
import { installPython } from './python-packages.ts';
import { openServerProcess } from './server-process.ts';

/** Installed from PyPI: about 50 s and 750 MB once. */
const litellm = 'litellm[proxy]==1.106.2';

export type Backend = {
  /** What clients of the proxy call the model. */
  readonly name: string;
  /** `provider/model` as LiteLLM writes it. */
  readonly model: string;
  readonly apiBase: string;
  readonly apiKey: string;
  /** What its operator says it reads. */
  readonly windowTokens?: number;
  /** More of LiteLLM's own parameters, such as `extra_headers`. */
  readonly more?: Readonly<Record<string, unknown>>;
};

export type LiteLlm = {
  /** With the port, without a path. */
  readonly origin: string;
  readonly apiKey: string;
  output(): string;
  [Symbol.asyncDispose](): Promise<void>;
};

export async function openLiteLlm(backends: readonly Backend[]): Promise<LiteLlm> {
  const programs = await installPython('litellm', [litellm]);
  const folder = await mkdtemp(join(tmpdir(), 'dpa-litellm-'));
  const [port] = await freePorts([undefined]);
  const apiKey = 'sk-litellm-0123456789abcdef';
  const origin = `http://127.0.0.1:${port}`;
  const removeFolder = () => rm(folder, { recursive: true, force: true });
  try {
    const path = join(folder, 'config.json');
    await writeFile(path, JSON.stringify(configuration(backends, apiKey)));
    const server = await openServerProcess({
      command: programs.program('litellm'),
      words: ['--config', path, '--host', '127.0.0.1', '--port', String(port)],
      cwd: folder,
      // Its list of prices would be fetched, its usage told.
      env: { LITELLM_LOCAL_MODEL_COST_MAP: 'True', LITELLM_TELEMETRY: 'False' },
      readyUrl: `${origin}/health/liveliness`,
    });
    return {
      origin,
      apiKey,
      output: () => server.output(),
      async [Symbol.asyncDispose]() {
        await server[Symbol.asyncDispose]();
        await removeFolder();
      },
    };
  } catch (error) {
    await removeFolder();
    throw error;
  }
}

/** Valid YAML too, which it expects. */
function configuration(backends: readonly Backend[], apiKey: string): object {
  return {
    model_list: backends.map(({ name, model, apiBase, apiKey: key, windowTokens, more }) => ({
      model_name: name,
      litellm_params: { model, api_base: apiBase, api_key: key, ...more },
      ...(windowTokens === undefined ? {} : { model_info: { max_input_tokens: windowTokens } }),
    })),
    litellm_settings: { num_retries: 0, telemetry: false },
    router_settings: { num_retries: 0, disable_cooldowns: true },
    general_settings: { master_key: apiKey },
  };
}
