/** A shop's orders of thirty nights, made in DuckDB: a season by weekday, and what is planted on some of the nights. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { SourceColumn } from '../../src/quality/dialect.ts';

export const nights = 30;

/** Numbers of the nights, from 1. */
export const planted = { drift: 12, late: 17, schema: 20, holiday: 25 } as const;

/** Share of a day's orders by weekday, Sunday first. */
const season = [0.35, 1, 1.02, 1.05, 1.1, 1.3, 0.6];

const ordersOfDay = 3_000;

/** The day before the first night is a Sunday: night 1 is about Monday, 1 January 2024. */
export function dayOf(night: number): string {
  return new Date(Date.UTC(2023, 11, 31 + night)).toISOString().slice(0, 10);
}

/** Makes the table `orders` of this night; the same seed and night always make the same rows. */
export async function makeNight(connection: DuckDBConnection, seed: number, night: number): Promise<SourceColumn[]> {
  const random = randomFrom(seed * 1_000 + night);
  const day = dayOf(night);
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  const noise = 1 + 0.03 * normal(random);
  const isHoliday = night === planted.holiday;
  const rows = Math.round(ordersOfDay * season[weekday]! * noise * (isHoliday ? 0.25 : 1));
  const lastSecond = night === planted.late ? 14 * 3_600 : 86_400;
  const kept = night === planted.late ? Math.round(rows * 0.6) : rows;
  const amountFactor = night === planted.drift ? 1.9 : 1;
  const quantityType = night >= planted.schema ? 'DOUBLE' : 'BIGINT';
  const added = night >= planted.schema ? `, 'none' AS coupon` : '';
  const salt = Math.floor(random() * 1e9);
  const share = (n: number) => `(hash(i, ${salt}, ${n}) % 1000000) / 1000000.0`;
  await connection.run(`CREATE OR REPLACE TABLE orders AS SELECT
    CAST(${night} * 1000000 + i AS BIGINT) AS id,
    TIMESTAMP '${day} 00:00:00' + to_microseconds(CAST(${share(1)} * ${lastSecond} * 1000000 AS BIGINT)) AS ordered_at,
    ['north', 'south', 'east', 'west'][1 + CAST(floor(${share(2)} * 4) AS INTEGER)] AS region,
    CASE WHEN ${share(3)} < 0.7 THEN 'paid' WHEN ${share(3)} < 0.9 THEN 'open' ELSE 'cancelled' END AS status,
    CASE WHEN ${share(4)} < 0.5 THEN 'web' WHEN ${share(4)} < 0.8 THEN 'app' ELSE 'shop' END AS channel,
    round(${amountFactor} * 20 * exp(0.5 * sqrt(-2 * ln(${share(5)} + 1e-9)) * cos(6.28318 * ${share(6)})), 2) AS amount,
    CAST(1 + floor(${share(7)} * 5) AS ${quantityType}) AS quantity,
    CAST(floor(${share(8)} * 5000) AS BIGINT) AS customer_id,
    CASE WHEN ${share(9)} < 0.02 THEN NULL ELSE 'c' || i || '@example.org' END AS email,
    CASE WHEN ${share(10)} < 0.3 THEN round(${share(11)} * 5, 2) END AS discount,
    'DE' AS country${added}
    FROM range(${kept}) t(i)`);
  const described = await connection.runAndReadAll('DESCRIBE orders');
  return described.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }));
}

/** Mulberry32: small, and the same everywhere. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());
}
