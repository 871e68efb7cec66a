/** Data sets shaped unlike the demo's, for checking that the planner is not written for one: each plants what its test looks for. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

/** Writes files from SELECT statements; u(id, purpose) is a random number by hash. */
export async function writeData(folder: string, files: Readonly<Record<string, string>>, seed = 1): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const instance = await DuckDBInstance.create(':memory:');
  try {
    const connection = await instance.connect();
    await connection.run(`CREATE MACRO u(id, purpose) AS (hash(id, purpose, ${seed}) >> 11) / 9007199254740992.0`);
    for (const [file, select] of Object.entries(files)) {
      const format = file.endsWith('.csv')
        ? 'FORMAT csv, HEADER'
        : file.endsWith('.json')
          ? 'FORMAT json, ARRAY true'
          : 'FORMAT parquet';
      await connection.run(`COPY (${select}) TO '${join(folder, file)}' (${format})`);
    }
    connection.closeSync();
    return folder;
  } finally {
    instance.closeSync();
  }
}

/** One flat table with `Churn` Yes or No; total charges only mirror tenure, and are blank for new customers. */
export const telephone = {
  'telephone.csv': `SELECT printf('%04d-XKCD', id) AS customerID, gender, SeniorCitizen, tenure, Contract, PaymentMethod,
      round(charges, 2) AS MonthlyCharges, CASE WHEN tenure = 0 THEN ' ' ELSE round(tenure * charges, 2)::VARCHAR END AS TotalCharges,
      CASE WHEN u(id, 'churn') < 0.42 * CASE Contract WHEN 'Month-to-month' THEN 1.3 WHEN 'One year' THEN 0.35 ELSE 0.1 END
        * CASE WHEN tenure < 12 THEN 1.4 WHEN tenure < 36 THEN 0.9 ELSE 0.6 END * (0.6 + charges / 130) THEN 'Yes' ELSE 'No' END AS Churn
    FROM (SELECT id, CASE WHEN u(id, 'gender') < 0.5 THEN 'Male' ELSE 'Female' END AS gender, (u(id, 'old') < 0.16)::INT AS SeniorCitizen,
        floor(72 * u(id, 'tenure'))::INT AS tenure, 20 + 90 * u(id, 'charges') AS charges,
        CASE WHEN u(id, 'contract') < 0.55 THEN 'Month-to-month' WHEN u(id, 'contract') < 0.76 THEN 'One year' ELSE 'Two year' END AS Contract,
        ['Electronic check', 'Mailed check', 'Bank transfer', 'Credit card'][1 + floor(4 * u(id, 'pay'))::INT] AS PaymentMethod
      FROM range(7000) AS ids(id))`,
};

/** Machines with sensors; the failure modes are part of the failure, so they must not count as its drivers. */
export const machines = {
  'milling.csv': `SELECT id AS UDI, type || printf('%05d', 10000 + id) AS "Product ID", type AS "Type", round(air, 1) AS "Air temperature [K]",
      rpm AS "Rotational speed [rpm]", round(torque, 1) AS "Torque [Nm]", wear AS "Tool wear [min]", shift AS "Shift",
      (twf OR osf OR rnf)::INT AS "Machine failure", twf::INT AS TWF, osf::INT AS OSF, rnf::INT AS RNF
    FROM (SELECT *, u(id, 'twf') < CASE WHEN wear > 200 THEN 0.16 ELSE 0 END AS twf,
        u(id, 'osf') < CASE WHEN torque > 55 THEN 0.22 WHEN torque > 48 THEN 0.05 ELSE 0.004 END AS osf, u(id, 'rnf') < 0.004 AS rnf
      FROM (SELECT id, CASE WHEN u(id, 'type') < 0.6 THEN 'L' WHEN u(id, 'type') < 0.9 THEN 'M' ELSE 'H' END AS type,
          300 + 4 * (u(id, 'air') - 0.5) AS air, 1300 + floor(600 * u(id, 'rpm'))::INT AS rpm, ['A', 'B', 'C'][1 + floor(3 * u(id, 'shift'))::INT] AS shift,
          40 + 12 * (u(id, 't1') + u(id, 't2') + u(id, 't3') - 1.5) * 1.6 AS torque, floor(240 * u(id, 'wear'))::INT AS wear
        FROM range(12000) AS ids(id)))`,
};

