/** Strict JSON with places: each problem has its line and column, each value its line. */
export type ParsedJson =
  | { readonly kind: 'value'; readonly value: unknown; lineOf(at: readonly PropertyKey[]): number | undefined }
  | { readonly kind: 'problem'; readonly problem: string; readonly line: number; readonly column: number };

const MAX_DEPTH = 64;
const FOUND_SHOWN = 12;
const LINE_FEED = 10;

/** `JSON.parse` gives no lines, keeps the last of two equal keys and lets `__proto__` pass; a file written by hand deserves better. */
export function parseJson(text: string): ParsedJson {
  const start = text.startsWith('\ufeff') ? 1 : 0;
  const lines = new Map<string, number>();
  try {
    const value = new Reader(text, start, lines).document();
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

class Reader {
  readonly #text: string;
  /** Where each value begins, for messages about it; shared with the caller. */
  readonly #lines: Map<string, number>;
  #offset: number;
  #line = 1;
  #counted: number;

  constructor(text: string, start: number, lines: Map<string, number>) {
    this.#text = text;
    this.#offset = start;
    this.#counted = start;
    this.#lines = lines;
  }

  document(): unknown {
    this.#skipSpace();
    if (this.#offset === this.#text.length) throw this.#problem('expected JSON, found an empty file');
    const found = this.#value([]);
    this.#skipSpace();
    if (this.#offset < this.#text.length) throw this.#expected('the end of the file');
    return found;
  }

  #value(at: readonly (string | number)[]): unknown {
    this.#skipSpace();
    if (at.length > MAX_DEPTH) throw this.#problem(`nested deeper than ${MAX_DEPTH} levels`);
    if (!this.#lines.has(keyOf(at))) this.#lines.set(keyOf(at), this.#lineHere());
    const next = this.#text[this.#offset];
    if (next === '{') return this.#object(at);
    if (next === '[') return this.#list(at);
    if (next === '"') return this.#string('text');
    const number = this.#match(NUMBER);
    if (number !== undefined) {
      this.#offset += number.length;
      return Number(number);
    }
    const word = this.#match(WORD);
    if (word !== 'true' && word !== 'false' && word !== 'null') throw this.#expected('a value');
    this.#offset += word.length;
    return word === 'null' ? null : word === 'true';
  }

  #object(at: readonly (string | number)[]): Record<string, unknown> {
    const found = new Map<string, unknown>();
    this.#members('}', () => {
      const keyOffset = this.#offset;
      const key = this.#string('a key in double quotes');
      if (key === '__proto__') throw this.#problem('the key "__proto__" is not allowed', keyOffset);
      if (found.has(key)) {
        const first = this.#lines.get(keyOf([...at, key]));
        const problem = `the key "${key}" stands here a second time; the first is on line ${first}. Remove one`;
        throw this.#problem(problem, keyOffset);
      }
      this.#lines.set(keyOf([...at, key]), this.#lineHere());
      this.#skipSpace();
      if (this.#text[this.#offset] !== ':') throw this.#expected('":"');
      this.#offset += 1;
      found.set(key, this.#value([...at, key]));
    });
    return Object.fromEntries(found);
  }

  #list(at: readonly (string | number)[]): unknown[] {
    const found: unknown[] = [];
    this.#members(']', () => {
      found.push(this.#value([...at, found.length]));
    });
    return found;
  }

  /** The commas of an object or a list; `item` reads one member. */
  #members(close: string, item: () => void): void {
    this.#offset += 1;
    this.#skipSpace();
    while (this.#text[this.#offset] !== close) {
      item();
      this.#skipSpace();
      if (this.#text[this.#offset] === close) break;
      if (this.#text[this.#offset] !== ',') throw this.#expected(`"," or "${close}"`);
      const comma = this.#offset;
      this.#offset += 1;
      this.#skipSpace();
      if (this.#text[this.#offset] === close) {
        throw this.#problem(`remove this comma: none may stand before "${close}"`, comma);
      }
    }
    this.#offset += 1;
  }

  #string(what: string): string {
    if (this.#text[this.#offset] === "'") throw this.#expected(`${what} in double quotes`);
    if (this.#text[this.#offset] !== '"') throw this.#expected(what);
    const found = this.#match(TEXT);
    const content = found === undefined ? undefined : unquote(found);
    if (found === undefined || content === undefined) {
      throw this.#problem("expected text that ends with '\"' on its line and has only the escapes of JSON");
    }
    this.#offset += found.length;
    return content;
  }

  #skipSpace(): void {
    this.#offset += this.#match(SPACE)?.length ?? 0;
    if (/^(?:\/\/|\/\*|#)/.test(this.#text.slice(this.#offset, this.#offset + 2))) {
      throw this.#problem('expected JSON, found a comment. JSON has none: remove it');
    }
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#offset;
    return pattern.exec(this.#text)?.[0];
  }

  #lineHere(): number {
    for (; this.#counted < this.#offset; this.#counted++) {
      if (this.#text.charCodeAt(this.#counted) === LINE_FEED) this.#line += 1;
    }
    return this.#line;
  }

  #expected(what: string): JsonProblem {
    const rest = this.#text.slice(this.#offset, this.#offset + FOUND_SHOWN).split('\n')[0];
    const found = this.#offset >= this.#text.length ? 'the end of the file' : `"${rest}"`;
    return this.#problem(`expected ${what}, found ${found}`);
  }

  #problem(problem: string, offset = this.#offset): JsonProblem {
    return new JsonProblem(problem, offset);
  }
}

function unquote(found: string): string | undefined {
  try {
    const content: unknown = JSON.parse(found);
    return typeof content === 'string' ? content : undefined;
  } catch {
    return undefined;
  }
}
