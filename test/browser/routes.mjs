// SPDX-License-Identifier: GPL-3.0-or-later
// The addresses of src/web/routes.c that are pages.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SOURCE } from './town.mjs';

// No pages: files to take away, pictures, answers for programs, and the way out.
export const NO_PAGE = /^\/(static|healthz|api)\b|^\/inbox\/.*\/items\/|\/pages\/\{\}$|\/copy\/|\/(proof|state|export|pdf|excel)$|\.\w+$|[*]/;

// "/people/{}" for "/people/17?x=1", "/zones/zone/{}" for "/zones/zone/lgwan".
export function patternOf(path) {
  return path.split(/[?#]/)[0].replaceAll(/\/\d+(?=\/|$)/g, '/{}').replace(/^(\/zones\/zone)\/.+/, '$1/{}');
}

export function pagesOfTable() {
  const table = readFileSync(join(SOURCE, 'src/web/routes.c'), 'utf8');
  return [...table.matchAll(/\{"([^"]+)",\s*"GET"/g)].map((route) => route[1]).filter((pattern) => !NO_PAGE.test(pattern));
}
