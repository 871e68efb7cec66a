/** What the flags of `dpa run` say about plans, approvals and questions. */
import { CommandError, exitCode } from '../../command-error.ts';
import type { Config } from '../../config.ts';
import type { Approvals } from '../../workflows/messages.ts';

export type ApprovalFlags = {
  /** The plan first, and nothing read before a yes. */
  readonly plan?: boolean;
  /** A yes to the plan beforehand; never to a call. */
  readonly yes?: boolean;
  readonly readOnly?: boolean;
  readonly unattended?: boolean;
};

export function checkedApprovals(
  { plan, yes, readOnly, unattended }: ApprovalFlags,
  settings: Config['settings']['approvals'],
): Approvals {
  if (plan === true && unattended === true && yes !== true)
    throw new CommandError(
      'Expected somebody who accepts the plan, found --plan with --unattended. Add --yes to have the plan shown and accepted, or leave one of them out.',
      exitCode.usage,
    );
  return {
    ...settings,
    ...(plan === true ? { plan: yes === true ? 'show' : 'ask' } : {}),
    ...(readOnly === true ? { readOnly } : {}),
    ...(unattended === true ? { unattended } : {}),
  };
}
