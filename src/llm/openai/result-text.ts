/** The text of a tool's result where the API has no field that says whether the call failed. */
import type { ToolResult } from '../../analysis/conversation.ts';

/** Results of the program's own servers say it themselves: `{"ok":false, …}`; of another one's it is said in front. */
const failed = 'This call failed:';

export function resultText({ ok, text }: Pick<ToolResult, 'ok' | 'text'>): string {
  return ok || /^\s*\{\s*"ok"\s*:\s*false\b/.test(text) ? text : `${failed} ${text}`;
}
