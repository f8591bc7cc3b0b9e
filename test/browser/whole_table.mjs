// SPDX-License-Identifier: GPL-3.0-or-later
// Runs last: no page of the table of routes was left unlooked at by the specs before.
import assert from 'node:assert/strict';
import { pagesOfTable } from './routes.mjs';
import { test } from './suite.mjs';
import { looked } from './visit.mjs';

test('every page of the table of routes was looked at', async () => {
  assert.deepEqual(pagesOfTable().filter((pattern) => !looked.has(pattern)), []);
});
