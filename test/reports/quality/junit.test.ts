import { qualityJunit } from '../../../src/reports/quality/junit.ts';
import { checkOf, runOf, verdicts } from './sample-run.ts';

test('a case for each check; only what failed or was not evaluated breaks a build', () => {
  const xml = qualityJunit(runOf(verdicts.map((verdict) => checkOf(verdict))));
  expect(xml).toContain('<testsuites name="shop" tests="6" failures="1" errors="1" time="3.500">');
  expect(xml).toContain('<testsuite name="orders" tests="6" failures="1" errors="1" skipped="3" time="0.042"');
  expect(xml.match(/<testcase /g)).toHaveLength(6);
  expect(xml).toContain('<failure message="It failed." type="range">It failed.</failure>');
  expect(xml).toContain('<error message="It error." type="range">It error.</error>');
  expect(xml).toContain('<skipped message="Warning: It warning."/>');
});
