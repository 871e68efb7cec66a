/** A tool server for each way to go wrong, chosen by the first argument. */
import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { leavePid, say, serve, textResult, toolNamed, welcome } from './serve.ts';
import type { Answer } from './serve.ts';

const list =
  (tools: unknown): (() => Answer) =>
  () => ({ tools });
const oneTool = list([toolNamed('work', { annotations: { readOnlyHint: true } })]);
const never = new Promise<undefined>(() => undefined);
const MEGABYTE = 'x'.repeat(1024 * 1024);
/** Ten repetitions of a choice that can match the same letters twice: minutes on a short text. */
const EVIL_PATTERN = '^(a|a)*(a|a)*(a|a)*$';

const behaviours: Record<string, () => void> = {
  crashAtStart() {
    leavePid(process.pid);
    process.stderr.write('cannot open the license file\n');
    process.exit(7);
  },
  crashOnce() {
    const marker = String(process.env['TEST_MARKER']);
    const isSecond = existsSync(marker);
    writeFileSync(marker, '');
    serve({ 'tools/list': oneTool, 'tools/call': () => (isSecond ? textResult('done') : process.exit(1)) });
  },
  /** As when the system is short of memory: ended from outside while it is asked what it offers. */
  killedWhileAsked() {
    const marker = String(process.env['TEST_MARKER']);
    const isSecond = existsSync(marker);
    writeFileSync(marker, '');
    serve({ 'tools/list': () => (isSecond ? oneTool() : void process.kill(process.pid, 'SIGKILL')) });
  },
  crashInCall() {
    serve({
      'tools/list': list([toolNamed('work'), toolNamed('read', { annotations: { readOnlyHint: true } })]),
      'tools/call': () => process.exit(9),
    });
  },
  neverInitializes() {
    serve({ initialize: () => never });
  },
  wrongVersion() {
    serve({ initialize: () => ({ ...welcome(), protocolVersion: '1999-01-01' }) });
  },
  hangsInCall() {
    serve({ 'tools/list': oneTool, 'tools/call': () => never });
  },
  freezesInCall() {
    serve({
      'tools/list': oneTool,
      'tools/call': () => {
        for (;;);
      },
    });
  },
  /** Answers the first call when the second one comes, so that the caller must have seen the progress in between. */
  progress() {
    const { promise: second, resolve: secondCame } = Promise.withResolvers<void>();
    let calls = 0;
    serve({
      'tools/list': oneTool,
      async 'tools/call'(params) {
        calls += 1;
        if (calls > 1) secondCame();
        say({
          method: 'notifications/progress',
          params: { progressToken: Object(params['_meta']).progressToken, progress: 1 },
        });
        await second;
        return textResult('done');
      },
    });
  },
  fewGarbageLines() {
    process.stdout.write('Welcome to the server!\n'.repeat(10));
    serve({ 'tools/list': oneTool, 'tools/call': () => textResult('fine') });
  },
  garbage() {
    serve({
      'tools/list': oneTool,
      'tools/call'() {
        process.stdout.write('some banner\n'.repeat(10_000));
        return never;
      },
    });
  },
  notifications() {
    serve({
      'tools/list': oneTool,
      'tools/call'() {
        for (let at = 0; at < 20_000; at++)
          say({ method: 'notifications/message', params: { level: 'info', data: at } });
        return never;
      },
    });
  },
  flood() {
    serve({
      'tools/list': oneTool,
      'tools/call'() {
        const pour = (): boolean => {
          while (process.stdout.write(MEGABYTE));
          return process.stdout.once('drain', pour) !== undefined;
        };
        pour();
        return never;
      },
    });
  },
  fiftyMegabytes() {
    serve({ 'tools/list': oneTool, 'tools/call': () => textResult(MEGABYTE.repeat(50)) });
  },
  repeatedCursor() {
    serve({ 'tools/list': () => ({ tools: [toolNamed('work')], nextCursor: 'same' }) });
  },
  endlessPages() {
    let page = 0;
    serve({ 'tools/list': () => ({ tools: [toolNamed(`t${page}`)], nextCursor: String((page += 1)) }) });
  },
  manyTools() {
    serve({ 'tools/list': list(Array.from({ length: 10_000 }, (_, at) => toolNamed(`t${at}`))) });
  },
  noList() {
    serve({ 'tools/list': list('tools') });
  },
  refusesList() {
    serve({
      'tools/list'(_params, message) {
        say({ id: message.id, error: { code: -32601, message: 'no such\u0007 method' } });
        return undefined;
      },
    });
  },
  oddTools() {
    serve({ 'tools/list': list(oddTools()) });
  },
  evilPattern() {
    const inputSchema = { type: 'object', properties: { text: { type: 'string', pattern: EVIL_PATTERN } } };
    const outputSchema = { type: 'object', properties: { text: { type: 'string', pattern: EVIL_PATTERN } } };
    serve({
      'tools/list': list([toolNamed('work', { inputSchema, outputSchema })]),
      'tools/call': () => ({ content: [], structuredContent: { text: `${'a'.repeat(40)}!` } }),
    });
  },
  doublingSchema() {
    const $defs = Object.fromEntries(
      Array.from({ length: 40 }, (_, at) => [
        `d${at}`,
        at === 39 ? { type: 'string' } : { allOf: [{ $ref: `#/$defs/d${at + 1}` }, { $ref: `#/$defs/d${at + 1}` }] },
      ]),
    );
    const inputSchema = { type: 'object', properties: { text: { $ref: '#/$defs/d0' } }, $defs };
    serve({ 'tools/list': list([toolNamed('work', { inputSchema })]), 'tools/call': () => textResult('called') });
  },
  grandchild() {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
    leavePid(child.pid);
    serve({ 'tools/list': oneTool, 'tools/call': () => process.exit(0) });
  },
  loud() {
    process.stderr.write(MEGABYTE.repeat(20));
    serve({ 'tools/list': oneTool, 'tools/call': () => textResult('fine') });
  },
  halfAnAnswer() {
    serve({
      'tools/list': oneTool,
      'tools/call'() {
        process.stdout.write('{"jsonrpc":"2.0","id":', () => process.exit(0));
        return never;
      },
    });
  },
};

