import { toolAccess } from '../../src/policy/tool-access.ts';

test('reading is allowed', () => {
  expect(toolAccess({ name: 'lake__query', effect: 'read' }, 'lake__query')).toEqual({ kind: 'allow' });
});

test.each(['write', 'admin'] as const)('the effect "%s" is denied with a reason that names it', (effect) => {
  const access = toolAccess({ name: 'lake__drop', effect }, 'lake__drop');
  expect(access).toEqual({ kind: 'deny', reason: expect.stringContaining(`"${effect}"`) });
});

test('a tool nobody offers is denied by its name', () => {
  expect(toolAccess(undefined, 'lake__fly')).toEqual({ kind: 'deny', reason: expect.stringContaining('lake__fly') });
});
