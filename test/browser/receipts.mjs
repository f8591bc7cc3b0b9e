// SPDX-License-Identifier: GPL-3.0-or-later
// What is read about a file: its receipt on screen and on paper, its disarmed pages, a locked archive.
import assert from 'node:assert/strict';
import { sendFiles, waitForState } from './transfers.mjs';
import { test } from './suite.mjs';

const PDF = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>endobj
2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</A<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj
4 0 obj<</Length 31>>stream
BT/A 24 Tf 9 50 Td(Policy)Tj ET
endstream endobj
trailer<</Root 1 0 R/Size 5>>
startxref
0
%%EOF
`;
const FILE = { name: '案内.pdf', mimeType: 'application/pdf', buffer: Buffer.from(PDF) };

test('a receipt is read, printed on A4 and taken along as a PDF', async (visit) => {
  const page = await visit.login('internet', 'tanaka');
  await sendFiles(page, { purpose: '県からの案内', files: [FILE] });
  await waitForState(page, '受け取れます');
  await page.locator('#items td a', { hasText: '無害化票' }).click();
  for (let tries = 0; tries < 100 && !await page.getByText('封印の値').count(); tries++) {
    await new Promise((go) => setTimeout(go, 200));
    await page.reload();
  }
  assert.match(await page.textContent('main'), /除いた/);
  await visit.look(page, 'receipt');
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.locator('.actions').first().isVisible(), false, 'no buttons on paper');
  assert.equal(await page.getByText('この票の証明').isVisible(), true, 'the proof is');
  await visit.keepPicture('receipt_print', page);
  await page.emulateMedia({ media: 'screen' });
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('#pdf')]);
  assert.match(download.suggestedFilename(), /^receipt-\d+-1\.pdf$/);
});

test('the receipts of all files of a transfer stand on one sheet', async (visit) => {
  const page = await visit.login('internet', 'tanaka');
  const list = { name: '一覧.csv', mimeType: 'text/csv', buffer: Buffer.from('氏名,値\n見本,=1+1\n') };
  await sendFiles(page, { purpose: '二つの案内', files: [FILE, list] });
  await waitForState(page, '受け取れます');
  await page.reload();
  await page.getByRole('link', { name: 'すべてのファイルの無害化票' }).click();
  assert.equal(await page.locator('#summary ~ .table tbody tr').count(), 2);
  await visit.look(page, 'receipts');
  await page.emulateMedia({ media: 'print' });
  await visit.keepPicture('receipts_print', page);
  await page.emulateMedia({ media: 'screen' });
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('#pdf')]);
  assert.match(download.suggestedFilename(), /^receipt-\d+\.pdf$/);
});

test('an approver looks at the disarmed pages', async (visit) => {
  const sender = await visit.login('lgwan', 'tanaka');
  await sendFiles(sender, { destination: 'インターネット', label: 'Ⅱ', purpose: '中身の確認', files: [FILE] });
  await waitForState(sender, '承認待ち');
  const approver = await visit.login('lgwan', 'sato', { path: '/approvals' });
  await approver.getByRole('link', { name: '中身の確認' }).click();
  await approver.getByRole('link', { name: '中身を見る' }).click();
  const image = approver.locator('figure img').first();
  await image.waitFor();
  assert.ok(await image.evaluate((shown) => shown.decode().then(() => shown.naturalWidth)) > 100);
  await visit.look(approver, 'preview');
});

test('a file is taken in a locked archive without scripts', async (visit) => {
  const sender = await visit.login('internet', 'tanaka');
  const path = await sendFiles(sender, { purpose: '鍵付きの受け取り' });
  await waitForState(sender, '受け取れます');
  const receiver = await visit.login('lgwan', 'tanaka', { path, script: false });
  await receiver.getByRole('button', { name: 'パスワード付きで受け取る' }).click();
  assert.match(await receiver.textContent('#password'), /^[a-z2-9-]{20}$/);
  await visit.keepPicture('locked', receiver);
  const [download] = await Promise.all([receiver.waitForEvent('download'), receiver.getByRole('button', { name: 'ZIPファイルを受け取る' }).click()]);
  assert.equal(download.suggestedFilename(), 'お知らせ.txt.zip');
});
