/** Quoting for the SQL that the built-in planner writes, so that no name or value of the data can break out of its place. */

/** A name (column, dataset) as a quoted SQL identifier. */
export function ident(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as a SQL string literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
