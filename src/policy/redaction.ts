/** Takes keys and other secrets out of a text before it is logged, stored or shown. */

export const redacted = '[redacted]';

/** Shorter ones are placeholders such as `none`: taking them out would garble words and hide nothing. */
const minSecretLength = 8;

/** What looks like a key whoever it belongs to; the first group, where there is one, is kept. */
const keyPatterns: readonly RegExp[] = [
  /\bsk-[A-Za-z0-9_*-]{6,}/g,
  /\b(?:gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|hf_|gsk_|AIza|AKIA|ASIA)[A-Za-z0-9_-]{8,}/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g,
  /\b((?:bearer|basic)\s+)[A-Za-z0-9._~+/=*-]{6,}/gi,
  /\b((?:x-api-key|api[-_ ]?key|access[-_ ]?token|auth[-_ ]?token|client[-_ ]?secret|password|passwd|secret)["']?\s*[:=]\s*["']?)[^\s"',;&}]{6,}/gi,
  /(:\/\/)[^\s/:@]+:[^\s/@]+(?=@)/g,
];

/** The text without these secrets, also where they stand URL-encoded or JSON-escaped, and without what looks like a key. */
export function redact(text: string, secrets: readonly string[] = []): string {
  let clean = text;
  for (const form of secretForms(secrets)) clean = clean.replaceAll(form, redacted);
  for (const pattern of keyPatterns) {
    clean = clean.replace(pattern, (_, kept: unknown) => `${typeof kept === 'string' ? kept : ''}${redacted}`);
  }
  return clean;
}

/** As they may stand in a text. The longest first, or a secret that begins with another one would leave its end behind. */
export function secretForms(secrets: readonly string[]): string[] {
  const forms = secrets
    .filter((secret) => secret.length >= minSecretLength)
    .flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]);
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}
