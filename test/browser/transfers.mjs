// SPDX-License-Identifier: GPL-3.0-or-later
// Sending and waiting, as the steps of many tests.
const NOTICE = { name: 'お知らせ.txt', mimeType: 'text/plain', buffer: Buffer.from('庁舎の電気設備点検のお知らせ\n') };

// Fills the page "ファイルを移す" and sends; the page then shows the transfer. Gives its address.
export async function sendFiles(page, { to = '', purpose = '照会への回答', label = 'Ⅲ', personal = 'no', files = [NOTICE], destination } = {}) {
  await page.goto('/send');
  const way = destination ? page.locator('#conduit label', { hasText: destination }) : page.locator('#conduit label').first();
  await way.click();
  await page.fill('#recipients', to);
  await page.fill('#purpose', purpose);
  await page.selectOption('#classification', label);
  await page.check(`#personal-${personal}`);
  await page.setInputFiles('#files', files);
  await page.click('#send .actions button');
  await page.waitForURL(/\/outbox\/\d+$/);
  return new URL(page.url()).pathname;
}

// Waits until the page of a transfer says a state; with scripts it changes by itself.
export async function waitForState(page, words, { reload = false } = {}) {
  for (let tries = 0; tries < 600; tries++) {
    if ((await page.textContent('#state')).includes(words)) return;
    await new Promise((go) => setTimeout(go, 200));
    if (reload) await page.reload();
  }
  throw new Error(`the state is not ${words} but ${await page.textContent('#state')}`);
}
