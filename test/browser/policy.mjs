// SPDX-License-Identifier: GPL-3.0-or-later
// The policy in the browser: the text with its states, one requirement, and the set-up from a text,
// a Word document and a PDF, each as axe-core and a phone see it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from './suite.mjs';
import { SOURCE } from './town.mjs';

const MANAGER = 'takahashi', CISO = 'ogawa', CLERK = 'tanaka';
const SAMPLE = readFileSync(join(SOURCE, 'data/sample/policy.txt'), 'utf8');

// A text of its own for each test, so that it is a version of its own.
const changed = (words) => SAMPLE.replace('12文字以上とし', words);

async function upload(page, name, buffer) {
  await page.goto('/setup/upload');
  await page.setInputFiles('#file', { name, mimeType: 'application/octet-stream', buffer });
  await page.click('main form button');
  await page.waitForURL(/understood$/);
  return page.url().match(/setup\/(\d+)/)[1];
}

test('the policy shows the state of each duty, and leads to its page and back', async (visit) => {
  const page = await visit.login('internet', CLERK, { path: '/policy' });
  await visit.look(page, 'policy');
  await page.selectOption('#state', { label: '期限超過' });
  await page.click('form[role="search"] button');
  await page.waitForURL(/state=overdue/);
  await visit.look(page, 'policy_overdue');
  await page.click('.duty-link');
  await page.waitForURL(/duties/);
  await visit.look(page, 'policy_duty');
  await page.click('main > p:last-of-type a');
  await page.waitForURL(/clause=/);
  assert.ok(await page.locator('.clause:target').count(), 'the clause is found in the text');
});

test('the contents stand open beside the text, and fold on a phone', async (visit) => {
  const desk = await visit.login('internet', CLERK, { path: '/policy' });
  assert.ok(await desk.isVisible('.policy-contents ol a'));
  const phone = await visit.login('internet', CLERK, { path: '/policy', phone: true });
  assert.ok(!await phone.isVisible('.policy-contents ol a'));
  await phone.click('.policy-contents summary');
  assert.ok(await phone.isVisible('.policy-contents ol a'));
  await visit.look(phone, 'policy_phone');
});

test('the policy works without scripts and in English', async (visit) => {
  const page = await visit.login('internet', CLERK, { path: '/policy?q=USB', script: false });
  assert.match(await page.textContent('.filter-result'), /1 件/);
  const english = await visit.login('internet', CLERK, { path: '/policy', language: 'en' });
  assert.match(await english.textContent('.totals'), /Enforced/);
  await visit.look(english, 'policy_english');
});

test('who manages the policy confirms a control and attests a duty', async (visit) => {
  const page = await visit.login('internet', MANAGER, { path: '/policy?q=' + encodeURIComponent('時刻を正しい時刻に') });
  await page.click('.duty-link');
  await page.click('button[value="confirm"]');
  await page.waitForSelector('text=高橋 誠');
  await page.check('#done-no');
  await page.fill('#date', '2026-10-01');
  await page.click('form[action$="/attest"] button');
  await page.waitForSelector('#note-error');
  await visit.look(page, 'policy_attest_wrong');
  await page.check('#done-yes');
  await page.fill('#date', '2026-10-01');
  await page.click('form[action$="/attest"] button');
  await page.waitForSelector('#attested-caption');
  await visit.look(page, 'policy_attested');
});

test('a text is set up step by step, and a person with the right to decide adopts it', async (visit) => {
  const page = await visit.login('internet', MANAGER);
  const version = await upload(page, '改正.txt', Buffer.from(changed('13文字以上とし')));
  await visit.look(page, 'setup_understood');
  await page.click('a.button');
  await page.waitForURL(/correct$/);
  await visit.look(page, 'setup_correct');
  await page.fill('[name="rule/password_length"]', '14');
  await page.click('main form button');
  await page.waitForURL(/people$/);
  await visit.look(page, 'setup_people');
  await page.click('a.button');
  await page.waitForURL(/open$/);
  assert.match(await page.textContent('main'), /14文字以上/);
  await visit.look(page, 'setup_open');
  const decides = await visit.login('internet', CISO, { path: `/setup/${version}/open` });
  await decides.fill('#number', '2.1版');
  await decides.fill('#decided_on', '2026-11-02');
  await decides.fill('#effective_on', '2099-04-01');
  await decides.fill('#reason', '全会一致');
  await decides.click('form[action$="/adopt"] button');
  await decides.waitForSelector('form[action$="/open"]');
  await visit.look(decides, 'setup_open_adopted');
});

test('a policy in PDF is read like the text', async (visit) => {
  const page = await visit.login('internet', MANAGER);
  const printed = await visit.open('internet', { path: '/login' });
  await printed.evaluate((text) => {
    document.body.replaceChildren(...text.split('\n').map((line) => {
      const paragraph = document.createElement('div');
      paragraph.textContent = line || '\u00a0';
      return paragraph;
    }));
  }, changed('15文字以上とし'));
  await upload(page, '方針.pdf', await printed.pdf({ format: 'A4' }));
  const found = await page.textContent('main');
  assert.match(found, /みほん市/);
  assert.match(found, /マイナンバー利用事務系/);
  await visit.look(page, 'setup_from_pdf');
});

test('a picture is no policy, and the page says what to do', async (visit) => {
  const page = await visit.login('internet', MANAGER, { path: '/setup/upload' });
  await page.setInputFiles('#file', { name: '写真.txt', mimeType: 'text/plain', buffer: Buffer.from('こんにちは。\n') });
  await page.click('main form button');
  await page.waitForSelector('#file-error');
  await visit.look(page, 'setup_upload_wrong');
});
