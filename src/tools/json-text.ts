/** Strict JSON with places: each problem has its line and column, each value its line. */
export type ParsedJson =
  | { readonly kind: 'value'; readonly value: unknown; lineOf(at: readonly PropertyKey[]): number | undefined }
  | { readonly kind: 'problem'; readonly problem: string; readonly line: number; readonly column: number };

const MAX_DEPTH = 64;

/** `JSON.parse` gives no lines, keeps the last of two equal keys and lets `__proto__` pass; a file written by hand deserves better. */
export function parseJson(text: string): ParsedJson {
  const start = text.startsWith('\ufeff') ? 1 : 0;
  const lines = new Map<string, number>();
  const reader = createReader(text, start, lines);
  try {
    const value = reader.document();
    return { kind: 'value', value, lineOf: (at) => lines.get(keyOf(at)) };
  } catch (error) {
    if (!(error instanceof JsonProblem)) throw error;
    const before = text.slice(start, error.offset);
    const line = before.split('\n').length;
    return { kind: 'problem', problem: error.message, line, column: before.length - before.lastIndexOf('\n') };
  }
}

class JsonProblem extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

function keyOf(at: readonly PropertyKey[]): string {
  return JSON.stringify(at.map(String));
}

const SPACE = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[A-Za-z_$][\w$]*/y;
const TEXT = /"(?:[^"\\\n]|\\.)*"/y;

function createReader(text: string, start: number, lines: Map<string, number>): { document(): unknown } {
  let offset = start;
  let line = 1;
  let counted = start;

  function lineHere(): number {
    for (; counted < offset; counted++) if (text.charCodeAt(counted) === 10) line += 1;
    return line;
  }
  function match(pattern: RegExp): string | undefined {
    pattern.lastIndex = offset;
    return pattern.exec(text)?.[0];
  }
  function skipSpace(): void {
    offset += match(SPACE)?.length ?? 0;
    if (text.startsWith('//', offset) || text.startsWith('/*', offset) || text[offset] === '#') {
      throw new JsonProblem('expected JSON, found a comment. JSON has none: remove it', offset);
    }
  }
  function expected(what: string): JsonProblem {
    const here = text[offset];
    const found = here === undefined ? 'the end of the file' : `"${text.slice(offset, offset + 12).split('\n')[0]}"`;
    return new JsonProblem(`expected ${what}, found ${found}`, offset);
  }
  function string(what: string): string {
    if (text[offset] === "'") throw expected(`${what} in double quotes`);
    if (text[offset] !== '"') throw expected(what);
    const found = match(TEXT);
    const content = found === undefined ? undefined : unquote(found);
    if (found === undefined || content === undefined) {
      throw new JsonProblem("expected text that ends with '\"' on its line and has only the escapes of JSON", offset);
    }
    offset += found.length;
    return content;
  }
  /** The commas of an object or a list; `item` reads one member. */
  function members(close: string, item: () => void): void {
    offset += 1;
    skipSpace();
    while (text[offset] !== close) {
      item();
      skipSpace();
      if (text[offset] === close) break;
      if (text[offset] !== ',') throw expected(`"," or "${close}"`);
      const comma = offset;
      offset += 1;
      skipSpace();
      if (text[offset] === close) throw new JsonProblem(`remove this comma: none may stand before "${close}"`, comma);
    }
    offset += 1;
  }
  function object(at: readonly (string | number)[]): Record<string, unknown> {
    const found = new Map<string, unknown>();
    members('}', () => {
      const keyOffset = offset;
      const key = string('a key in double quotes');
      if (key === '__proto__') throw new JsonProblem('the key "__proto__" is not allowed', keyOffset);
      if (found.has(key)) {
        const first = lines.get(keyOf([...at, key]));
        throw new JsonProblem(
          `the key "${key}" stands here a second time; the first is on line ${first}. Remove one`,
          keyOffset,
        );
      }
      lines.set(keyOf([...at, key]), lineHere());
      skipSpace();
      if (text[offset] !== ':') throw expected('":"');
      offset += 1;
      found.set(key, value([...at, key]));
    });
    return Object.fromEntries(found);
  }
  function list(at: readonly (string | number)[]): unknown[] {
    const found: unknown[] = [];
    members(']', () => {
      found.push(value([...at, found.length]));
    });
    return found;
  }
  function value(at: readonly (string | number)[]): unknown {
    skipSpace();
    if (at.length > MAX_DEPTH) throw new JsonProblem(`nested deeper than ${MAX_DEPTH} levels`, offset);
    if (!lines.has(keyOf(at))) lines.set(keyOf(at), lineHere());
    if (text[offset] === '{') return object(at);
    if (text[offset] === '[') return list(at);
    if (text[offset] === '"') return string('text');
    const number = match(NUMBER);
    if (number !== undefined) {
      offset += number.length;
      return Number(number);
    }
    const word = match(WORD);
    if (word !== 'true' && word !== 'false' && word !== 'null') throw expected('a value');
    offset += word.length;
    return word === 'null' ? null : word === 'true';
  }

  return {
    document() {
      skipSpace();
      if (offset === text.length) throw new JsonProblem('expected JSON, found an empty file', offset);
      const found = value([]);
      skipSpace();
      if (offset < text.length) throw expected('the end of the file');
      return found;
    },
  };
}

function unquote(found: string): string | undefined {
  try {
    const content: unknown = JSON.parse(found);
    return typeof content === 'string' ? content : undefined;
  } catch {
    return undefined;
  }
}
