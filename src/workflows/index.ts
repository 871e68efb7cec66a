/** The workflow types this worker runs. */
export { analysisWorkflow } from './analysis.ts';