const orders = `SELECT *, u(id, 'return') < 0.05 + 0.055 * items + CASE WHEN channel = 'app' THEN 0.09 ELSE 0 END
      + CASE WHEN month(ordered) = 1 AND year(ordered) = 2024 THEN 0.09 ELSE 0 END AS returned
    FROM (SELECT id, (DATE '2023-07-01' + floor(360 * u(id, 'day'))::INT)::DATE AS ordered, 1 + floor(4 * u(id, 'items'))::INT AS items,
      CASE WHEN u(id, 'channel') < 0.3 THEN 'app' WHEN u(id, 'channel') < 0.8 THEN 'web' ELSE 'phone' END AS channel,
      floor(900 * u(id, 'buyer'))::INT AS buyer FROM range(1, 12001) AS ids(id))`;

/** Orders whose returns are rows of another file; what drives them are the number of items and the channel. */
export const shop = {
  'orders.csv': `SELECT 'O-' || id AS order_id, 'B' || buyer AS buyer_id, ordered AS ordered_at, channel, u(id, 'gift') < 0.2 AS gift_wrap,
      floor(5 * u(id, 'wh'))::INT + 1 AS warehouse FROM (${orders}) ORDER BY id`,
  'order_items.parquet': `SELECT 10 * id + n AS item_id, 'O-' || id AS order_id, 1 + floor(40 * u(10 * id + n, 'product'))::INT AS product_id,
      round(5 + 95 * u(10 * id + n, 'price'), 2) AS unit_price FROM (${orders}), range(4) AS numbers(n) WHERE n < items ORDER BY item_id`,
  'products.json': `SELECT id AS product_id, 'Thing ' || id AS title, ['toys', 'books', 'shoes'][1 + id % 3] AS category FROM range(1, 41) AS ids(id)`,
  'buyers.csv': `SELECT 'B' || id AS buyer_id, ['DE', 'FR', 'IT', 'ES'][1 + floor(4 * u(id, 'country'))::INT] AS country, 1940 + floor(65 * u(id, 'born'))::INT AS birth_year FROM range(900) AS ids(id)`,
  'returns.csv': `SELECT row_number() OVER (ORDER BY id) AS return_no, 'O-' || id AS order_id, ordered + 5 + floor(20 * u(id, 'after'))::INT AS returned_on,
      ['size', 'broken', 'late'][1 + floor(3 * u(id, 'why'))::INT] AS reason FROM (${orders}) WHERE returned ORDER BY id`,
};

/** A gym in German: only dates of beginning and end, and the tariff as what matters. */
export const gym = {
  'mitglieder.csv': `SELECT id AS MitgliedNr, beginn AS Vertragsbeginn, CASE WHEN ende < DATE '2024-06-30' THEN ende END AS Kuendigungsdatum, Tarif, Studio,
      CASE WHEN u(id, 'newsletter') < 0.5 THEN 'ja' ELSE 'nein' END AS Rundbrief
    FROM (SELECT *, (beginn + (30 + floor(-ln(1 - u(id, 'ende')) * CASE Tarif WHEN 'Schnupper' THEN 180 WHEN 'Standard' THEN 700 ELSE 1400 END))::INT)::DATE AS ende
      FROM (SELECT id, (DATE '2022-01-01' + floor(800 * u(id, 'beginn'))::INT)::DATE AS beginn,
        ['Schnupper', 'Standard', 'Gold'][1 + floor(3 * u(id, 'tarif'))::INT] AS Tarif, 'Studio ' || (1 + floor(6 * u(id, 'studio'))::INT) AS Studio
        FROM range(6000) AS ids(id)))`,
};

/** Chance alone: nothing here goes with the outcome. */
export const chance = {
  'staff.csv': `SELECT id AS employee_id, ['HR', 'IT', 'Sales'][1 + floor(3 * u(id, 'dep'))::INT] AS department, 20 + floor(45 * u(id, 'age'))::INT AS age,
      round(2000 + 5000 * u(id, 'pay'), 2) AS salary, floor(5 * u(id, 'sat'))::INT AS satisfaction, u(id, 'left') < 0.2 AS "left" FROM range(4000) AS ids(id)`,
};

