/** The workflow types of the baselines. */
export { naiveWorkflow } from './naive-workflow.ts';
export { noopWorkflow } from './noop-workflow.ts';
