/** Checks of an address that models are reached at. */

/** One sentence about what is wrong with it; the value itself is shown without anything that could be a secret. */
export function baseUrlProblem(variable: string, value: string): string | undefined {
  const example = 'for example https://models.example/v1';
  if (!URL.canParse(value)) {
    return `${variable}: expected an address that begins with http:// or https://, ${example}, found ${shown(value)}.`;
  }
  const url = new URL(value);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return `${variable}: expected an address that begins with http:// or https://, ${example}, found one that begins with ${url.protocol}//.`;
  if (url.username !== '' || url.password !== '')
    return `${variable}: expected an address without a name or password in it, since addresses end up in logs; set the key in its own variable.`;
  if (url.search !== '' || url.hash !== '')
    return `${variable}: expected an address without ? and #, found one with them. Leave out what follows.`;
  return undefined;
}

/** `OLLAMA_HOST` may be a host, host:port or an address; 0.0.0.0 is where a server listens, not where it is asked. */
export function hostUrl(value: string): string {
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  if (!URL.canParse(withScheme)) return value;
  const url = new URL(withScheme);
  if (url.hostname === '0.0.0.0' || url.hostname === '[::]') url.hostname = '127.0.0.1';
  if (url.port === '' && !/:\d+\/*$/.test(withScheme) && url.protocol === 'http:') url.port = '11434';
  return /^\/*$/.test(url.pathname) ? `${url.href.replace(/\/+$/, '')}/v1` : url.href;
}

export function isLoopback(value: string): boolean {
  const { hostname } = new URL(value);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname);
}

/** What cannot be parsed may be a key that was put into the wrong variable. */
function shown(value: string): string {
  return /^[\w.:/-]{1,60}$/.test(value) && !/^sk-|[\w-]{24,}/.test(value) ? JSON.stringify(value) : 'something else';
}
