/** The words by which outcomes are named, in tasks, columns and values: families of synonyms, matched by stems. */

export type Family = {
  /** How the outcome is called in sentences. */
  readonly noun: string;
  readonly stems: readonly string[];
  /**
   * `end`: it ends a relation, who was there longer had more chance of it. `event`: it belongs to one moment, such as
   * an order. `either`: the dates of the data decide.
   */
  readonly time: 'end' | 'event' | 'either';
};

/** Specific families first: the first one that a word belongs to wins. A stem that ends in $ is a whole word. */
export const families: readonly Family[] = [
  {
    noun: 'churn',
    stems: [
      'churn',
      'attrit',
      'cancel',
      'terminat',
      'unsubscri',
      'leave',
      'leaving',
      'left$',
      'quit',
      'lapse',
      'retention',
      'retain',
      'resign',
      'turnover',
      'dropout',
      'kündig',
      'kuendig',
      'abwander',
      'storn',
      'exited',
      'deactivat',
    ],
    time: 'end',
  },
  {
    noun: 'return',
    stems: ['return', 'returned', 'refund', 'retour', 'rückgabe', 'rueckgabe', 'sentback'],
    time: 'event',
  },
  {
    noun: 'failure',
    stems: ['fail', 'breakdown', 'broke', 'defect', 'fault', 'malfunction', 'outage', 'ausfall', 'crash', 'scrap'],
    time: 'either',
  },
  {
    noun: 'default',
    stems: ['default', 'delinquen', 'arrear', 'chargedoff', 'overdue', 'unpaid', 'bankrupt'],
    time: 'either',
  },
  { noun: 'fraud', stems: ['fraud', 'chargeback', 'scam', 'betrug'], time: 'event' },
  {
    noun: 'conversion',
    stems: ['conver', 'purchase', 'bought', 'signup', 'subscribe', 'won$', 'click', 'respon', 'accept'],
    time: 'event',
  },
  { noun: 'death', stems: ['death', 'died', 'mortal', 'decease'], time: 'either' },
  { noun: 'survival', stems: ['surviv'], time: 'event' },
  { noun: 'readmission', stems: ['readmi'], time: 'event' },
  { noun: 'delay', stems: ['delay', 'late$', 'verspät'], time: 'event' },
  { noun: 'complaint', stems: ['complain', 'escalat', 'dispute', 'reklam'], time: 'event' },
];

/** An outcome that no family knows: called by the words of its own column. */
export const unnamedFamily: Family = { noun: 'the outcome', stems: [], time: 'either' };

/** Names of dates on which something ends; weaker than the stems, and only for outcomes that end a relation. */
const endStems = ['end', 'closed', 'close', 'exit', 'until', 'stop', 'inactive', 'expired', 'ended'];
const startStems = [
  'start',
  'begin',
  'signup',
  'sign',
  'join',
  'creat',
  'open',
  'regist',
  'subscri',
  'since',
  'hire',
  'order',
  'purchas',
  'activat',
  'install',
  'first',
  'date',
  'time',
  'day',
  'timestamp',
];

/** Words of a task that name no outcome although a column may bear them. */
const emptyWords = [
  'data',
  'database',
  'sale',
  'customer',
  'analy',
  'pattern',
  'what',
  'which',
  'driv',
  'reason',
  'factor',
  'influence',
  'cause',
  'caus',
  'table',
  'file',
  'over',
  'time',
  'month',
  'does',
  'with',
  'from',
  'that',
  'this',
  'order',
  'product',
  'machine',
  'user',
  'find',
  'show',
];

/** The family the task is about; undefined when none of its words belongs to one. */
export function familyOfTask(task: string): Family | undefined {
  const words = tokens(task);
  const family = families.find(({ stems }) => words.some((word) => matches(word, stems)));
  const noun = ownNouns.find((own) => words.some((word) => word.startsWith(own.slice(0, 6))));
  return family?.noun === 'churn' && noun !== undefined ? { ...family, noun } : family;
}

/** Other words for churn that are kept when the task uses them. */
const ownNouns = ['attrition', 'cancellation', 'turnover'];

/** True when a name or value bears a word of the family. */
export function bearsFamily(text: string, family: Family): boolean {
  const words = tokens(text);
  if (words.includes('returning') || words.includes('non') || words.includes('not')) return false;
  return words.some((word) => matches(word, family.stems)) || matches(words.join(''), family.stems);
}

export function familyOfName(text: string): Family | undefined {
  return families.find((family) => bearsFamily(text, family));
}

/** True when the task speaks of this column by a word of its name. */
export function namedInTask(column: string, task: string): boolean {
  const words = tokens(task).filter((word) => word.length >= 4 && !matches(word, emptyWords));
  return tokens(column).some((token) => token.length >= 4 && words.some((word) => sameStem(word, token)));
}

export function namesAnEnd(column: string): boolean {
  return tokens(column).some((token) => endStems.includes(token));
}

/** How much a name sounds like the day on which something began: 0 is not at all. */
export function soundsLikeStart(column: string): number {
  const found = tokens(column).map((token) =>
    startStems.findIndex((stem) => token.startsWith(stem) || (stem.length >= 5 && token.includes(stem))),
  );
  const best = Math.min(...found.map((index) => (index < 0 ? startStems.length : index)), startStems.length);
  const misleading = namesAnEnd(column) || /last|latest|updat|modif|birth|dob|next|due|deliver|resol/i.test(column);
  return misleading ? 0 : startStems.length - best;
}

/** True for names that identify things: ids, keys, codes, numbers of documents. */
export function namesAnId(column: string): boolean {
  const last = tokens(column).at(-1) ?? '';
  return (
    /^(id|ids|key|uuid|guid|code|no|nr|num|number|sku|ref|udi)$/.test(last) ||
    /[a-z](Id|ID|_?uuid)$/.test(column) ||
    /^[a-z]{3,}id$/.test(last)
  );
}

/** The words of a name or sentence in lower case: split at capitals, digits' neighbours, and everything that is no letter. */
export function tokens(text: string): string[] {
  return text
    .replaceAll(/([a-zäöü0-9])([A-ZÄÖÜ])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((token) => token !== '');
}

/** A name without case and signs, and without the plural s of its words. */
export function normalized(name: string): string {
  return tokens(name)
    .map((token) => token.replace(/ies$/, 'y').replace(/(?<=[a-z]{2})s$/, ''))
    .join('');
}

function matches(word: string, stems: readonly string[]): boolean {
  return stems.some((stem) => {
    if (stem.endsWith('$')) return word === stem.slice(0, -1);
    return word.startsWith(stem) || (stem.length >= 6 && word.includes(stem));
  });
}

function sameStem(a: string, b: string): boolean {
  const length = Math.max(4, Math.min(a.length, b.length) - 2);
  return a.slice(0, length) === b.slice(0, length);
}
