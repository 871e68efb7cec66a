/** What people are told of a plan: that there is one, how far it is, and each change of it. */
import { planNews, type Plan, type PlanStep } from '../../src/analysis/plan.ts';

function plan(...steps: readonly [string, PlanStep['state']?][]): Plan {
  return { steps: steps.map(([title, state = 'open']) => ({ title, state })) };
}

const begun = plan(['Look', 'done'], ['Join', 'doing'], ['Compare']);

test.each<[string, Plan | null, Plan, ReturnType<typeof planNews>]>([
  ['the first plan', null, plan(['Look'], ['Join']), { kind: 'plan', text: 'Plan: Look · Join' }],
  ['the same again', begun, begun, undefined],
  ['a step that begins', plan(['Look']), plan(['Look', 'doing']), undefined],
  [
    'a step that is done',
    begun,
    plan(['Look', 'done'], ['Join', 'done'], ['Compare', 'doing']),
    { kind: 'step', text: 'Join (2 of 3)' },
  ],
  [
    'several at once, one of them dropped',
    begun,
    plan(['Look', 'done'], ['Join', 'done'], ['Compare', 'dropped']),
    { kind: 'step', text: 'Join · Compare (dropped) (3 of 3)' },
  ],
  [
    'a step more',
    begun,
    plan(['Look', 'done'], ['Join'], ['Compare'], ['Test']),
    { kind: 'plan', text: 'The plan changed. New: Test.' },
  ],
  [
    'a step less',
    begun,
    plan(['Look', 'done'], ['Join']),
    { kind: 'plan', text: 'The plan changed. Left out: Compare.' },
  ],
  [
    'another step',
    begun,
    plan(['Look', 'done'], ['Test'], ['Compare']),
    { kind: 'plan', text: 'The plan changed. New: Test. Left out: Join.' },
  ],
  [
    'another order',
    begun,
    plan(['Join'], ['Look'], ['Compare']),
    { kind: 'plan', text: 'The plan changed. The order is now: Join · Look · Compare' },
  ],
])('%s', (_, before, after, news) => {
  expect(planNews(before, after)).toEqual(news);
});
