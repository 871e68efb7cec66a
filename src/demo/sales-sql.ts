/** The SQL that makes the demo's sales database: every random number is a hash of seed, id and purpose, so order and threads do not matter. */
import { planted, type Effect } from './planted.ts';

export type SalesOptions = { readonly seed: number; readonly customers: number };

const firstDay = `DATE '${planted.firstDay}'`;
const lastDay = `DATE '${planted.asOf}'`;

/** Statements that build the tables in memory, in order. */
export function salesTables({ seed, customers }: SalesOptions): string[] {
  return [
    `CREATE MACRO u(id, purpose) AS (hash(id, purpose, ${Math.trunc(seed)}) >> 11) / 9007199254740992.0`,
    peopleTable(customers),
    earlyTickets,
    churnTable(),
    lateTickets,
  ];
}

/** What is written to each file. */
export const salesFiles = {
  'customers.csv': `SELECT * FROM (
      SELECT id AS customer_id,
        CASE WHEN ${isDirty('mistypedDates')} THEN strftime(signup, '%Y-%d.%m') ELSE strftime(signup, '%Y-%m-%d') END AS signup_date,
        CASE WHEN ${isDirty('nullWords')} THEN 'N/A' ELSE region END AS region,
        18 + floor(60 * u(id, 'age'))::INTEGER AS age,
        ['red', 'blue', 'green', 'yellow', 'violet', 'grey'][1 + floor(6 * u(id, 'colour'))::INTEGER] AS favourite_colour,
        u(id, 'news') < 0.4 AS newsletter
      FROM people CROSS JOIN (VALUES (0), (1)) AS copies(copy)
      WHERE copy = 0 OR ${isDirty('duplicateIds')}
      ORDER BY copy, id)`,
  'plans.json': `SELECT row_number() OVER () AS plan_id, name AS plan_name, price AS list_price
      FROM (VALUES ('Basic', 19.0), ('Standard', 39.0), ('Premium', 79.0)) AS plans(name, price)`,
  'subscriptions.parquet': `SELECT 500000 + id AS subscription_id, id AS customer_id,
        list_position(['Basic', 'Standard', 'Premium'], plan) AS plan_id, payment AS payment_method,
        (CASE WHEN ${isDirty('negativeAmounts')} THEN -1 ELSE 1 END
          * round(CASE plan WHEN 'Basic' THEN 19 WHEN 'Standard' THEN 39 ELSE 79 END * (1 - 0.2 * u(id, 'discount')), 2))::DECIMAL(8, 2) AS monthly_amount,
        signup AS start_date, churned_on AS end_date,
        CASE WHEN churned_on IS NULL THEN 'active' ELSE 'cancelled' END AS status,
        CASE WHEN churned_on IS NOT NULL THEN ['price', 'service', 'competitor', 'other'][1 + floor(4 * u(id, 'reason'))::INTEGER] END AS cancel_reason
      FROM churn ORDER BY id`,
  'support_tickets.ndjson': `SELECT row_number() OVER (ORDER BY opened_at, id, n) AS ticket_id, id AS customer_id, opened_at,
        ['billing', 'technical', 'login', 'delivery'][1 + floor(4 * u(id * 100 + n, 'topic'))::INTEGER] AS topic,
        ['low', 'normal', 'high'][1 + floor(3 * u(id * 100 + n, 'priority'))::INTEGER] AS priority,
        round(1 + 40 * u(id * 100 + n, 'hours') ** 2, 1) AS first_response_hours
      FROM (SELECT id, n, opened_at FROM tickets JOIN churn USING (id) WHERE opened_at < coalesce(churned_on, ${lastDay})
            UNION ALL SELECT id, n, opened_at FROM late_tickets)
      ORDER BY ticket_id`,
  'usage_events.parquet': `SELECT row_number() OVER (ORDER BY occurred_on, id, n) AS event_id, id AS customer_id, occurred_on,
        ['report', 'export', 'dashboard', 'alert', 'api'][1 + floor(5 * u(id * 100 + n, 'feature'))::INTEGER] AS feature,
        1 + floor(45 * u(id * 100 + n, 'minutes'))::INTEGER AS minutes
      FROM (SELECT id, n, churned_on, signup + floor((n + u(id * 100 + n, 'day')) * 24)::INTEGER AS occurred_on
            FROM churn, range(31) AS slots(n) WHERE u(id * 100 + n, 'seen') < 0.2 + 0.7 * u(id, 'active'))
      WHERE occurred_on < coalesce(churned_on, ${lastDay})
      ORDER BY event_id`,
} as const;

