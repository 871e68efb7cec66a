/** The tool definitions as clients see them: a change must be made on purpose, because models and pins depend on them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { openLake } from './lake-fixture.ts';

const fixture = new URL('fixtures/tool-definitions.json', import.meta.url);

test('tools/list equals the committed definitions', async () => {
  await using lake = await openLake({});
  const { tools } = await lake.client.listTools();
  const present = `${JSON.stringify(tools, null, 2)}\n`;
  if (process.env['RENEW_TOOL_DEFINITIONS'] === '1') writeFileSync(fixture, present);
  const committed = readFileSync(fixture, 'utf8');
  const isSame = JSON.stringify(JSON.parse(committed)) === JSON.stringify(tools);
  const advice =
    'The tool definitions changed. If that is wanted: RENEW_TOOL_DEFINITIONS=1 npx jest data-lake/definitions, then review and commit the fixture.';
  expect(isSame ? 'same' : `${advice}\n${present}`).toBe('same');
});

test('every tool says that it only reads, refuses unknown arguments and states its result', async () => {
  await using lake = await openLake({});
  const { tools } = await lake.client.listTools();
  expect(tools.map((tool) => tool.name)).toEqual([
    'list_datasets',
    'describe_dataset',
    'list_files',
    'sample_rows',
    'profile_dataset',
    'query',
  ]);
  for (const tool of tools) {
    expect(tool.inputSchema).toMatchObject({ type: 'object', additionalProperties: false });
    expect(tool.outputSchema).toMatchObject({ type: 'object', required: ['ok'] });
    expect(tool.annotations).toEqual({
      readOnlyHint: true,
      destructiveHint: false,
      idempotentHint: true,
      openWorldHint: false,
    });
    expect(tool).toMatchObject({
      ['_meta']: {
        'dpa/effect': 'read',
        'dpa/dataType': expect.stringMatching(/^(tabular|metadata)$/),
        'dpa/securityLevel': expect.any(Number),
      },
    });
  }
});
