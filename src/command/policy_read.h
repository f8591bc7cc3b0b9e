/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading policies for the command line: any document becomes text in the sandbox before it is
 * compiled. */
#ifndef COMMAND_POLICY_READ_H
#define COMMAND_POLICY_READ_H

#include "base/error.h"
#include "policy/policy.h"

/*
 * Reads and compiles the policies in the files: text, Word or PDF, made into UTF-8 text by the text
 * treatment (テキスト化) of the disarm pool. Fills policies[i] for paths[i]. 0, or -1 with the
 * error of the first file that could not be read, whose place is its path; then nothing is left to
 * free.
 */
int policy_read_files(const char *const *paths, size_t count, struct policy **policies,
                      const char **failed, struct error *error);

#endif
