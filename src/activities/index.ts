/** All activities of the worker, given what they need from the outside. */
import type { Activities } from './contract.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { createCompact } from './compact.ts';
import { createEditCall } from './edit-call.ts';
import { createEstimatePlan } from './estimate-plan.ts';
import { createCompleteTurn } from './model.ts';
import { createWriteReport } from './report.ts';
import { createTellPeople } from './tell-people.ts';
import { createCallTool, createLoadCatalog } from './tools.ts';

export function createActivities(dependencies: ActivityDependencies): Activities {
  return {
    loadCatalog: createLoadCatalog(dependencies),
    completeTurn: createCompleteTurn(dependencies),
    compact: createCompact(dependencies),
    editCall: createEditCall(dependencies),
    estimatePlan: createEstimatePlan(dependencies),
    callTool: createCallTool(dependencies),
    tellPeople: createTellPeople(dependencies),
    writeReport: createWriteReport(dependencies),
  };
}
