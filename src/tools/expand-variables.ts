/** Replaces `${VAR}` and `${VAR:-default}` in every text of a configuration. */
export type Expanded =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'problem'; readonly at: readonly (string | number)[]; readonly problem: string };

type Environment = Readonly<Record<string, string | undefined>>;

/** Keys are left as they are. An empty variable counts as missing where there is a default, as in a shell. */
export function expandVariables(value: unknown, env: Environment, at: readonly (string | number)[] = []): Expanded {
  if (typeof value === 'string') return expandText(value, env, at);
  if (typeof value !== 'object' || value === null) return { kind: 'value', value };
  const expanded: [string, unknown][] = [];
  for (const [key, part] of Object.entries(value)) {
    const result = expandVariables(part, env, [...at, Array.isArray(value) ? Number(key) : key]);
    if (result.kind === 'problem') return result;
    expanded.push([key, result.value]);
  }
  return {
    kind: 'value',
    value: Array.isArray(value) ? expanded.map(([, part]) => part) : Object.fromEntries(expanded),
  };
}

const VARIABLE = /\$\{([^}]*)\}/g;
const CONTENT = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s;

function expandText(text: string, env: Environment, at: readonly (string | number)[]): Expanded {
  const problems: string[] = [];
  const value = text.replace(VARIABLE, (whole, content: string) => {
    const [, name, fallback] = CONTENT.exec(content) ?? [];
    if (name === undefined) {
      problems.push(`expected \${NAME} or \${NAME:-default}, found ${whole}`);
      return whole;
    }
    const found = Object.hasOwn(env, name) ? env[name] : undefined;
    if (fallback !== undefined) return found === undefined || found === '' ? fallback : found;
    if (found === undefined) {
      problems.push(`the environment variable ${name} is not set. Set it, or write \${${name}:-default}`);
    }
    return found ?? '';
  });
  const [problem] = problems;
  return problem === undefined ? { kind: 'value', value } : { kind: 'problem', at, problem };
}
