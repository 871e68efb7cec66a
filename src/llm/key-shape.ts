/** Checks of a key's shape, so that a slip is told before anything is sent; the key itself is never shown. */
import type { Provider } from './profiles.ts';

const prefixes = { openai: 'sk-', anthropic: 'sk-ant-' } as const;

/** Shorter ones are placeholders. */
const minKeyCharacters = 12;

const placeholders =
  /^(?:your[-_ ]|<|\.\.\.|x{3,}|changeme|change-me|todo|none|null|undefined|placeholder|sk-\.{2,}|sk-x{3,}|\$\{)/i;

/** `official`: the provider whose own address it is for; elsewhere a key may look like anything. */
export function keyProblem(variable: string, key: string, official: Provider | undefined): string | undefined {
  const say = (found: string) =>
    `${variable}: expected an API key, found ${found}. Set ${variable} to the key from the provider's console, or ${variable}_FILE to a file that holds it.`;
  if (key.trim() === '') return say('only blanks');
  if (/^["'].*["']$/.test(key)) return say('one in quotation marks');
  // Header values can carry nothing else; a line break is what comes of a careless copy.
  if (!/^[\x21-\x7E]+$/.test(key)) return say('one with blanks, line breaks or letters no key has');
  if (official !== 'openai' && official !== 'anthropic') return undefined;
  if (placeholders.test(key)) return say('a placeholder');
  if (key.length < minKeyCharacters) return say(`only ${key.length} characters`);
  if (official === 'openai' && key.startsWith(prefixes.anthropic))
    return say('a key of Anthropic, which belongs into ANTHROPIC_API_KEY');
  if (official === 'anthropic' && key.startsWith(prefixes.openai) && !key.startsWith(prefixes.anthropic))
    return say('what looks like a key of OpenAI, which belongs into OPENAI_API_KEY');
  return key.startsWith(prefixes[official]) ? undefined : say(`one that does not begin with ${prefixes[official]}`);
}
