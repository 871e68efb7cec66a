/** Records each effect in a file under its idempotency key, so that tests can count what really happened. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { serve, textResult, toolNamed } from './serve.ts';

const file = String(process.env['TEST_LEDGER']);

serve({
  'tools/list': () => ({
    tools: [toolNamed('record', { annotations: { readOnlyHint: false, idempotentHint: true } })],
  }),
  'tools/call'(params) {
    const key = String(Object(params['_meta'])['dpa/idempotencyKey']);
    const known = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
    if (!known.includes(key)) appendFileSync(file, `${key}\n`);
    const crashAfter = Object(params['arguments'])['crash'] === true && !known.includes(key);
    if (crashAfter) process.exit(1);
    return textResult('recorded');
  },
});
