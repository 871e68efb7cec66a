/** The small judgements that proposals are made of. */
import { isSlip } from '../../../src/quality/suggest/edit-distance.ts';
import { isPlaceholder, numberLook } from '../../../src/quality/suggest/value-kinds.ts';

test.each([
  ['birmingxam', 'birmingham', true],
  ['ENGLISH', 'English', true],
  ['hf-1', 'hf-2', false],
  ['97%', '98%', false],
  ['ak', 'al', false],
  ['Portland', 'Oakland', false],
  ['acutexcarexhospitals', 'acute care hospitals', true],
  ['same', 'same', false],
])('%s for %s: a slip %s', (value, model, expected) => {
  expect(isSlip(value, model)).toBe(expected);
});

test.each([
  ['12.0 oz.', { kind: 'unit', unit: 'oz.' }],
  ['$5', { kind: 'unit', unit: '$' }],
  ['0.05%', { kind: 'unit', unit: '%' }],
  ['-1,234.5', { kind: 'plain' }],
  ['1e5', { kind: 'plain' }],
  ['12 angry men', { kind: 'none' }],
  ['N/A', { kind: 'none' }],
  ['', { kind: 'none' }],
])('%s looks like %o', (value, expected) => {
  expect(numberLook(value)).toEqual(expected);
});

test('words for nothing are known in any case', () => {
  expect(['N/A', ' null ', '?', 'Unknown'].every(isPlaceholder)).toBe(true);
  expect(['Nancy', 'nano', '0', ''].some(isPlaceholder)).toBe(false);
});
