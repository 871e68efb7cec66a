/** The surroundings of one activity without a service, and without log lines about failures that a test expects. */
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';

export function activityEnvironment(): MockActivityEnvironment {
  return new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR', () => undefined) });
}

export function runActivity<Input, Output>(
  activity: (input: Input) => Promise<Output>,
  input: Input,
  environment = activityEnvironment(),
): Promise<Output> {
  return environment.run<[Input], Output, (input: Input) => Promise<Output>>(activity, input);
}
