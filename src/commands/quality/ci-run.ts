/** The id of a run in CI: the same commit and job attach to the run that is there, or take its results. */
import { CommandError, exitCode } from '../../command-error.ts';
import type { Pipeline } from '../../config.ts';
import { checkedId } from '../start.ts';

/** An id has at most 200 characters; names of repositories and jobs are cut to leave room for the commit. */
const maxNameCharacters = 70;

/** `job`: given by the user, for jobs with several runs. Throws a `CommandError` outside of a known CI system. */
export function ciRunId(pipeline: Pipeline | undefined, job: string | true): string {
  const found = pipeline?.run;
  if (found === undefined)
    throw new CommandError(
      'Expected --ci to find the repository, commit and job in the variables of GitHub Actions, GitLab CI or Azure Pipelines, found none of these. Name the run with --id instead.',
      exitCode.usage,
    );
  return checkedId(`ci-${plain(found.repository)}-${found.commit}-${plain(job === true ? found.job : job)}`);
}

function plain(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9._]+/g, '-').slice(0, maxNameCharacters);
}
