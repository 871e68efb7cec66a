/** What the planner takes a task for, sentence by sentence. */
import { intentOf } from '../../../src/llm/builtin/intent.ts';

const sentences: Record<string, readonly string[]> = {
  quality: [
    'Profile this data and tell me what is wrong with it',
    'Build a data quality report for Q4 data',
    'what is wrong with orders?',
    "What's wrong in this file?",
    'Check the customers table for duplicates and missing values',
    'Are there any outliers in the sensor readings?',
    'Can I trust this export?',
    'How clean is the billing data?',
    'Find inconsistent city names',
    'Validate the shipment file',
    'Give me an overview of the data',
    'Analyze sales.csv',
    'Are there null values in the order table?',
    'Find anomalies in the payments',
  ],
  drivers: [
    'Analyze customer churn patterns in the sales database',
    'Why do customers cancel?',
    'What drives churn?',
    'Which factors influence returns?',
    'Find out why machines fail',
    'What are the root causes of late deliveries?',
    'churn',
    'What makes people leave?',
    'Who is most likely to default?',
    'Analyze machine failures',
    'Explain the returns by supplier',
    'Is age correlated with churn?',
  ],
  trend: [
    'How did revenue develop over time?',
    'Show the monthly trend of orders',
    'Is there any seasonality in sales?',
    'Are our sales growing?',
    'Which weekday is busiest?',
    'orders per month',
    'Number of tickets by week',
    'total amount per month',
    'Is traffic declining?',
  ],
  comparison: [
    'Compare Q3 and Q4',
    'Compare sales in 2022 and 2023',
    'premium versus basic customers',
    'What is the difference between north and south in amount?',
    'Is the web shop better than the store?',
    'revenue this month vs. the previous month',
  ],
  aggregate: [
    'Top 10 products by revenue',
    'total amount by region',
    'average monthly fee by plan',
    'What is the average order value per country?',
    'How many tickets are open?',
    'Which customers spent the most?',
    'Count of orders by status',
    'the five largest suppliers',
    'What share of orders is paid by card?',
    'median delivery days by carrier',
  ],
};

const unsupported: Record<string, readonly string[]> = {
  forecast: [
    'Forecast revenue for next quarter',
    'Predict which customers will churn',
    'How much will we sell next month?',
  ],
  causal: [
    'Did the campaign cause the increase in sales?',
    'Prove that discounts cause churn',
    'What would happen if we doubled the price?',
  ],
  documents: [
    'Document the pipeline',
    'Write an email to the team about the numbers',
    'Write a Python script that loads this',
    'Summarize this article',
  ],
  writing: [
    'Delete the duplicates',
    'Please fix the dates in the orders table',
    'Clean up this data',
    'Insert a row into customers',
  ],
  conversation: ['Hello!', 'Tell me a joke', 'What is machine learning?', 'Who are you?', 'thanks'],
};

const table = Object.entries(sentences).flatMap(([kind, tasks]) => tasks.map((task) => [task, kind] as const));

test.each(table)('%s → %s', (task, kind) => {
  expect(intentOf(task).kind).toBe(kind);
});

test.each(Object.entries(unsupported).flatMap(([what, tasks]) => tasks.map((task) => [task, what] as const)))(
  '%s is not done: %s',
  (task, what) => {
    expect(intentOf(task)).toEqual({ kind: 'unsupported', what });
  },
);

test('an ambiguous task says how it was read', () => {
  expect(intentOf('Look at the orders')).toMatchObject({ kind: 'quality', readAs: expect.stringContaining('profile') });
  expect(intentOf('churn')).toMatchObject({ kind: 'drivers', readAs: expect.any(String) });
});
