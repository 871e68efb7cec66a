import { lessonsOf, withSourceFailure, type SourceFailure } from '../../src/analysis/lessons.ts';

const day = 24 * 3_600_000;

function failure(message: string, lastMs = 0): Omit<SourceFailure, 'times'> {
  return { tool: 'db__query', class: 'syntax', message, lastMs };
}

function known(...messages: readonly string[]): readonly SourceFailure[] {
  return messages.reduce<readonly SourceFailure[]>(
    (list, message, index) => withSourceFailure(list, failure(message, index)),
    [],
  );
}

test('the same failure is counted, and told before rarer ones with what helps', () => {
  const twice = withSourceFailure(known('a', 'b', 'a'), { ...failure('a', 9), remedy: 'Use b.' });
  expect(lessonsOf([twice], 10)).toEqual([
    'db__query failed 3 times (syntax): a What helps: Use b.',
    'db__query failed once (syntax): b',
  ]);
});

test('of many failures few are kept, and fewer told', () => {
  const many = known(...Array.from({ length: 100 }, (_, index) => `failure ${index}`));
  expect(many).toHaveLength(20);
  expect(many.at(-1)?.message).toBe('failure 99');
  expect(lessonsOf([many], 0)).toHaveLength(3);
  expect(lessonsOf([many, many, many, many], 0)).toHaveLength(8);
});

test('what happened more than a month ago is not told, and no line is long', () => {
  expect(lessonsOf([known('a')], 31 * day)).toEqual([]);
  const [line = ''] = lessonsOf(
    [withSourceFailure([], { ...failure('x'.repeat(9_000)), remedy: 'y'.repeat(9_000) })],
    0,
  );
  expect(line.length).toBeLessThan(400);
});
