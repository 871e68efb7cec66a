/** Whether a tool call may run: allowed, denied, or decided by a person; by the first rule that fits the tool. */

export type ToolEffect = 'read' | 'write' | 'admin';

export type AccessKind = 'allow' | 'ask' | 'deny';

/** What is known of a tool when its access is decided. `securityLevel`: 0 metadata … 3 the most sensitive. */
export type GuardedTool = { readonly name: string; readonly effect: ToolEffect; readonly securityLevel?: number };

/** Each part that is named has to fit; `tool` is a name as the model sees it, with `*` for any characters. */
export type AccessRule = {
  readonly tool?: string;
  readonly effect?: ToolEffect;
  /** Fits this level and those above. */
  readonly securityLevel?: number;
  readonly access: AccessKind;
  /** Shown to whoever decides, and to the model. */
  readonly why?: string;
};

const ordinaryLevel = 1;

/** In force after the rules of the user: only reading is free. */
export const defaultRules: readonly AccessRule[] = [
  { effect: 'admin', access: 'ask' },
  { effect: 'write', access: 'ask' },
  { securityLevel: 3, access: 'ask' },
  { access: 'allow' },
];

export function accessOf(tool: GuardedTool, rules: readonly AccessRule[]): Pick<AccessRule, 'access' | 'why'> {
  // The program's own rules take what nobody classified for ordinary data: any server may be configured.
  const known = { ...tool, securityLevel: tool.securityLevel ?? ordinaryLevel };
  const rule = rules.find((one) => fits(one, tool)) ?? defaultRules.find((one) => fits(one, known));
  const { access, why } = rule ?? { access: 'deny' as const };
  return { access, ...(why === undefined ? {} : { why }) };
}

/** Whether a name fits a pattern in which `*` stands for any characters. */
export function namePatternFits(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === name;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  const last = rest.pop() ?? '';
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}

export type Access =
  | { readonly kind: 'allow' }
  | { readonly kind: 'ask'; readonly why: string }
  | { readonly kind: 'deny'; readonly reason: string };

/** How an analysis was started, and what a person said during it. */
export type AccessMode = {
  readonly readOnly: boolean;
  /** Name patterns that a person has allowed for the rest of the analysis. */
  readonly always: readonly string[];
};

/** `access` is absent in analyses that an earlier version began: those may only read. */
export function toolAccess(
  tool: (GuardedTool & { readonly access?: AccessKind; readonly why?: string }) | undefined,
  name: string,
  mode: AccessMode,
): Access {
  if (tool === undefined)
    return { kind: 'deny', reason: `There is no tool named ${name}. Use one of the tools of this conversation.` };
  const access = tool.access ?? (tool.effect === 'read' ? 'allow' : 'deny');
  const isReadOnly = tool.effect !== 'read' && (mode.readOnly || tool.access === undefined);
  if (isReadOnly)
    return {
      kind: 'deny',
      reason: `${name} has the effect "${tool.effect}", and this analysis may only read. Go on without it and say so in the limits.`,
    };
  if (access === 'deny')
    return {
      kind: 'deny',
      reason: `${name} is denied${because(tool.why)}. Go on without it and say so in the limits.`,
    };
  if (access === 'allow' || mode.always.some((pattern) => namePatternFits(pattern, name))) return { kind: 'allow' };
  return { kind: 'ask', why: tool.why ?? whyAsk(tool) };
}

function whyAsk({ effect, securityLevel }: GuardedTool): string {
  if (effect !== 'read') return `it has the effect "${effect}"`;
  return `it reads data of security level ${securityLevel ?? 'unknown'}`;
}

function because(why: string | undefined): string {
  return why === undefined ? ' by the policy' : `: ${why}`;
}

function fits({ tool: pattern, effect, securityLevel, access }: AccessRule, tool: GuardedTool): boolean {
  return (
    (pattern === undefined || namePatternFits(pattern, tool.name)) &&
    (effect === undefined || effect === tool.effect) &&
    (securityLevel === undefined || levelFits(tool.securityLevel, securityLevel, access))
  );
}

/** A level that nobody told may be any: it fits what closes, and never what opens. */
function levelFits(told: number | undefined, least: number, access: AccessKind): boolean {
  return told === undefined ? access !== 'allow' : told >= least;
}
