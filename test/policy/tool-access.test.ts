import { accessOf, namePatternFits, toolAccess, type AccessRule } from '../../src/policy/tool-access.ts';

const mode = { readOnly: false, always: [] };
const read = { name: 'lake__query', effect: 'read', access: 'allow' } as const;
const write = { name: 'lake__write', effect: 'write', access: 'ask' } as const;

test('reading is allowed, also in an analysis that an earlier version began', () => {
  expect(toolAccess(read, 'lake__query', mode)).toEqual({ kind: 'allow' });
  expect(toolAccess({ name: 'lake__query', effect: 'read' }, 'lake__query', mode)).toEqual({ kind: 'allow' });
});

test.each(['write', 'admin'] as const)(
  '"%s" is denied where an earlier version began, or all is read-only',
  (effect) => {
    const denied = { kind: 'deny', reason: expect.stringContaining(`"${effect}"`) as string };
    expect(toolAccess({ name: 'lake__drop', effect }, 'lake__drop', mode)).toEqual(denied);
    const readOnly = { ...mode, readOnly: true };
    expect(toolAccess({ name: 'lake__drop', effect, access: 'ask' }, 'lake__drop', readOnly)).toEqual(denied);
  },
);

test('writing asks and says why, until a pattern allows it always', () => {
  expect(toolAccess(write, 'lake__write', mode)).toEqual({ kind: 'ask', why: 'it has the effect "write"' });
  expect(toolAccess(write, 'lake__write', { ...mode, always: ['lake__w*'] })).toEqual({ kind: 'allow' });
  expect(toolAccess(write, 'lake__write', { ...mode, always: ['other__*'] }).kind).toBe('ask');
});

test('a tool nobody offers is denied by its name', () => {
  expect(toolAccess(undefined, 'lake__fly', mode)).toEqual({
    kind: 'deny',
    reason: expect.stringContaining('lake__fly') as string,
  });
});

test.each([
  [{ effect: 'read' }, 'allow'],
  [{ effect: 'write' }, 'ask'],
  [{ effect: 'admin' }, 'ask'],
  [{ effect: 'read', securityLevel: 2 }, 'allow'],
  [{ effect: 'read', securityLevel: 3 }, 'ask'],
] as const)('without rules of the user %j: %s', (tool, access) => {
  expect(accessOf({ name: 'lake__any', ...tool }, [])).toEqual({ access });
});

test('the first rule of the user that fits wins over what is usual', () => {
  const rules: readonly AccessRule[] = [
    { tool: 'lake__write_*', access: 'allow' },
    { tool: 'lake__*', effect: 'write', access: 'deny', why: 'the lake is frozen' },
    { securityLevel: 2, access: 'ask' },
  ];
  expect(accessOf({ name: 'lake__write_tmp', effect: 'write' }, rules)).toEqual({ access: 'allow' });
  expect(accessOf({ name: 'lake__drop', effect: 'write' }, rules)).toEqual({
    access: 'deny',
    why: 'the lake is frozen',
  });
  expect(accessOf({ name: 'db__query', effect: 'read', securityLevel: 2 }, rules)).toEqual({ access: 'ask' });
});

test.each([
  ['lake__query', 'lake__query', true],
  ['lake__query', 'lake__query2', false],
  ['*', 'anything', true],
  ['lake__*', 'lake__', true],
  ['*__query', 'lake__query', true],
  ['a*b*a', 'aba', true],
  ['a*a', 'a', false],
  ['a*b*c', 'axxcxxb', false],
  ['a.c', 'abc', false],
])('the pattern %s and the name %s: %s', (pattern, name, fits) => {
  expect(namePatternFits(pattern, name)).toBe(fits);
});

test('a level that nobody told fits a rule that closes, never one that opens', () => {
  const unknown = { name: 'crm__read', effect: 'read' } as const;
  expect(accessOf(unknown, [{ securityLevel: 2, access: 'deny' }]).access).toBe('deny');
  expect(accessOf(unknown, [{ securityLevel: 0, access: 'ask' }]).access).toBe('ask');
  expect(accessOf({ ...unknown, effect: 'write' }, [{ securityLevel: 0, access: 'allow' }]).access).toBe('ask');
  // Without a rule of the user, reading through a configured server stays free.
  expect(accessOf(unknown, []).access).toBe('allow');
});
