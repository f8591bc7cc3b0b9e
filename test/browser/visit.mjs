// SPDX-License-Identifier: GPL-3.0-or-later
// What a test does in the browser: opens a zone, logs somebody in, looks at a page. Whatever the
// console, the content security policy or a broken script says on the way fails the test.
import assert from 'node:assert/strict';
import { readFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { patternOf } from './routes.mjs';
import { SOURCE, NEW_PASSWORD } from './town.mjs';
import { totp } from './totp.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SCREENSHOTS = join(SOURCE, 'out/screenshots');
const PHONE = { width: 360, height: 740 };
const DESK = { width: 1200, height: 900 };

export const looked = new Set(); // patterns of the pages that look() judged

export class Visit {
  #browser; #contexts = []; #complaints = [];
  constructor(browser, town) {
    this.#browser = browser;
    this.town = town;
  }

  // A page of a zone for somebody who is not logged in. options: phone (its width), language,
  // script (false: none runs), plain (our scripts are empty, those of the test run).
  async open(zone, { path = '/', phone = false, script = true, plain = false, language = 'ja', state, ...more } = {}) {
    const context = await this.#browser.newContext({
      baseURL: this.town.zones[zone], viewport: phone ? PHONE : DESK, javaScriptEnabled: script,
      locale: language === 'en' ? 'en-GB' : 'ja-JP', storageState: state, timezoneId: 'Asia/Tokyo', ...more,
    });
    context.setDefaultTimeout(30000);
    if (language === 'en') await context.addCookies([{ name: `sekisho-${zone}-language`, value: 'en', url: this.town.zones[zone] }]);
    if (plain) await context.route('**/*.js', (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));
    this.#contexts.push(context);
    const page = await context.newPage();
    this.#listen(page);
    await page.goto(path);
    return page;
  }

  // A page of a zone for somebody logged in; their first time they choose a password, and in the zone
  // for personal numbers register an authenticator.
  async login(zone, login, { path = '/', ...options } = {}) {
    const key = `${zone} ${login}`, states = this.town.states;
    if (!states[key]) {
      const page = await this.open(zone, { path: '/login' });
      await this.enter(page, login);
      states[key] = await page.context().storageState();
    }
    return this.open(zone, { ...options, path, state: states[key] });
  }

  // Fills the login page and whatever it asks for after it.
  async enter(page, login, password = this.town.passwords[login]) {
    const { passwords, secrets } = this.town;
    await page.fill('#login', login);
    await page.fill('#password', password);
    await page.click('main button');
    if (page.url().endsWith('/login/second')) await this.answerSecond(page, secrets[login]);
    if (page.url().endsWith('/password')) {
      await page.fill('#present', password);
      await page.fill('#wanted', NEW_PASSWORD);
      await page.fill('#again', NEW_PASSWORD);
      await page.click('main button');
      passwords[login] = NEW_PASSWORD;
    }
    if (page.url().endsWith('/account')) secrets[login] = await this.enroll(page);
    assert.equal(new URL(page.url()).pathname, '/', await page.title());
  }

  // Registers an authenticator from the account page; gives its secret.
  async enroll(page) {
    await page.click('form[action="/account/totp"] button');
    const secret = (await page.textContent('code')).trim();
    await page.fill('#code', totp(secret));
    await page.click('main button');
    await page.goto('/');
    return secret;
  }

  // The code of the next half minute: the one of this may have been used already.
  async answerSecond(page, secret) {
    await page.fill('#code', totp(secret, Date.now() + 30000));
    await page.click('form[action="/login/second"] button');
  }

  // Looks at a page as a careful person would: no violation that axe-core calls serious, no sideways
  // scrolling, and a picture under a name for people to look at.
  async look(page, name) {
    await this.glance(page, name);
    await this.axe(page, name);
  }

  // The same without axe-core, for a page that it judged already in another hand.
  async glance(page, name) {
    looked.add(patternOf(new URL(page.url()).pathname));
    await this.keepPicture(name, page);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(wide <= 0, `${name} (${page.url()}) is ${wide} pixels too wide`);
  }

  async axe(page, name = page.url()) {
    const found = await page.evaluate(`(async () => {
      ${AXE};
      const result = await axe.run(document, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
      return result.violations.filter((one) => ['serious', 'critical'].includes(one.impact))
        .map((one) => one.id + ': ' + one.nodes.map((node) => node.html + ' ' + (node.any[0]?.message ?? '')).join(' | '));
    })()`);
    assert.deepEqual(found, [], `${name} (${page.url()})`);
  }

  // Saves a picture of a page, or of the page opened last.
  async keepPicture(name, page = this.#contexts.at(-1)?.pages().at(-1)) {
    mkdirSync(SCREENSHOTS, { recursive: true });
    const long = await page?.evaluate(() => document.body.scrollHeight > 6000).catch(() => true);
    await page?.screenshot({ path: join(SCREENSHOTS, name + '.png'), fullPage: !long }).catch(() => {});
  }

  // Throws when a page complained.
  wasClean() {
    assert.deepEqual(this.#complaints, [], 'complaints of the browser');
  }

  async close() {
    for (const context of this.#contexts) await context.close();
  }

  #listen(page) {
    const complain = (what) => this.#complaints.push(`${page.url()}: ${what}`);
    // A page that answers with an error status is ours to test; a part of one that does is a fault.
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type()) && !/^Failed to load resource/.test(message.text())) complain(message.text());
    });
    page.on('pageerror', (error) => complain(error));
    page.on('response', (response) => {
      if (response.status() >= 400 && response.status() !== 422 && response.request().resourceType() !== 'document' && !response.url().endsWith('/favicon.ico')) complain(`${response.status()} ${response.url()}`);
    });
  }
}