function oddTools(): unknown[] {
  let deep: Record<string, unknown> = { type: 'string' };
  for (let level = 0; level < 1_000; level++) deep = { type: 'object', properties: { a: deep } };
  return [
    toolNamed('good'),
    toolNamed('noSchema', { inputSchema: undefined }),
    toolNamed('listSchema', { inputSchema: [] }),
    toolNamed('textSchema', { inputSchema: { type: 'string' } }),
    toolNamed('brokenSchema', { inputSchema: { type: 'object', properties: { a: { type: 'strin' } } } }),
    toolNamed('remoteRef', { inputSchema: { type: 'object', properties: { a: { $ref: 'http://127.0.0.1:9/a' } } } }),
    toolNamed('danglingRef', { inputSchema: { type: 'object', properties: { a: { $ref: '#/$defs/none' } } } }),
    toolNamed('deep', { inputSchema: deep }),
    toolNamed('wide', { inputSchema: { type: 'object', description: 'x'.repeat(70_000) } }),
    toolNamed('with space'),
    toolNamed('semi/slash'),
    toolNamed('n'.repeat(300)),
    toolNamed(''),
    toolNamed('twice'),
    toolNamed('twice', { description: 'the other' }),
    { description: 'nameless' },
    'no object',
    toolNamed('long', { description: `\u202eevil\u200b${'é'.repeat(5_000)}` }),
    toolNamed('brokenOutput', { outputSchema: 'no schema' }),
  ];
}

behaviours[process.argv[2] ?? '']?.();
