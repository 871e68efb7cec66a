/** Every limit of the MCP client side, by name; tests pass smaller ones. */
export type Limits = {
  /** From the start of the process to the end of `initialize`. */
  readonly startMs: number;
  /** Servers that may be starting at the same time, so that twenty servers do not start twenty interpreters at once. */
  readonly concurrentStarts: number;
  /** Server processes kept at the same time; the longest idle one makes room. */
  readonly connections: number;
  readonly idleMs: number;
  /** Wait before the first restart after a crash; doubled by each further crash in a row up to `maxBackoffMs`. */
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  /** What a server gets to end by itself once its stdin is closed, before it is killed. */
  readonly closeGraceMs: number;
  /** A server that does not answer a ping within this time after a call was given up is killed. */
  readonly pingMs: number;
  readonly listMs: number;
  readonly listPages: number;
  readonly toolsPerServer: number;
  /** One line on stdout. More ends the server: nothing behind it could be read without holding it all. */
  readonly lineBytes: number;
  /** A result as canonical JSON; larger ones would not help a model. */
  readonly resultBytes: number;
  readonly argumentBytes: number;
  readonly jsonDepth: number;
  /** Lines on stdout that are no JSON-RPC message, per process. */
  readonly garbageLines: number;
  readonly notificationsPerSecond: number;
  readonly descriptionBytes: number;
  readonly schemaBytes: number;
  readonly schemaDepth: number;
  readonly subschemas: number;
  readonly compileMs: number;
  /** One validation of arguments against a schema that can be slow by construction. */
  readonly validationMs: number;
};

export const DEFAULT_LIMITS: Limits = Object.freeze({
  startMs: 2_000,
  concurrentStarts: 4,
  connections: 64,
  idleMs: 5 * 60_000,
  backoffMs: 100,
  maxBackoffMs: 5_000,
  closeGraceMs: 1_000,
  pingMs: 2_000,
  listMs: 10_000,
  listPages: 50,
  toolsPerServer: 500,
  lineBytes: 8 * 1024 * 1024,
  resultBytes: 1024 * 1024,
  argumentBytes: 256 * 1024,
  jsonDepth: 64,
  garbageLines: 100,
  notificationsPerSecond: 1_000,
  descriptionBytes: 2 * 1024,
  schemaBytes: 64 * 1024,
  schemaDepth: 32,
  subschemas: 2_000,
  compileMs: 5_000,
  validationMs: 250,
});
