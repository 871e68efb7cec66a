/** Which paths the server may read: from the environment variable DPA_DATA_PATHS, or from the command line. */
import * as z from 'zod';

const pathsSchema = z.array(z.string().min(1));

/** Paths on the command line win over the variable, which holds a JSON array of files, folders and globs. */
export function pathsFrom(variable: string | undefined, args: readonly string[]): string[] {
  if (args.length > 0) return [...args];
  if (variable === undefined || variable.trim() === '') return [];
  const parsed = pathsSchema.safeParse(parseJson(variable));
  if (parsed.success) return parsed.data;
  throw new Error(
    `Expected DPA_DATA_PATHS to be a JSON array of paths such as ["data","more/*.parquet"], found ${variable.slice(0, 200)}. Correct it and start again.`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
