/** The reports in a real browser: they open offline, ask for nothing, run nothing, and fit a phone and a desk. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser } from 'playwright-core';
import { reportHtml } from '../../src/reports/html.ts';
import { qualityHtml } from '../../src/reports/quality/html.ts';
import { hostileReport } from '../reports/hostile.ts';
import { fullRun } from '../reports/quality/full-run.ts';
import { runOf, verdicts, checkOf } from '../reports/quality/sample-run.ts';
import { sampleReport } from '../reports/sample.ts';

const program = '/usr/bin/chromium';

const attack = '"><script>document.title="run"</script><img src="https://example.org/x" onerror="document.title=1">';

const pages: Readonly<Record<string, () => string>> = {
  'a night of quality': () => qualityHtml(fullRun()),
  'a night of quality, attacked': () => qualityHtml(fullRun(attack)),
  'a night without history': () => qualityHtml(runOf(verdicts.map((verdict) => checkOf(verdict)))),
  'an analysis': () => reportHtml(sampleReport()),
  'an analysis, attacked': () => reportHtml(hostileReport()),
};

type Seen = { readonly scrollWidth: number; readonly clientWidth: number; readonly wide: readonly string[] };

/** Runs in the page. What reaches beyond it is only what can be scrolled. */
const look = `(() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  const wide = [...document.body.querySelectorAll('*')].filter(
    (element) => element.getBoundingClientRect().right > clientWidth + 1 && element.closest('.scroll, pre, svg') === null,
  );
  return { scrollWidth, clientWidth, wide: wide.map((element) => element.outerHTML.slice(0, 120)) };
})()`;

let folder: string;
let browser: Browser;

beforeAll(async () => {
  if (!existsSync(program))
    throw new Error(`Expected Chromium at ${program}, found none. apt-get install chromium fonts-dejavu-core`);
  folder = await mkdtemp(join(tmpdir(), 'dpa-browser-'));
  browser = await chromium.launch({
    executablePath: program,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });
});

afterAll(async () => {
  await browser?.close();
  // With DPA_SCREENSHOTS the pictures stay, for whoever wants to see what the tests saw.
  if (process.env['DPA_SCREENSHOTS'] === undefined) await rm(folder, { recursive: true, force: true });
  else console.warn(folder);
});

const cases = Object.keys(pages).flatMap((name) =>
  ([400, 1280] as const).flatMap((width) => (['light', 'dark'] as const).map((scheme) => ({ name, width, scheme }))),
);

test.each(cases)('$name at $width px, $scheme', async ({ name, width, scheme }) => {
  const file = join(folder, `${name}-${width}-${scheme}.html`.replaceAll(/[ ,]+/g, '-'));
  await writeFile(file, pages[name]!());
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme, offline: true });
  try {
    const page = await context.newPage();
    const asked: string[] = [];
    const said: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(String(error)));
    const url = pathToFileURL(file).href;
    await page.goto(url, { waitUntil: 'load' });
    await page.locator('details').evaluateAll((all) => all.forEach((one) => one.setAttribute('open', '')));
    expect(asked).toEqual([url]);
    expect(said).toEqual([]);
    expect(await page.locator('script, img, iframe, object, embed, link, form').count()).toBe(0);
    expect(await page.title()).not.toMatch(/^(?:run|1)$/);
    const seen = await page.evaluate<Seen>(look);
    await page.screenshot({ path: file.replace('.html', '.png'), fullPage: true });
    expect(seen.wide).toEqual([]);
    expect(seen.scrollWidth).toBeLessThanOrEqual(seen.clientWidth);
  } finally {
    await context.close();
  }
});

test('the line of earlier values and the rows that fail are seen', async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.setContent(qualityHtml(fullRun()));
  const line = await page.locator('article .spark').first().boundingBox();
  expect(line!.width).toBeGreaterThan(100);
  expect(line!.height).toBeGreaterThan(15);
  expect(await page.locator('article .spark circle.broken').count()).toBeGreaterThanOrEqual(3);
  expect(await page.locator('article .spark rect.band').count()).toBe(1);
  const rows = page.locator('article details tbody tr');
  expect(await rows.count()).toBe(5);
  expect(await rows.first().isVisible()).toBe(true);
  expect(await page.locator('article details tbody i').first().textContent()).toBe('NULL');
  await page.close();
});
