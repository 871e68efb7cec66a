/** From the words of a task to the script that answers it. */
import type { ToolSpec } from '../provider.ts';
import { findTools, readCatalog } from './catalog.ts';
import { qualityScript } from './quality/script.ts';
import type { Script } from './script.ts';
import { ident } from './sql.ts';

export function* scriptFor(_task: string, specs: readonly ToolSpec[]): Script {
  const tools = findTools(specs);
  if (tools === undefined) return { headline: 'no tools', findings: [], limits: [] };
  const catalog = yield* readCatalog(tools);
  return yield* qualityScript(
    { datasets: catalog.datasets, sourceOf: ({ name }) => ident(name), remarks: [] },
    catalog,
  );
}
