/** The rules of `mcp_servers_config.json` that a shape cannot say: names, references, secrets, remote servers. */
import { nearest } from '../analysis/nearest.ts';
import type { ServerEntry } from './server-config-schema.ts';

export type BrokenRule = { readonly at: readonly (string | number)[]; readonly problem: string };

type Entries = Readonly<Record<string, ServerEntry>>;

/** Looked at before the shape, because "unknown key url" would be true and of no help. */
export function findRemoteServer(written: unknown, key: string): BrokenRule | undefined {
  for (const [name, entry] of Object.entries(recordAt(written, key))) {
    if (!isRecord(entry)) continue;
    const transport = entry['type'];
    const isRemote = typeof transport === 'string' && transport !== 'stdio';
    if (!('url' in entry) && !isRemote) continue;
    const problem = `expected a server that is started with "command", found ${
      isRemote ? `the type ${JSON.stringify(transport)}` : 'a "url"'
    }. Remote servers are not supported; run a bridge that speaks stdio and name it in "command"`;
    return { at: [key, name, 'url' in entry ? 'url' : 'type'], problem };
  }
  return undefined;
}

/** `written` is the file before variables were expanded: whether a secret stands in it can only be seen there. */
export function findBrokenRule(entries: Entries, key: string, written: unknown): BrokenRule | undefined {
  const names = Object.keys(entries);
  if (names.length === 0) return { at: [key], problem: 'expected at least one server, found none' };
  for (const [name, entry] of Object.entries(entries)) {
    const broken =
      checkName(name, names) ??
      checkEnvironment(entry, recordAt(recordAt(recordAt(written, key), name), 'env')) ??
      checkArguments(recordAt(recordAt(written, key), name)['args']) ??
      checkEgress(entry.dpa?.egress ?? []) ??
      checkFallback(name, entries);
    if (broken !== undefined) return { at: [key, name, ...broken.at], problem: broken.problem };
  }
  return undefined;
}

const MAX_NAME = 32;
const NAME = /^[A-Za-z0-9]+(?:[_-][A-Za-z0-9]+)*$/;

/** One `_` at a time, because `__` parts the server from the tool in the names the model sees. */
function checkName(name: string, names: readonly string[]): BrokenRule | undefined {
  if (name.length > MAX_NAME || !NAME.test(name)) {
    const problem = `expected a name of 1 to ${MAX_NAME} letters and digits, in words joined by single "_" or "-"`;
    return { at: [], problem };
  }
  const twin = names.find((other) => other !== name && other.toLowerCase() === name.toLowerCase());
  return twin === undefined ? undefined : { at: [], problem: `differs from "${twin}" only by upper and lower case` };
}

const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const SECRET_NAME = /(?:SECRET|TOKEN|PASSWORD|PASSWD|API_?KEY|PRIVATE_?KEY|CREDENTIALS?)$/i;
const SECRET_IN_URL = /:\/\/[^\s/:@]*:(?!\$\{)[^\s/@]+@/;

function checkEnvironment(entry: ServerEntry, written: Record<string, unknown>): BrokenRule | undefined {
  for (const [name, value] of Object.entries(entry.env ?? {})) {
    const at = ['env', name];
    if (!VARIABLE_NAME.test(name)) {
      return { at, problem: 'expected the name of an environment variable: letters, digits and "_"' };
    }
    if (name === 'DPA_DATA_PATHS') {
      return { at, problem: 'this variable is set by the program. Name the paths in "dpa.readPaths"' };
    }
    const text = String(written[name]);
    const isSecret = SECRET_NAME.test(name) || SECRET_IN_URL.test(text);
    if (isSecret && value !== '' && !text.includes('${')) {
      return {
        at,
        problem: `expected a secret to stay outside the file. Write "\${${name}}" and set the variable ${name}`,
      };
    }
  }
  return undefined;
}

function checkArguments(written: unknown): BrokenRule | undefined {
  const index = Array.isArray(written) ? written.findIndex((text) => SECRET_IN_URL.test(String(text))) : -1;
  if (index === -1) return undefined;
  const problem = 'expected a secret to stay outside the file, found a password in a URL. Write "${NAME}" in its place';
  return { at: ['args', index], problem };
}

const ENDPOINT = /^(?=.{1,253}:)[a-z0-9]+(?:[.-][a-z0-9]+)*:(\d{1,5})$/;
const MAX_PORT = 65_535;

function checkEgress(endpoints: readonly string[]): BrokenRule | undefined {
  for (const [index, endpoint] of endpoints.entries()) {
    const at = ['dpa', 'egress', index];
    const port = Number(ENDPOINT.exec(endpoint)?.[1] ?? 0);
    if (port < 1 || port > MAX_PORT) {
      const problem = `expected "host:port" in lower case without wildcards, e.g. "db.example.com:5432", found "${endpoint}"`;
      return { at, problem };
    }
    if (endpoints.indexOf(endpoint) !== index) return { at, problem: `"${endpoint}" stands in the list twice` };
  }
  return undefined;
}

function checkFallback(name: string, entries: Entries): BrokenRule | undefined {
  const at = ['dpa', 'fallbackFor'];
  const visited = new Set<string>();
  let next = fallbacksOf(entries[name]);
  const unknown = next.find((other) => !Object.hasOwn(entries, other));
  if (unknown !== undefined) {
    const [near] = nearest(unknown, Object.keys(entries));
    return {
      at,
      problem: `names no server of this file: "${unknown}"${near === undefined ? '' : `. Did you mean "${near}"?`}`,
    };
  }
  while (next.length > 0) {
    if (next.includes(name)) return { at, problem: `goes round in a circle back to "${name}"` };
    next.forEach((other) => visited.add(other));
    next = next.flatMap((other) => fallbacksOf(entries[other])).filter((other) => !visited.has(other));
  }
  return undefined;
}

function fallbacksOf(entry: ServerEntry | undefined): readonly string[] {
  return [entry?.dpa?.fallbackFor ?? []].flat();
}

function recordAt(value: unknown, key: string): Record<string, unknown> {
  const part = isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return isRecord(part) ? part : {};
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