/** Income drives the default; who rents has less of it, and that is all there is to renting. */
export const confounded = {
  'loans.parquet': `SELECT id AS loan_id, round(income, 0) AS income, CASE WHEN u(id, 'rent') < CASE WHEN income < 40000 THEN 0.85 WHEN income < 60000 THEN 0.5 ELSE 0.15 END
        THEN 'rents' ELSE 'owns' END AS housing, ['red', 'blue', 'green'][1 + floor(3 * u(id, 'card'))::INT] AS card_colour,
      (u(id, 'default') < CASE WHEN income < 40000 THEN 0.3 WHEN income < 60000 THEN 0.15 ELSE 0.04 END)::INT AS loan_default
    FROM (SELECT id, 20000 + 60000 * u(id, 'income') AS income FROM range(10000) AS ids(id))`,
};

export const seldom = {
  'members.csv': `SELECT id AS member_id, ['a', 'b'][1 + floor(2 * u(id, 'kind'))::INT] AS kind, CASE WHEN u(id, 'out') < 0.25 THEN 'churned' ELSE 'active' END AS state FROM range(80) AS ids(id)`,
};

/** Accounts with a flag, and visits without dates. */
export const flagged = {
  'accounts.csv': `SELECT id AS account_id, ['x', 'y', 'z'][1 + floor(3 * u(id, 'src'))::INT] AS source, u(id, 'go') < 0.3 + 0.12 * floor(4 * u(id, 'visits')) AS converted FROM range(3000) AS ids(id)`,
  'visits.parquet': `SELECT 10 * id + n AS visit_id, id AS account_id, ['home', 'price'][1 + floor(2 * u(10 * id + n, 'page'))::INT] AS page FROM range(3000) AS ids(id), range(3) AS numbers(n) WHERE n < floor(4 * u(id, 'visits'))`,
};

/** Chance of leaving is the same for all; those who came by the new channel have only had less time for it. */
export const newcomers = {
  'contracts.csv': `SELECT id AS contract_id, began AS start_date, CASE WHEN ended < DATE '2024-12-31' THEN ended END AS end_date,
      CASE WHEN began >= DATE '2024-06-01' AND u(id, 'channel') < 0.7 THEN 'partner' ELSE 'direct' END AS channel
    FROM (SELECT id, began, (began + (1 - ln(1 - u(id, 'end')) * 600)::INT)::DATE AS ended
      FROM (SELECT id, (DATE '2023-01-01' + floor(720 * u(id, 'began'))::INT)::DATE AS began FROM range(12000) AS ids(id)))`,
};

/** Names that break careless SQL, values that break careless sentences, a column of nothing, and one of everything. */
export const nasty = {
  'od d"s.csv': `SELECT id AS "y", u(id, 'a') AS "s", ['\`x\`', '{0}', 'it''s', '"q"'][1 + floor(4 * u(id, 'k'))::INT] AS "k", NULL AS empty, 'same' AS constant,
      u(id, 'b')::VARCHAR AS "select", uuid_like AS "join key", CASE WHEN u(id, 'c') < 0.2 + 0.2 * floor(4 * u(id, 'k')) / 3 THEN 'cancelled''d' ELSE 'ok' END AS "st ""ate"
    FROM (SELECT id, md5(id::VARCHAR) AS uuid_like FROM range(2500) AS ids(id))`,
};

export const wide = {
  'wide.parquet': `SELECT id AS wide_id, u(id, 'fail') < 0.1 + 0.3 * u(id, 'w7') AS failed, ${Array.from({ length: 70 }, (_, i) => `u(id, 'w${i}') AS "a rather long column name number ${i}"`).join(', ')} FROM range(2500) AS ids(id)`,
};

/** Everyone is alike. */
export const alike = {
  'alike.csv': `SELECT id AS user_id, 'no' AS churned, u(id, 'x') AS x FROM range(400) AS ids(id)`,
};

export const onlyOutcome = { 'only.csv': `SELECT u(id, 'c') < 0.4 AS churned FROM range(400) AS ids(id)` };
