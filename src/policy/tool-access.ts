/** Whether a tool call may run: reading is allowed, everything else is denied. */

export type ToolEffect = 'read' | 'write' | 'admin';

export type Access = { readonly kind: 'allow' } | { readonly kind: 'deny'; readonly reason: string };

export function toolAccess(
  tool: { readonly name: string; readonly effect: ToolEffect } | undefined,
  name: string,
): Access {
  if (tool === undefined)
    return { kind: 'deny', reason: `There is no tool named ${name}. Use one of the tools of this conversation.` };
  if (tool.effect === 'read') return { kind: 'allow' };
  return {
    kind: 'deny',
    reason: `${name} has the effect "${tool.effect}", and this analysis may only read. Go on without it and say so in the limits.`,
  };
}
