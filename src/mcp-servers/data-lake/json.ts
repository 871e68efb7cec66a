/** Narrowing of values whose shape nobody has promised: parsed JSON and things thrown. */

export type JsonObject = { readonly [key: string]: unknown };

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The code of a system error such as ENOENT, or undefined. */
export function errorCodeOf(error: unknown): string | undefined {
  const code = isJsonObject(error) ? error['code'] : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** The message of whatever was thrown; by shape, because errors of native code may come from another realm. */
export function messageOf(error: unknown): string {
  const message = isJsonObject(error) ? error['message'] : undefined;
  return typeof message === 'string' ? message : String(error);
}
