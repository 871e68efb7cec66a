import { redact } from '../../src/policy/redaction.ts';

const secret = 'pa"ss/wörd+of-mine';

test('a given secret is taken out in every form it may stand in', () => {
  for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret)]) {
    const clean = redact(`before ${form} after`, [secret]);
    expect(clean).toMatch(/^before "?\[redacted\]"? after$/);
  }
});

test('a secret that begins with another one leaves nothing behind', () => {
  expect(redact('key abcdefgh-second', ['abcdefgh', 'abcdefgh-second'])).toBe('key [redacted]');
});

test.each([
  ['Incorrect API key provided: sk-proj-abc123DEF456.', 'abc123'],
  ['key sk-ant-api03-AbC_dEf-123456', 'AbC_dEf'],
  ['Authorization: Bearer abcdef0123456789', 'abcdef0123'],
  ['{"x-api-key":"0123456789abcdef"}', '0123456789'],
  ['https://me:hunter22@host/v1', 'hunter22'],
  ['api_key=abcdef123456&x=1', 'abcdef123456'],
  ['token eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.sig_nature', 'eyJzdWIi'],
])('%s loses what looks like a key', (text, hidden) => {
  const clean = redact(text);
  expect(clean).not.toContain(hidden);
  expect(clean).toContain('[redacted]');
});

test.each(['The api key is missing.', 'risk-averse and task-oriented', 'bearer of news', 'a: none'])(
  'words stay as they are: %s',
  (text) => {
    expect(redact(text, ['none', ''])).toBe(text);
  },
);
