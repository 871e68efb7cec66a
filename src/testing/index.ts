/** `data-processing-assistant/testing`: analyses with a scripted model and scripted tools, in the real workflow. */
export { openTestAnalyst } from './analyst.ts';
export type { TestAnalyst, TestRequest, TestResult } from './analyst.ts';
export { call, delayed, failing, scriptedModel, turn } from './scripted-model.ts';
export type { ScriptedModel, ScriptedStep } from './scripted-model.ts';
export { cell, finding, submission } from './submission.ts';
export { failed, scriptedTools, table } from './scripted-tools.ts';
export type { ScriptedAnswer, ScriptedTool, ScriptedTools } from './scripted-tools.ts';
