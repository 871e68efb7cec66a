/** What a task asks for, by its words: which kind of analysis, or why it is none the built-in planner can do. */

export type Unsupported = 'conversation' | 'forecast' | 'causal' | 'documents' | 'writing';

export type Intent =
  | { readonly kind: 'quality' | 'drivers' | 'trend' | 'comparison' | 'aggregate'; readonly readAs?: string }
  | { readonly kind: 'unsupported'; readonly what: Unsupported };

/** The first rule that fits decides, so special wishes stand before general ones. */
export function intentOf(task: string): Intent {
  const text = task.toLowerCase().replaceAll(/\s+/g, ' ').trim();
  for (const { pattern, intent } of rules) if (pattern.test(text)) return intent;
  return { kind: 'unsupported', what: 'conversation' };
}

type Rule = { readonly pattern: RegExp; readonly intent: Intent };

const polite = '^(?:hey |hi |hello )?,? ?(?:please |kindly |can you |could you |would you |i want you to |go and )*';

/** What cannot be done whatever the data: said at once, so that nothing is made up. */
const refusals: readonly Rule[] = [
  {
    pattern: new RegExp(
      `${polite}(?:delete|drop|update|insert|fix|clean|correct|remove|overwrite|load|migrate|rename|merge|deduplicate|dedupe|truncate|backfill|impute|replace|create (?:a |the )?(?:new )?table|add (?:a |the )?(?:new )?column)\\b`,
    ),
    intent: { kind: 'unsupported', what: 'writing' },
  },
  {
    pattern:
      /\b(?:forecast|predict|prediction|extrapolat|projection|project the|will (?:\w+ ){1,4}(?:be|have|grow|churn|sell|happen)|expect(?:ed)? (?:in|for|next)|(?:in|for|of) (?:the )?next (?:month|quarter|year|week|day|\d))/,
    intent: { kind: 'unsupported', what: 'forecast' },
  },
  {
    pattern:
      /\b(?:prove|causal|causally|causation|causality|caused by|did .{1,60} cause|does .{1,60} cause|what if|would .{1,60} if we|effect of (?:our|the|a) (?:campaign|experiment|change|intervention|treatment)|a\/b test|uplift)\b/,
    intent: { kind: 'unsupported', what: 'causal' },
  },
  {
    pattern: new RegExp(
      `\\b(?:document(?:ation)? (?:of |for )?(?:the|this|our|my)|(?:write|draft|create|generate|make|prepare) (?:an? |the |me |us |some )*(?:\\w+ )?(?:documentation|document|email|e-mail|memo|presentation|slides|slide deck|readme|letter|blog|story|poem|script|code|function|dag|pipeline|press release|contract)|powerpoint|translate|summari[sz]e (?:this |the |these )?(?:article|paper|document|text|email|pdf|meeting)|read (?:this|the) (?:pdf|contract|document))\\b|${polite}document\\b`,
    ),
    intent: { kind: 'unsupported', what: 'documents' },
  },
  {
    pattern: new RegExp(
      `^(?:hi|hello|hey|thanks|thank you|good (?:morning|evening|day))[ ,!.]*(?:there|everyone)?[!.]*$|\\b(?:who are you|what can you do|how are you|tell me a joke|weather|your (?:name|opinion)|meaning of life|recommend (?:a|me)|what (?:is|are) (?:an? )?(?:sql|machine learning|ai|parquet|duckdb|python|temporal)\\b|capital of)`,
    ),
    intent: { kind: 'unsupported', what: 'conversation' },
  },
];

/** Words of the analyses. */
const quality =
  /\b(?:profil\w*|quality|what(?:'s| is| might be| could be)? (?:\w+ )?wrong|wrong (?:with|in)|clean(?:liness)? (?:is|enough)|how (?:clean|dirty|complete|reliable)|anomal\w*|problems?|issues?|dirty|messy|validat\w*|valid|missing|duplicat\w*|outliers?|nulls?|empty|inconsisten\w*|integrity|sanity|audit|can i trust|trustworthy|corrupt\w*|completeness|errors? in|bad (?:data|rows|records|values))\b/;

const why =
  /\b(?:why|driv(?:er|ers|es|ing|en)|patterns?|factors?|influenc\w*|reasons?|explain\w*|depends?|predictors?|root causes?|what makes|what causes|causes? of|correlat\w*|associat\w*|linked to|related to|relate|relationship|risk(?:s|y)?|who (?:is|are) (?:most |more )?likely|leads? to|contribut\w* to)\b/;

const comparison =
  /\b(?:compar\w+|versus|vs\.?|difference|differ|differs|before and after|better than|worse than|more than in|less than in|against (?:last|the previous))\b/;

const trend =
  /\b(?:trend\w*|over time|season\w*|monthly|weekly|daily|yearly|annual\w*|quarterly|per (?:month|week|day|year|quarter)|(?:by|each|every|which|what) (?:month|week|weekday|day|year|quarter|day of the week)\b|month over month|year over year|time series|timeline|evol\w+|develop(?:s|ed|ment|ing)|grow(?:s|n|th|ing)?|increas\w+|declin\w+|decreas\w+|rising|falling|going (?:up|down)|history of|busiest|peak)\b/;

const aggregate =
  /\b(?:top|bottom|best|worst|highest|lowest|most|least|fewest|largest|biggest|smallest|total|sum|average|avg|mean|median|count|how (?:many|much)|number of|shares?|rates?|percent\w*|proportion|fraction|breakdown|break down|distribution|rank\w*|list|maximum|minimum|max|min|biggest)\b|\b(?:by|per|for each) \w+/;

/** A total by something that is no time, although its column may be called `monthly_fee`. */
const byGroup =
  /^(?!.*\b(?:trend|season|over time))(?=.*\b(?:total|sum|average|avg|mean|median|top|bottom|count|how many|how much)\b).*\b(?:by|per)\s+(?!(?:the )?(?:month|week|day|year|quarter|date|time|hour))/;

/** Outcomes that ask for their drivers even when nothing else is said. */
const outcome =
  /\b(?:churn\w*|attrition|cancel\w*|returns?|returned|refund\w*|fail\w*|breakdowns?|defect\w*|faults?|default(?:s|ed|ing)?|fraud\w*|conversion|retention|complaints?|late deliver\w*|delays?)\b/;

const about =
  /\b(?:data|dataset|datasets|database|tables?|files?|csv|parquet|columns?|records|rows|lake|report|analy[sz]e|analysis|explore|overview|look at|describe|summar\w+|check|inspect|tell me about|show me|insights?|understand|examine|investigate|review|find)\b/;

const rules: readonly Rule[] = [
  ...refusals,
  { pattern: both(why, outcome), intent: { kind: 'drivers' } },
  { pattern: quality, intent: { kind: 'quality' } },
  { pattern: comparison, intent: { kind: 'comparison' } },
  { pattern: why, intent: { kind: 'drivers' } },
  { pattern: byGroup, intent: { kind: 'aggregate' } },
  { pattern: trend, intent: { kind: 'trend' } },
  { pattern: aggregate, intent: { kind: 'aggregate' } },
  { pattern: outcome, intent: { kind: 'drivers', readAs: 'what goes along with this outcome' } },
  { pattern: /\breport\b/, intent: { kind: 'quality', readAs: 'a report on the state of the data' } },
  { pattern: about, intent: { kind: 'quality', readAs: 'a profile of the data and what is wrong with it' } },
];

function both(first: RegExp, second: RegExp): RegExp {
  return new RegExp(`^(?=.*${first.source})(?=.*${second.source})`);
}
