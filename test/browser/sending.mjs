// SPDX-License-Identifier: GPL-3.0-or-later
// The page "ファイルを移す" with its comforts: many files, their limits, progress, stopping, errors.
import assert from 'node:assert/strict';
import { test } from './suite.mjs';

const file = (name, text = '庁舎の電気設備点検のお知らせ\n') => ({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(text) });

async function fillForm(page) {
  await page.locator('#conduit label').first().click();
  await page.fill('#purpose', '照会への回答');
  await page.selectOption('#classification', 'Ⅲ');
  await page.check('#personal-no');
}

// Lets files fall on the page as from a folder.
async function drop(page, names) {
  const data = await page.evaluateHandle((all) => {
    const transfer = new DataTransfer();
    for (const name of all) transfer.items.add(new File(['月次報告 ' + name], name));
    return transfer;
  }, names);
  await page.dispatchEvent('.drop', 'dragover', { dataTransfer: data });
  await page.dispatchEvent('.drop', 'drop', { dataTransfer: data });
}

test('files dropped and chosen one after the other go together', async (visit) => {
  const page = await visit.login('internet', 'tanaka', { path: '/send' });
  await fillForm(page);
  await drop(page, ['一月.txt', '二月.txt']);
  await page.setInputFiles('#files', [file('三月.txt'), file('四月.txt')]);
  assert.deepEqual(await page.$$eval('.files .name', (all) => all.map((one) => one.textContent)), ['一月.txt', '二月.txt', '三月.txt', '四月.txt']);
  await visit.look(page, 'send_files_chosen');
  await page.getByRole('button', { name: /二月/ }).click();
  assert.match(await page.textContent('.total'), /^3個/);
  await page.click('#send .actions button');
  await page.waitForURL(/\/outbox\/\d+$/);
  for (const name of ['一月.txt', '三月.txt', '四月.txt']) assert.ok(await page.getByText(name).count(), name);
  assert.equal(await page.getByText('二月.txt').count(), 0);
});

test('a file beyond the limits is told by its name before anything is sent', async (visit) => {
  const page = await visit.login('internet', 'tanaka', { path: '/send' });
  await fillForm(page);
  await page.$eval('[name=conduit]:checked', (way) => (way.dataset.size = '100'));
  await page.setInputFiles('#files', [file('小.txt', '短い'), file('大.txt', '長い'.repeat(100)), file('空.txt', '')]);
  await visit.look(page, 'send_files_wrong');
  assert.equal(await page.locator('.files .wrong').count(), 2);
  await page.click('#send .actions button');
  assert.match(await page.textContent('.trouble'), /^大\.txt: .*100 B/);
  assert.equal(new URL(page.url()).pathname, '/send');
});

test('sending can be stopped, and the files are still there to send again', async (visit) => {
  const page = await visit.login('internet', 'tanaka', { path: '/send' });
  await fillForm(page);
  await page.setInputFiles('#files', [file('大きい.csv', '一,二,三\n'.repeat(200000))]);
  await page.route('**/send', () => {}); // a network that takes its time
  await page.click('#send .actions button');
  await page.waitForSelector('.whole progress');
  await visit.look(page, 'send_under_way');
  await page.getByRole('button', { name: 'やめる' }).click();
  await page.waitForSelector('.whole', { state: 'hidden' });
  assert.equal(await page.locator('.files .name').count(), 1);
  await page.unroute('**/send');
  await page.click('#send .actions button');
  await page.waitForURL(/\/outbox\/\d+$/);
});

test('what the server does not take comes back with the files kept', async (visit) => {
  const page = await visit.login('internet', 'tanaka', { path: '/send' });
  await fillForm(page);
  await page.fill('#recipients', 'nobody');
  await drop(page, ['一月.txt']);
  await page.click('#send .actions button');
  await page.waitForSelector('#recipients-error');
  assert.equal(await page.locator('.files .name').count(), 1);
  await visit.look(page, 'send_refused');
  await page.fill('#recipients', '');
  await page.click('#send .actions button');
  await page.waitForURL(/\/outbox\/\d+$/);
});

test('a recipient is named by name, however the blank is typed, and a name that nobody has is told', async (visit) => {
  const page = await visit.login('internet', 'tanaka', { path: '/send' });
  await fillForm(page);
  await drop(page, ['一月.txt']);
  await page.fill('#recipients', '鈴木　一郎、佐藤恵 、 tanaka');
  await page.click('#send .actions button');
  await page.waitForURL(/\/outbox\/\d+$/);
  await page.goto('/send');
  await fillForm(page);
  await drop(page, ['一月.txt']);
  await page.fill('#recipients', '鈴木 一郎、山田 太郎左衛門');
  await page.click('#send .actions button');
  assert.match(await page.textContent('#recipients-error'), /「山田 太郎左衛門」/);
});
