/** Asks again without a parameter that the model refuses, and never sends it that parameter again. */
import { readError } from './error-facts.ts';

export type Body = Readonly<Record<string, unknown>>;

const refusals = ['unsupported_parameter', 'unsupported_value', 'unknown_parameter'];

const refusalWords = /(?:not|n't) support|unsupported|unknown parameter|unrecognized|extra inputs/i;

/** A refused request is not paid for. Remembers as long as it lives. `droppable`: paths that an answer is as good without. */
export function createAccepted(droppable: readonly string[]) {
  const refused = new Set<string>();
  return async function accepted<T>(body: Body, send: (body: Body) => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await send(without(body, refused));
      } catch (error) {
        const parameter = refusedParameter(error, droppable);
        if (parameter === undefined || refused.has(parameter)) throw error;
        refused.add(parameter);
      }
    }
  };
}

function refusedParameter(error: unknown, droppable: readonly string[]): string | undefined {
  const { status, codes, parameter, text } = readError(error);
  if (status !== 400) return undefined;
  if (parameter !== undefined) {
    // Some refusals have a parameter and no code: `include` of a model that does not reason.
    const isRefusal = codes.some((code) => refusals.includes(code)) || refusalWords.test(text);
    return isRefusal ? droppable.find((name) => name === parameter) : undefined;
  }
  return refusalWords.test(text) ? firstNamed(text, droppable) : undefined;
}

/** Proxies say it in words only: the first parameter they name is the one they mean. */
function firstNamed(text: string, droppable: readonly string[]): string | undefined {
  const places = droppable
    .map((name) => ({ name, at: text.search(mentionOf(name)) }))
    .filter(({ at }) => at >= 0)
    .sort((left, right) => left.at - right.at);
  return places[0]?.name;
}

/** What is an English word too must stand in quotes. */
function mentionOf(name: string): RegExp {
  const exact = name.replace('.', '\\.');
  const bare = /^(?:store|include|thinking)$/.test(name) ? '' : `|(?<![\\w.])${exact}(?![\\w.])`;
  return new RegExp(`['"\`]${exact}['"\`]${bare}`);
}

function without(body: Body, refused: ReadonlySet<string>): Body {
  const copy: Record<string, unknown> = { ...body };
  for (const path of refused) {
    const [name = '', inner] = path.split('.');
    if (inner === undefined) delete copy[name];
    else if (copy[name] !== undefined) copy[name] = { ...(copy[name] as Body), [inner]: undefined };
  }
  return copy;
}
