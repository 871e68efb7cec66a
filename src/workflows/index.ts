/** The workflow types this worker runs. */
export { analysisWorkflow } from './analysis.ts';
export { qualityRunWorkflow } from './quality-run.ts';
export { qualityNightWorkflow } from './quality-night.ts';
