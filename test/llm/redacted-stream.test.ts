/** Text in pieces without keys, however the pieces are cut, and without losing anything else. */
import { array, assert, integer, property } from 'fast-check';
import { redactedStream } from '../../src/llm/redacted-stream.ts';
import { redact, redacted } from '../../src/policy/redaction.ts';

const secret = 'sk-planted-0123456789';

function streamed(pieces: readonly string[], secrets = [secret]): string {
  let text = '';
  const stream = redactedStream((event) => (text += event.kind === 'tool' ? '' : event.delta), secrets);
  for (const delta of pieces) stream.emit({ kind: 'text', delta });
  stream.end();
  return text;
}

test('however the text is cut, the key is out and the rest is whole', () => {
  const whole = `The key ${secret} was used, sk- is not a key, ${secret}${secret}.`;
  assert(
    property(array(integer({ min: 0, max: whole.length }), { maxLength: 20 }), (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), whole.length];
      const pieces = at.slice(1).map((end, index) => whole.slice(at[index], end));
      expect(streamed(pieces)).toBe(whole.replaceAll(secret, redacted));
    }),
  );
});

test('what only begins like a key is let out at the end', () => {
  expect(streamed(['ends with s', 'k-'])).toBe('ends with sk-');
  expect(streamed(['ends with ', secret.slice(0, -1)])).toBe(`ends with ${redacted}`);
});

test('what is too short to be a key is no key here either, and nothing waits for its rest', () => {
  const text = 'none of the team';
  expect(streamed([text], ['team', 'none'])).toBe(redact(text, ['team', 'none']));
  expect(streamed([text], ['team', 'none'])).toBe(text);
});

test('a key is found as redact() finds it: also where it stands in an address, and the longer one first', () => {
  const [odd, longer] = ['key/with+signs=', `${secret}-and-more`];
  const text = `${encodeURIComponent(odd)} and ${longer} and ${odd}`;
  for (const pieces of [text.split(''), [text]])
    expect(streamed(pieces, [secret, odd, longer])).toBe(`${redacted} and ${redacted} and ${redacted}`);
});
