/** One question at a time: a second one waits, an urgent one takes the terminal. */
import { createFloor } from '../../src/ui/floor.ts';

test('a second question waits until the first is answered', async () => {
  const floor = createFloor();
  const first = Promise.withResolvers<string>();
  const order: string[] = [];
  const one = floor.take(async () => order.push(await first.promise));
  const two = floor.take(async () => order.push('second'));
  await Promise.resolve();
  expect(order).toEqual([]);
  first.resolve('first');
  await Promise.all([one, two]);
  expect(order).toEqual(['first', 'second']);
});

test('an urgent question makes the one that is asked leave, and is asked only then', async () => {
  const floor = createFloor();
  const order: string[] = [];
  const asked = floor.take(async (taken) => {
    await new Promise<void>((resolve) => taken.addEventListener('abort', () => resolve()));
    order.push('left');
  });
  await Promise.resolve();
  await floor.takeAtOnce(async () => order.push('urgent'));
  await asked;
  expect(order).toEqual(['left', 'urgent']);
});

test('a question that fails does not keep the terminal', async () => {
  const floor = createFloor();
  await expect(floor.take(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await floor.take(async () => 'next')).toBe('next');
});
