/** How far two texts are apart, and whether one may be a slip of the other. */

/** Letters to insert, delete or replace; more than `most` is given as `most + 1`. */
export function editDistance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const value = Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
      next.push(value);
      least = Math.min(least, value);
    }
    if (least > most) return most + 1;
    row = next;
  }
  return Math.min(row[b.length] ?? 0, most + 1);
}

/** Slips in a text of that length, at most. */
export function slipsIn(length: number): number {
  if (length < 4) return 0;
  return length < 8 ? 1 : length < 20 ? 2 : Math.floor(length / 8);
}

/** Texts that differ in their digits are different things, however near they are. */
export function sameDigits(a: string, b: string): boolean {
  return a.replaceAll(/\D/g, '') === b.replaceAll(/\D/g, '');
}

/** `value` may be a slip of `model`: few letters apart, or only case and spaces, digits alike. */
export function isSlip(value: string, model: string): boolean {
  if (value !== model && bare(value) === bare(model) && bare(value) !== '') return true;
  const slips = slipsIn(Math.min(value.length, model.length));
  return slips > 0 && value !== model && sameDigits(value, model) && editDistance(value, model, slips) <= slips;
}

/** Without case, spaces and signs. */
function bare(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}
