/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * 和暦: dates by era, 明治 to 令和, in and out. Japan took the Gregorian calendar on 1 January of
 * Meiji 6 (1873); earlier dates have no simple counterpart and are refused.
 */
#ifndef BASE_ERA_H
#define BASE_ERA_H

#include "base/message.h"
#include "base/time.h"

/* Appends 令和8年11月20日 (令和元年5月1日 in a first year); before 1873 the Gregorian 1872年… . */
void era_append_date(struct buffer *out, struct date date);

/* As people of a language write a date: by era in Japanese, in ISO form in English. */
void era_append_date_in(struct buffer *out, enum language language, struct date date);

/* Appends R8.11.20; before 1873 the ISO date. */
void era_append_short(struct buffer *out, struct date date);

/* Appends 令和8年度: the era of 31 December in the fiscal year decides, as 2019 was 令和元年度. */
void era_append_fiscal_year(struct buffer *out, int fiscal_year);

/*
 * Reads a date as people write it, and nothing else: by era (令和8年11月20日, 令和元年…, R8.11.20,
 * 令8/11/20, ㋿8年…) or Gregorian (2026年11月20日, 2026/11/20, 2026-11-20, 2026.11.20), digits
 * half width, full width or kanji, spaces anywhere. A year past the end of its era (平成35年,
 * printed ahead) counts on; a date before its era began is refused. Errors: date_unreadable,
 * date_not_in_era, date_before_calendar.
 */
int era_parse_date(struct bytes text, struct date *date, struct error *error);

#endif
