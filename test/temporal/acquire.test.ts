/** The Temporal program is looked for in the order of architecture.md, and installed once. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acquireTemporal, cachedTemporal, locateTemporal, type AcquireOptions } from '../../src/temporal/acquire.ts';

const closedBase = 'http://127.0.0.1:1/cli';
const fakeTemporal = '#!/bin/sh\necho temporal version 1.5.1\n';

let folder: string;
let programs: string;
let goCalls: string;
let progress: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dpa-acquire-'));
  programs = join(folder, 'programs');
  goCalls = join(folder, 'go-calls');
  mkdirSync(programs);
  progress = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a program that is there', () => {
  test('DPA_TEMPORAL_CLI wins over PATH, PATH over the cache', () => {
    const named = program('own-temporal', fakeTemporal);
    const cached = putInCache();
    expect(locateTemporal(options())).toBe(cached);
    const onPath = program('temporal', fakeTemporal);
    expect(locateTemporal(options())).toBe(onPath);
    expect(locateTemporal({ ...options(), temporalCli: named })).toBe(named);
  });

  test('a wrong DPA_TEMPORAL_CLI is named, nothing else is tried', async () => {
    putInCache();
    const wrong = { ...options(), temporalCli: join(folder, 'nothing') };
    await expect(acquireTemporal(wrong)).rejects.toThrow(/DPA_TEMPORAL_CLI: expected .* Found: ".*nothing"/);
    await expect(acquireTemporal(wrong)).rejects.toMatchObject({ exitCode: 64 });
  });
});

describe('building with Go', () => {
  test('installs into the cache, says so, and is not repeated', async () => {
    program('go', fakeGo('go1.25.0'));
    const found = await acquireTemporal(options());
    expect(found).toBe(cachedTemporal(join(folder, 'cache')));
    expect(readFileSync(found, 'utf8')).toBe(fakeTemporal);
    expect(progress).toEqual(['building the Temporal program with Go, once, 2 to 3 minutes on an idle machine']);
    expect(calls()).toEqual(['install -v github.com/temporalio/cli/cmd/temporal@v1.5.1']);
    await acquireTemporal(options());
    expect(calls()).toHaveLength(1);
    expect(readdirSync(join(folder, 'cache')).sort()).toEqual(['bin', 'temporal.lock']);
  });

  test('is done once by two starts at a time; the second says that it waits', async () => {
    const goOn = join(folder, 'go-on');
    program('go', fakeGo('go1.26.3', `while [ ! -e ${goOn} ]; do sleep 0.02; done`));
    const waits = (text: string) => {
      progress.push(text);
      if (text.startsWith('another start')) writeFileSync(goOn, '');
    };
    const found = await Promise.all([acquireTemporal(options(waits)), acquireTemporal(options(waits))]);
    expect(found[0]).toBe(found[1]);
    expect(calls()).toHaveLength(1);
    expect(progress).toContain('another start is installing the Temporal program; waiting for it');
  });

  test('stops when nobody wants it any more, and leaves nothing half-made', async () => {
    const abort = new AbortController();
    program('go', fakeGo('go1.26.3', 'exec sleep 60'));
    const build = acquireTemporal({
      ...options(),
      signal: abort.signal,
      onProgress: () => abort.abort(new Error('left')),
    });
    await expect(build).rejects.toThrow('left');
    expect(readdirSync(join(folder, 'cache', 'bin'))).toEqual([]);
    expect(existsSync(join(folder, 'cache', 'installing'))).toBe(false);
  });
});

describe('the official download', () => {
  test('is preferred to a build', async () => {
    program('go', fakeGo('go1.26.3'));
    await using server = await downloadServer(archiveOf(fakeTemporal));
    const found = await acquireTemporal({ ...options(), downloadBase: server.base });
    expect(readFileSync(found, 'utf8')).toBe(fakeTemporal);
    expect(existsSync(goCalls)).toBe(false);
    expect(server.asked[0]).toMatch(/^\/cli\/v1\.5\.1\?arch=(amd64|arm64)&platform=(linux|darwin)&format=tar\.gz$/);
  });

  test('that is broken off, or does not run here, gives way to the build', async () => {
    program('go', fakeGo('go1.26.3'));
    for (const archive of [Buffer.from('not an archive'), archiveOf('#!/bin/sh\nexit 1\n')]) {
      rmSync(join(folder, 'cache'), { recursive: true, force: true });
      await using server = await downloadServer(archive);
      const found = await acquireTemporal({ ...options(), downloadBase: server.base });
      expect(readFileSync(found, 'utf8')).toBe(fakeTemporal);
    }
    expect(calls()).toHaveLength(2);
  });
});

describe('when no way works', () => {
  test.each([
    ['no Go', undefined, /building it with Go: no program `go` on PATH/],
    ['an old Go', fakeGo('go1.24.9'), /expected Go 1\.25 or later, found "go version go1\.24\.9/],
    [
      'a build that fails',
      '#!/bin/sh\n[ $1 = version ] && echo go version go1.26.0 && exit; echo no space left >&2; exit 1',
      /ended with 1: no space left/,
    ],
  ])('one message names every way: %s', async (_name, go, reason) => {
    if (go) program('go', go);
    const error: unknown = await acquireTemporal(options()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'CommandError', exitCode: 69 });
    const { message } = error as Error;
    for (const way of [
      'DPA_TEMPORAL_CLI',
      'PATH',
      'cache',
      'the official download: 127.0.0.1:1 cannot be reached',
      'TEMPORAL_ADDRESS',
    ]) {
      expect(message).toContain(way);
    }
    expect(message).toMatch(reason);
  });

  test('a cache that cannot be written is named', async () => {
    writeFileSync(join(folder, 'cache'), 'a file');
    await expect(acquireTemporal(options())).rejects.toThrow(/write to the cache folder .* set XDG_CACHE_HOME/);
  });
});

function options(onProgress: (text: string) => void = (text) => void progress.push(text)): AcquireOptions {
  return {
    temporalCli: undefined,
    searchPath: programs,
    cacheFolder: join(folder, 'cache'),
    environment: { PATH: '/usr/bin:/bin', GO_CALLS: goCalls },
    onProgress,
    signal: new AbortController().signal,
    downloadBase: closedBase,
  };
}

function program(name: string, script: string): string {
  const path = join(programs, name);
  writeFileSync(path, script);
  chmodSync(path, 0o755);
  return path;
}

function fakeGo(version: string, before = ''): string {
  return `#!/bin/sh
[ "$1" = version ] && echo "go version ${version} linux/amd64" && exit
echo "$@" >> "$GO_CALLS"
${before}
printf '#!/bin/sh\\necho temporal version 1.5.1\\n' > "$GOBIN/temporal"
chmod +x "$GOBIN/temporal"
`;
}

function calls(): string[] {
  return readFileSync(goCalls, 'utf8').trim().split('\n');
}

function putInCache(): string {
  const path = cachedTemporal(join(folder, 'cache'));
  mkdirSync(join(folder, 'cache', 'bin'), { recursive: true });
  writeFileSync(path, fakeTemporal, { mode: 0o755 });
  return path;
}

function archiveOf(script: string): Buffer {
  const content = mkdtempSync(join(folder, 'archive-'));
  writeFileSync(join(content, 'temporal'), script, { mode: 0o755 });
  return execFileSync('tar', ['-czf', '-', '-C', content, 'temporal']);
}

async function downloadServer(archive: Buffer) {
  const asked: string[] = [];
  const answer: RequestListener = (request, response) => {
    asked.push(request.url ?? '');
    const archiveUrl = `http://${request.headers.host}/archive.tar.gz`;
    if (request.url === '/archive.tar.gz') response.end(archive);
    else response.end(JSON.stringify({ archiveUrl, fileToExtract: 'temporal' }));
  };
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    base: `http://127.0.0.1:${port}/cli`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
