/** What docs/contracts.md shows can be read, and its table has every check. */
import { readFileSync } from 'node:fs';
import { contractIn } from '../../src/contracts/read-contract.ts';
import { formatNames, measureKeys, ownKinds } from '../../src/quality/odcs/own-check-shapes.ts';

const page = readFileSync(new URL('../../docs/contracts.md', import.meta.url), 'utf8');

test('the contract shown validates', () => {
  const shown = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text);
  expect(shown).toHaveLength(1);
  const read = contractIn(shown[0]!, 'docs/contracts.md');
  expect(read).toMatchObject({ kind: 'contract', contract: { owner: 'sales-data', onFailure: { investigate: true } } });
});

test('the table has every check, and every word of formats and measures', () => {
  const section = page.slice(page.indexOf('## The checks'), page.indexOf('## Ids and history'));
  const listed = [...section.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name = '']) => name);
  expect(new Set(listed)).toEqual(new Set(ownKinds));
  for (const word of [...formatNames, ...measureKeys]) expect(page).toContain(word);
});
