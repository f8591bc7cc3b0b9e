/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one function of a fuzz target. It may fail in any orderly way; a crash, a leak, a hang or a
 * call of abort() is a finding.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
