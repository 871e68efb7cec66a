import { Failure, failures, isFailureType } from '../../src/analysis/failures.ts';
import type { ToolFailureType } from '../../src/tools/failures.ts';

test('every failure has a family, a meaning that is a sentence, and a word on being retried', () => {
  for (const [type, { meaning, retried }] of Object.entries(failures)) {
    expect(type).toMatch(/^(Model|Tool|Store|Report|Config)\.[A-Z][A-Za-z]+$|^Bug$/);
    expect(meaning).toMatch(/^[A-Z].*\.$/);
    expect(typeof retried).toBe('boolean');
  }
});

test('the failures of the tool side are in the table', () => {
  const ofTools: Record<ToolFailureType, true> = {
    'Tool.Unavailable': true,
    'Tool.Crashed': true,
    'Tool.Timeout': true,
    'Tool.Malformed': true,
    'Tool.InvalidArguments': true,
    'Tool.Unknown': true,
    'Tool.Denied': true,
    'Tool.ResultTooLarge': true,
    'Tool.Cancelled': true,
  };
  expect(Object.keys(ofTools).filter((type) => !isFailureType(type))).toEqual([]);
});

test('names that only look like one are none', () => {
  for (const type of ['toString', '__proto__', 'Tool', '', 7, undefined]) expect(isFailureType(type)).toBe(false);
});

test('a failure carries its type, subject and cause', () => {
  const cause = new Error('EIO');
  const failure = new Failure('Store.Corrupt', 'blob abc is torn', { subject: 'abc', cause });
  expect(failure).toMatchObject({ name: 'Store.Corrupt', type: 'Store.Corrupt', subject: 'abc', cause });
  expect(new Failure('Model.Unknown', 'none')).not.toHaveProperty('cause');
});
