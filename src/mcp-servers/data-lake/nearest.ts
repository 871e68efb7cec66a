/** The names nearest to a mistyped one, for suggestions in errors. */

const maxSuggestions = 5;

/** Up to five candidates, nearest first; candidates more than half different are left out. */
export function nearestNames(wanted: string, candidates: readonly string[]): string[] {
  const target = wanted.toLowerCase();
  return candidates
    .map((name) => ({ name, distance: distanceTo(target, name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.ceil(Math.max(target.length, name.length) / 2))
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, maxSuggestions)
    .map(({ name }) => name);
}

/** Edit distance, but a name that contains the other counts as near: `customer` should find `dim_customers`. */
function distanceTo(target: string, name: string): number {
  if (target.length > 2 && (name.includes(target) || target.includes(name))) return 1;
  return editDistance(target, name);
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(previous[j]! + 1, current[j - 1]! + 1, substitution));
    }
    previous = current;
  }
  return previous[b.length]!;
}
