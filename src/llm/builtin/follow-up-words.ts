/** Words that mean nothing without the task before them: "and by region?" goes on with it. */

const goingOn =
  /^(?:and|also|now|then|but|only|just|same|the same|instead|what about|how about|by|per|for|in|without|excluding)\b[ ,:]*/i;

/** What a total or a mean is grouped by: the last such words of a task. */
const grouping =
  /\b(?:by|per|for each)\s+(?:the\s+)?[\p{L}\p{N}_ ]+?(?=[.,;?!]|$| (?:in|for|where|with|from|since|until)\b)/iu;

export function goesOn(words: string): boolean {
  return goingOn.test(words);
}

/** The task before with the new words in it: another grouping takes the place of the one before. */
export function continued(task: string, words: string): string {
  const own = words.replace(/[?!.\s]+$/, '');
  const rest = own.replace(/^(?:and|also|now|then|but|instead|what about|how about|the same|same)\b[ ,:]*/i, '');
  const group = grouping.exec(rest)?.[0];
  return group !== undefined && grouping.test(task) ? task.replace(grouping, group) : `${task}. ${rest}`;
}
