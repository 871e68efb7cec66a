/** The plan as a closed JSON schema, for models whose answer can be held to one; what the tool `set_plan` takes. */
import { closed } from './report-shape.ts';

const text = { type: 'string' };

const step = closed({
  title: text,
  state: { enum: ['open', 'doing', 'done', 'dropped'] },
  datasets: { type: 'array', items: text },
});

export const planShape = {
  name: 'plan',
  schema: closed({ steps: { type: 'array', items: step } }),
} as const;
