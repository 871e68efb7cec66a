import * as fc from 'fast-check';
import { parseSubmission, submissionLimits } from '../../src/analysis/submission.ts';

const source = { kind: 'cell', call: 't0c0', row: 0, column: 'n' };
const quantity = { value: 1500, format: { style: 'count' }, source };
const finding = { statement: '`gold` has {0} customers.', quantities: [quantity], severity: 'key' };
const submission = { headline: 'Most customers stay.', findings: [finding], limits: ['Only `sales` was read.'] };
const share = { kind: 'derived', op: 'share', of: [source, { ...source, row: 1 }] };

function withFinding(change: object): unknown {
  return { ...submission, findings: [{ ...finding, ...change }] };
}

function withQuantity(change: object): unknown {
  return withFinding({ quantities: [{ ...quantity, ...change }] });
}

function problemsOf(value: unknown): string {
  const parsed = parseSubmission(value);
  return parsed.kind === 'invalid' ? parsed.problems.join('\n') : '';
}

test('a right submission comes back as it is, without keys nobody asked for', () => {
  const chart = { kind: 'bars', title: 'By plan', call: 't0c0', label: 'plan', value: 'n', format: { style: 'count' } };
  const full = withFinding({
    chart,
    quantities: [{ ...quantity, value: 0.2, source: share, format: { style: 'percent', digits: 0 } }],
  });
  expect(parseSubmission(full)).toEqual({ kind: 'valid', submission: full });
  expect(parseSubmission({ ...submission, mood: 'good' })).toEqual({ kind: 'valid', submission });
});

test.each<[string, unknown, RegExp]>([
  ['nothing at all', undefined, /the submission: expected an object, found nothing/],
  ['a list', [], /the submission: expected an object/],
  ['no findings', { ...submission, findings: undefined }, /findings: expected a list/],
  [
    'too many findings',
    { ...submission, findings: Array.from({ length: 61 }, () => finding) },
    /at most 60 entries, found 61/,
  ],
  ['a long statement', withFinding({ statement: `{0} ${'x'.repeat(1000)}` }), /at most 1000 characters/],
  ['an empty headline', { ...submission, headline: ' ' }, /headline: expected a text/],
  ['a number by hand', withFinding({ statement: '{0} of 20,000 customers.' }), /`20,000` is a number written by hand/],
  ['a number by hand in the headline', { ...submission, headline: 'Churn in Q4 fell.' }, /headline: `Q4`/],
  ['a number by hand in the limits', { ...submission, limits: ['Only 3 files.'] }, /limits\[0\]: `3`/],
  ['a half as a sign', withFinding({ statement: '{0} is ½ of all.' }), /`½` is a number/],
  ['a number behind a placeholder', withFinding({ statement: '{0}7 customers.' }), /number written by hand/],
  ['a placeholder without quantity', withFinding({ statement: '{0} of {1}' }), /`\{1\}` has no quantity; 1 are given/],
  ['a quantity without placeholder', withFinding({ statement: 'Many.' }), /quantity 0 is not used/],
  ['a placeholder in quotes only', withFinding({ statement: '`{0}` many.' }), /quantity 0 is not used/],
  ['a brace', withFinding({ statement: '{0} {name}' }), /brace/],
  ['an open back-quote', withFinding({ statement: '{0} `gold' }), /back-quote is opened/],
  ['an empty quote', withFinding({ statement: '{0} `` customers' }), /nothing between/],
  ['a line break', withFinding({ statement: '{0}\ncustomers' }), /line break or a control character/],
  ['a direction override', withFinding({ statement: '{0} \u202Eelpoep' }), /control character/],
  [
    'a key finding without number',
    withFinding({ statement: 'Gold is best.', quantities: [] }),
    /key finding without a quantity/,
  ],
  [
    'an unknown severity',
    withFinding({ severity: 'huge' }),
    /expected one of `key`, `supporting`, `caveat`, found "huge"/,
  ],
  ['a value as text', withQuantity({ value: '1500' }), /value: expected a finite number/],
  ['an infinite value', withQuantity({ value: Infinity }), /value: expected a finite number/],
  ['an unknown style', withQuantity({ format: { style: 'euro' } }), /format.style: expected one of/],
  ['too many digits', withQuantity({ format: { style: 'count', digits: 9 } }), /from 0 to 6, found 9/],
  ['no source', withQuantity({ source: undefined }), /source: expected an object/],
  ['a negative row', withQuantity({ source: { ...source, row: -1 } }), /row: expected a row number/],
  ['an unknown derivation', withQuantity({ source: { ...share, op: 'toString' } }), /op: expected one of/],
  [
    'a wrong operand count',
    withQuantity({ source: { ...share, of: [source] } }),
    /`share` takes 2 operands .* found 1/,
  ],
  ['an unknown chart', withFinding({ chart: { kind: 'pie' } }), /chart.kind: expected one of `bars`, `line`/],
])('%s is refused with a sentence', (_, value, message) => {
  expect(problemsOf(value)).toMatch(message);
});

test('nesting without end is refused and not followed', () => {
  let deep: object = source;
  for (let level = 0; level < 5000; level++) deep = { kind: 'derived', op: 'sum', of: [deep] };
  expect(problemsOf(withQuantity({ source: deep }))).toMatch(/nested deeper than 4 levels/);
});

test('many problems are cut to a number a model can read', () => {
  const bad = { ...submission, findings: Array.from({ length: 60 }, () => ({ statement: 4 })) };
  const parsed = parseSubmission(bad);
  expect(parsed.kind === 'invalid' && parsed.problems).toHaveLength(submissionLimits.problems + 1);
  expect(problemsOf(bad)).toMatch(/And \d+ more problems/);
});

test('whatever JSON comes in, the answer is a verdict and never an error', () => {
  const kinds = ['valid', 'invalid'];
  fc.assert(fc.property(fc.jsonValue(), (value) => expect(kinds).toContain(parseSubmission(value).kind)));
  const shapes = fc.record({
    headline: fc.string(),
    findings: fc.array(
      fc.record({ statement: fc.string(), quantities: fc.array(fc.jsonValue()), severity: fc.string() }),
    ),
    limits: fc.array(fc.string()),
  });
  fc.assert(fc.property(shapes, (value) => expect(kinds).toContain(parseSubmission(value).kind)));
});