function peopleTable(customers: number): string {
  return `CREATE TABLE people AS
    SELECT *, CASE WHEN u(id, 'pay') < CASE plan WHEN 'Basic' THEN 0.7 WHEN 'Standard' THEN 0.3 ELSE 0.1 END THEN 'invoice'
        WHEN u(id, 'pay') < CASE plan WHEN 'Basic' THEN 0.85 WHEN 'Standard' THEN 0.6 ELSE 0.4 END THEN 'direct debit'
        ELSE 'credit card' END AS payment
    FROM (SELECT id, (${firstDay} + floor(u(id, 'signup') * (${lastDay} - ${firstDay}))::INTEGER)::DATE AS signup,
        CASE WHEN u(id, 'plan') < 0.4 THEN 'Basic' WHEN u(id, 'plan') < 0.75 THEN 'Standard' ELSE 'Premium' END AS plan,
        ['North', 'East', 'South', 'West', 'Central'][1 + floor(5 * u(id, 'region'))::INTEGER] AS region,
        CASE WHEN u(id, 'tickets') < 0.46 THEN 0 WHEN u(id, 'tickets') < 0.73 THEN 1 WHEN u(id, 'tickets') < 0.88 THEN 2
          WHEN u(id, 'tickets') < 0.96 THEN 3 WHEN u(id, 'tickets') < 0.99 THEN 4 ELSE 5 END AS early_tickets
      FROM range(1, ${Math.trunc(customers) + 1}) AS ids(id))`;
}

/** Tickets of the first weeks: these are what drives churn. */
const earlyTickets = `CREATE TABLE tickets AS
  SELECT id, n, signup, signup + to_seconds(floor(u(id * 100 + n, 'opened') * ${planted.ticketWindowDays} * 86400)::BIGINT) AS opened_at
  FROM people, range(5) AS numbers(n) WHERE n < early_tickets`;

/** Each customer may churn in every full calendar month after the sign-up; what counts are the tickets before that month. */
function churnTable(): string {
  const hazard = [
    planted.monthlyHazard,
    factor('least(tickets, 3)', planted.tickets),
    factor('plan', planted.plans),
    factor('region', planted.regions),
    `CASE WHEN month(first) = ${planted.december.month} THEN ${planted.december.factor} ELSE 1 END`,
  ].join(' * ');
  return `CREATE TABLE churn AS
    WITH months AS (SELECT m, (${firstDay} + to_months(m::INTEGER))::DATE AS first FROM range(1, ${planted.months}) AS numbers(m)),
    opened AS (SELECT id, list(opened_at) AS days FROM tickets GROUP BY id),
    at_risk AS (
      SELECT id, m, first, plan, region, CASE WHEN days IS NULL THEN 0
          ELSE (days[1] < first)::INTEGER + coalesce((days[2] < first)::INTEGER, 0) + coalesce((days[3] < first)::INTEGER, 0)
            + coalesce((days[4] < first)::INTEGER, 0) + coalesce((days[5] < first)::INTEGER, 0) END AS tickets
      FROM people LEFT JOIN opened USING (id) JOIN months ON signup < first),
    ends AS (SELECT id, min(m) AS m FROM at_risk WHERE u(id * 100 + m, 'churn') < ${hazard} GROUP BY id)
    SELECT people.*, (first + floor(u(id, 'end') * day(last_day(first)))::INTEGER)::DATE AS churned_on
    FROM people LEFT JOIN ends USING (id) LEFT JOIN months USING (m)`;
}

/** A few tickets come later; they have no effect. */
const lateTickets = `CREATE TABLE late_tickets AS
  SELECT id, n, opened_at FROM (
    SELECT id, 10 + m AS n, churned_on, signup + to_days((${planted.ticketWindowDays} + 30 * m)::INTEGER)
        + to_seconds(floor(u(id * 100 + m, 'later') * 30 * 86400)::BIGINT) AS opened_at
    FROM churn, range(22) AS numbers(m) WHERE u(id * 100 + m, 'again') < 0.012)
  WHERE opened_at < coalesce(churned_on, ${lastDay})`;

function isDirty(kind: keyof typeof planted.dirt): string {
  return `id % ${planted.dirtEvery} = ${planted.dirt[kind].remainder}`;
}

/** A CASE expression for the hazard factor of a level. */
function factor(column: string, effect: Effect): string {
  const branches = Object.entries(effect).map(([level, value]) => `WHEN '${level}' THEN ${value}`);
  return `CASE ${column}::VARCHAR ${branches.join(' ')} END`;
}
