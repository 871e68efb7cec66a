/** `dpa quality init`: a first contract to change, with every common rule in it. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { CommandError, exitCode } from '../../command-error.ts';
import type { Config } from '../../config.ts';
import type { Terminal } from '../../ui/terminal.ts';

const firstContract = 'contracts/orders.odcs.yaml';

/** Never writes over a file that is there. */
export async function init(config: Config, terminal: Terminal): Promise<number> {
  const file = resolve(config.workingFolder, firstContract);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, example, { flag: 'wx' }).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const next = 'Move it away, or go on with it: `dpa quality validate contracts`.';
    throw new CommandError(`Expected to write ${firstContract}, found: ${reason}. ${next}`, exitCode.usage, { cause });
  });
  terminal.answer(firstContract);
  terminal.progress(
    'A contract to change. `dpa quality validate contracts` checks it; `dpa quality suggest DATA` proposes one from data.',
  );
  return 0;
}

const example = `# A data contract (Open Data Contract Standard 3.2). docs/contracts.md has the table of checks.
apiVersion: v3.2.0
kind: DataContract
id: orders
version: 1.0.0
status: draft
name: Orders
schema:
  - name: orders
    properties:
      - name: order_id
        logicalType: integer
        required: true
        primaryKey: true
        primaryKeyPosition: 1
      - name: status
        logicalType: string
        required: true
        enum:
          - value: open
          - value: paid
          - value: shipped
      - name: amount
        logicalType: number
        logicalTypeOptions:
          minimum: 0
        quality:
          - id: amount-not-missing
            metric: nullValues
            unit: percent
            mustBeLessThan: 1
            severity: warning
      - name: ordered_at
        logicalType: timestamp
    quality:
      - id: some-orders
        metric: rowCount
        mustBeGreaterThan: 0
      - id: paid-has-amount
        type: custom
        engine: dpa
        implementation:
          check: rowExpression
          expression: status <> 'paid' OR amount > 0
          columns: [status, amount]
slaProperties:
  - id: fresh-orders
    property: latency
    value: 1
    unit: d
    element: orders.ordered_at
`;
