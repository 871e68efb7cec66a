/** The facts that the demo's sales database is built around, as data: the generator plants them, the tests look for them. */

/** Factor on the monthly churn hazard, by level. */
export type Effect = Readonly<Record<string, number>>;

export const planted = {
  /** First day of the data, and the day on which it was taken. */
  firstDay: '2023-01-01',
  asOf: '2025-01-01',
  /** Months over which customers sign up. */
  months: 24,

  /** Share of the customers at risk who churn in an ordinary month, before the factors below. */
  monthlyHazard: 0.0175,

  /** December churn stands this much above the mean of the other months. */
  december: { month: 12, factor: 1.3 },

  /** What really drives churn, strongest first. */
  drivers: ['support tickets', 'plan', 'region'],

  /** By number of support tickets so far in the first `ticketWindowDays` days; the last level means that many or more. */
  ticketWindowDays: 60,
  tickets: { '0': 0.6, '1': 1, '2': 1.8, '3': 3 } satisfies Effect,
  plans: { Basic: 1.45, Standard: 1, Premium: 0.62 } satisfies Effect,
  regions: { North: 0.9, East: 0.9, South: 1.5, West: 0.9, Central: 0.9 } satisfies Effect,

  /** Looks like a driver only because the plan decides how people pay; within a plan it makes no difference. */
  confounded: { column: 'payment_method', explainedBy: 'plan' },

  /** Made of chance alone. */
  noise: ['favourite_colour', 'newsletter', 'age'],

  /** Rows of `usage_events` have no effect; their plain count has one, because who stays longer has more of them. */
  exposureTrap: 'usage_events',

  /** Dirt, in the customers whose id leaves this remainder when divided by `dirtEvery`. */
  dirtEvery: 100,
  dirt: {
    nullWords: { dataset: 'customers', column: 'region', remainder: 7 },
    mistypedDates: { dataset: 'customers', column: 'signup_date', remainder: 19 },
    duplicateIds: { dataset: 'customers', column: 'customer_id', remainder: 42 },
    negativeAmounts: { dataset: 'subscriptions', column: 'monthly_amount', remainder: 77 },
  },
} as const;

/** How many rows carry one kind of dirt in a database of so many customers (ids run from 1). */
export function dirtCount(kind: keyof typeof planted.dirt, customers: number): number {
  const { remainder } = planted.dirt[kind];
  return customers < remainder ? 0 : Math.floor((customers - remainder) / planted.dirtEvery) + 1;
}
