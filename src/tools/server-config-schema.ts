/** The shape of `mcp_servers_config.json`, key by key. */
import { z } from 'zod';

const MAX_TIMEOUT_MS = 60 * 60_000;
const MAX_WORD = 4_096;
const MAX_WORDS = 256;

const text = z
  .string()
  .max(MAX_WORD)
  .refine((value) => !value.includes('\0'), { error: 'expected text without a NUL character' });
const word = text.min(1);
const words = z.array(word).max(MAX_WORDS);

const dpaSchema = z.strictObject({
  dataType: z.enum(['tabular', 'stream', 'document', 'metadata']).optional(),
  securityLevel: z.int().min(0).max(3).optional(),
  effects: z.record(z.string().min(1), z.enum(['read', 'write', 'admin', 'deny'])).optional(),
  egress: words.optional(),
  readPaths: words.optional(),
  writePaths: words.optional(),
  fallbackFor: z.union([word, words]).optional(),
  timeoutMs: z.int().min(1).max(MAX_TIMEOUT_MS).optional(),
});

const serverSchema = z.strictObject({
  /** VS Code writes it; only `stdio` can be used. */
  type: z.literal('stdio').optional(),
  command: word,
  args: z.array(text).max(MAX_WORDS).optional(),
  env: z.record(z.string(), text).optional(),
  cwd: word.optional(),
  dpa: dpaSchema.optional(),
});

const servers = z.record(z.string(), serverSchema).optional();

export const serverFileSchema = z.strictObject({ $schema: z.string().optional(), mcpServers: servers, servers });

export type ServerEntry = z.infer<typeof serverSchema>;

/** What may stand where, for "did you mean": by the kind of object a wrong key stands in. */
export const KNOWN_KEYS = {
  file: Object.keys(serverFileSchema.shape),
  server: Object.keys(serverSchema.shape),
  dpa: Object.keys(dpaSchema.shape),
} as const;
