/** Picks the columns a caller named; says which names are unknown. */
import type { Column } from './cells.ts';
import { unknownName } from './errors.ts';
import type { PreparedDataset } from './prepare.ts';

/** In the caller's order, each once; all columns when none are named. Names match as in SQL, without regard to case. */
export function columnsNamed(dataset: PreparedDataset, names: readonly string[] | undefined): readonly Column[] {
  if (names === undefined) return dataset.columns;
  const known = dataset.columns.map((column) => column.name);
  const chosen = names.map((name) => {
    const exact = dataset.columns.find((column) => column.name === name);
    const near = dataset.columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
    const column = exact ?? near;
    if (!column) throw unknownName('column', name, known);
    return column;
  });
  return [...new Set(chosen)];
}
