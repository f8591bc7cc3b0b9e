/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Prints a policy as `sekisho policy show --json` does, without the sandbox. Linked with another
 * catalogue than the program's own by policy_rows.py, to leave one document out.
 *
 * usage: policy_show FILE     (UTF-8 text)
 */
#include <stdio.h>

#include "base/file.h"
#include "policy/policy.h"

enum { LARGEST = 64 << 20 };

int main(int argc, char **argv)
{
    struct error error = {0};
    AUTO_BUFFER text = {0}, out = {0};
    if (argc != 2 || file_read(argv[1], LARGEST, &text, &error)) {
        fprintf(stderr, "usage: policy_show FILE\n");
        return 2;
    }
    struct policy *policy = policy_compile(buffer_bytes(&text), &error);
    if (!policy) {
        fprintf(stderr, "%s: %s\n", argv[1], error.code);
        return 1;
    }
    policy_write_json(policy, &out);
    puts(buffer_string(&out));
    policy_free(policy);
    return 0;
}
