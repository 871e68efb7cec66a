/** The built-in summary, without a model: what was said, decided, asked and answered, taken from the messages themselves. */
import { textOf, type Message, type ToolResult } from './conversation.ts';
import type { Plan } from './plan.ts';
import { isProgramsOwn } from './program-words.ts';
import { shorten } from './progress.ts';
import { numbersIn } from './result-digest.ts';
import { callsIn, failuresIn, resultRecords, sourcesIn } from './result-records.ts';
import { emptySections, maxItemCharacters, maxTaskCharacters, type Section, type Summary } from './summary.ts';

/** Words of sentences that settle something, that demand something, that say what is liked, and that only narrate. */
const cues = {
  decisions:
    /\b(?:decid\w*|chose\w*|choos\w*|instead of|rather than|treat\w*|exclud\w*|ignor\w*|defin\w*|assum\w*|approach|agreed|settled?|opt(?:ed|ing)? for|stick(?:ing)? (?:to|with)|go(?:ing)? with|from now on|count(?:s|ed)? as|we (?:will )?use|will be used|dropped|kept)\b/i,
  constraints:
    /\b(?:only|never|must|always|exclud\w*|ignor\w*|without|not|no more than|at (?:least|most)|limit\w*|require\w*|forbid\w*|do(?:n't| not)|should|keep|until|before|after|quality|threshold|tolerance|accura\w*|complete\w*)\b/i,
  preferences:
    /\b(?:prefer\w*|like|please|format\w*|style|decimals?|digits?|percent\w*|round\w*|short|brief\w*|tables?|charts?|language|words?|names?|currency|units?|in (?:euros?|dollars?|english|german)|would rather|favou?r\w*)\b/i,
  narration:
    /\b(?:let me|looking|look at|now|next|i will|i'll|returned|checking|running|query took|moving on|continu\w*|first,? i|then i|step \d+)\b/i,
  comparison:
    /\b(?:than|higher|lower|most|least|largest|smallest|rose|fell|grew|drop(?:s|ped)|share|rate|average|mean|median|total|per|of all|between|correlat\w*)\b/i,
} as const;

/** `messages`: those that are summarised now; `through`: how many there are from the beginning to the last of them. */
export function summaryFromRecords(messages: readonly Message[], plan: Plan | null, through: number): Summary {
  const words = wordsIn(messages);
  const said = messages.filter(({ role }) => role === 'assistant').flatMap((message) => sentencesIn(textOf(message)));
  const asked = words.flatMap(sentencesIn);
  const [task] = words;
  const findings = said.filter((text) => sectionOf(text) === 'findings');
  return {
    words,
    sections: {
      ...emptySections,
      goals: task === undefined ? [] : sentencesIn(task).slice(0, 1),
      decisions: said.filter((text) => sectionOf(text) === 'decisions'),
      progress: (plan?.steps ?? []).map(({ title, state }) => `${state}: ${title}`),
      context: [...said.filter((text) => sectionOf(text) === 'context'), ...failuresIn(messages)],
      constraints: asked.filter((text) => cues.constraints.test(text)),
      sources: sourcesIn(messages),
      findings,
      preferences: asked.filter((text) => cues.preferences.test(text)),
    },
    results: resultRecords(messages, new Set(findings.flatMap(numbersIn))),
    messages: through,
  };
}

/** What an item is worth: settled things and numbers above talk about what is being done. */
export function weightOf(section: Section, item: string): number {
  const numbers = numbersIn(item).length > 0 ? 2 : 0;
  const settled = cues.decisions.test(item) ? 3 : 0;
  const compared = cues.comparison.test(item) ? 1 : 0;
  const named = /[`"“]/.test(item) ? 1 : 0;
  const narrated = section !== 'progress' && cues.narration.test(item) ? -4 : 0;
  return numbers + settled + compared + named + narrated;
}

function sectionOf(text: string): Section {
  if (cues.decisions.test(text)) return 'decisions';
  return numbersIn(text).length > 0 ? 'findings' : 'context';
}

function sentencesIn(text: string): string[] {
  return text
    .split(/(?<=[.!?])\s+|\n+/)
    .map((sentence) => shorten(sentence.replace(/^[-*#>\s]+/, ''), maxItemCharacters))
    .filter((sentence) => /\p{L}/u.test(sentence));
}

/** Of persons: tasks, redirections, and answers to questions with what was asked; not what the program itself says. */
function wordsIn(messages: readonly Message[]): string[] {
  const calls = callsIn(messages);
  return messages.flatMap((message): string[] => {
    if (message.role === 'user') {
      const text = message.parts[0]?.kind === 'text' ? textOf(message).trim() : '';
      return text === '' || isProgramsOwn(text) ? [] : [cut(text, maxTaskCharacters)];
    }
    if (message.role !== 'tool') return [];
    return message.parts.flatMap((result) => {
      const answer = answerIn(result);
      const question = calls.get(result.callId)?.arguments['question'];
      if (answer === undefined) return [];
      return [
        cut(
          typeof question === 'string' ? `${shorten(question, maxItemCharacters)} ${answer}` : answer,
          maxTaskCharacters,
        ),
      ];
    });
  });
}

/** A person's answer to a question of the model. */
function answerIn({ ok, ref, text }: ToolResult): string | undefined {
  if (!ok || ref !== undefined) return undefined;
  const found = /"answer":("(?:[^"\\]|\\.)*")/.exec(text)?.[1];
  return found === undefined ? undefined : (JSON.parse(found) as string);
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
