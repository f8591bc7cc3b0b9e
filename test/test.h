/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every cmocka test program includes. */
#ifndef TEST_TEST_H
#define TEST_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
