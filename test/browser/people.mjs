// SPDX-License-Identifier: GPL-3.0-or-later
// The person who manages people: a new colleague, a table out of Excel, and every page about people
// as axe-core and a phone see it.
import assert from 'node:assert/strict';
import { test } from './suite.mjs';

const MANAGER = 'takahashi';

// What Excel writes: the text in CP932, by turning the browser's own decoder around.
function cp932(text) {
  const decoder = new TextDecoder('shift_jis'), table = new Map();
  for (let high = 0x81; high <= 0xfc; high++) {
    for (let low = 0x40; low <= 0xfc; low++) {
      const char = decoder.decode(Uint8Array.of(high, low));
      if (char.length === 1 && !table.has(char)) table.set(char, [high, low]);
    }
  }
  return Buffer.from([...text].flatMap((char) => (char < '\x80' ? [char.charCodeAt(0)] : table.get(char))));
}

test('a new colleague gets a temporary password and logs in with it', async (visit) => {
  const page = await visit.login('internet', MANAGER, { path: '/people' });
  await visit.look(page, 'people');
  await page.click('a[href="/people/new"]');
  await visit.look(page, 'person_new');
  await page.fill('#name', '川端 みどり');
  await page.fill('#kana', 'カワバタ ミドリ');
  await page.fill('#login', 'Kawabata');
  await page.selectOption('#department', { label: '市民課' });
  await page.click('main form button');
  await page.waitForSelector('#login-error');
  await visit.look(page, 'person_new_wrong');
  await page.fill('#login', 'kawabata');
  await page.click('main form button');
  const password = await page.textContent('main code');
  await visit.look(page, 'person_password');
  const own = await visit.open('internet', { path: '/login' });
  await visit.enter(own, 'kawabata', password);
});

test('a table out of Excel is shown before it is imported', async (visit) => {
  const page = await visit.login('internet', MANAGER, { path: '/people/import' });
  await visit.look(page, 'people_import');
  const head = 'ログインID,氏名,フリガナ,所属コード,任用区分,開始日\r\n';
  const choose = (rows) => page.setInputFiles('#table', { name: '名簿.csv', mimeType: 'text/csv', buffer: cp932(head + rows) });
  await choose('nomura,野村 彩,ノムラ アヤ,020,会計年度任用職員,2026/4/1\r\nX,,,999,友人,\r\n');
  await page.click('main form button');
  await page.waitForSelector('#errors-caption');
  await visit.look(page, 'people_import_wrong');
  await page.click('a[href="/people/import"]');
  await choose('nomura,野村 彩,ノムラ アヤ,020,会計年度任用職員,2026/4/1\r\nhashimoto,橋本 治,,020,会計年度任用職員,\r\n');
  await page.click('main form button');
  await page.waitForSelector('#adds-caption');
  await visit.look(page, 'people_import_preview');
  await page.click('form[action="/people/import/apply"] button');
  await page.waitForURL('**/people?done=imported');
  await page.fill('#search', '野村');
  await page.click('form[role="search"] button');
  assert.match(await page.textContent('tbody'), /nomura/);
});

test('every page about people is fit for everybody, also on a phone', async (visit) => {
  for (const phone of [false, true]) {
    const page = await visit.login('internet', MANAGER, { path: '/people', phone });
    await page.click('tbody a');
    const person = new URL(page.url()).pathname;
    const suffix = phone ? '_phone' : '';
    await visit.look(page, 'person' + suffix);
    for (const [path, name] of [[person + '/edit', 'person_edit'], ['/people/departments', 'departments'],
      ['/people/departments/1', 'department'], ['/account', 'account'], ['/account/tokens', 'tokens'],
      ['/settings/rules', 'rules']]) {
      await page.goto(path);
      await visit.look(page, name + suffix);
    }
  }
});

test('a role is given, and a deputy is named for it', async (visit) => {
  const page = await visit.login('internet', MANAGER, { path: '/people?search=tanaka' });
  await page.click('tbody a');
  await page.selectOption('#role_role', 'section_manager');
  await page.selectOption('#role_department', { label: '市民課' });
  await page.click('form[action$="/roles"] button');
  await page.waitForURL('**?done=role');
  await page.click('tbody a');
  await page.fill('#deputy_person', 'suzuki');
  await page.fill('#deputy_ends', '2099-03-31');
  await page.click('form[action$="/deputies"] button');
  await page.waitForURL('**?done=deputy');
  await visit.look(page, 'holding');
});
