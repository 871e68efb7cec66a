/** llama.cpp's server on this machine, with a model of random numbers: the wire is tested, not the wit. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePorts } from '../../../src/temporal/free-ports.ts';
import { installPython } from './python-packages.ts';
import { openServerProcess } from './server-process.ts';

/** Compiled while it is installed: about 4 minutes on two cores, with a C++ compiler. */
const packages = ['llama-cpp-python[server]==0.3.36', 'gguf==0.19.0'];

const writeModel = fileURLToPath(new URL('tiny-gguf.py', import.meta.url));

export type LlamaCpp = {
  readonly baseUrl: string;
  readonly model: string;
  [Symbol.asyncDispose](): Promise<void>;
};

export async function openLlamaCpp(): Promise<LlamaCpp> {
  const programs = await installPython('llama-cpp', packages);
  const folder = await mkdtemp(join(tmpdir(), 'dpa-llama-'));
  const removeFolder = () => rm(folder, { recursive: true, force: true });
  try {
    const python = programs.program('python');
    const path = join(folder, 'tiny.gguf');
    await promisify(execFile)(python, [writeModel, path]);
    const [port] = await freePorts([undefined]);
    const baseUrl = `http://127.0.0.1:${port}/v1`;
    const words = ['-m', 'llama_cpp.server', '--model', path, '--model_alias', 'tiny', '--n_ctx', '4096'];
    const server = await openServerProcess({
      command: python,
      words: [...words, '--host', '127.0.0.1', '--port', String(port)],
      cwd: folder,
      readyUrl: `${baseUrl}/models`,
    });
    return {
      baseUrl,
      model: 'tiny',
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
