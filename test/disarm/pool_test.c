/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/hash.h"
#include "disarm/pool.h"
#include "disarm/receipt.h"
#include "disarm/zygote.h"

/* A worker that sleeps on files called "slow…", so that a test can reach in while it runs. */
static void slow_or_disarm(const struct task *task, struct bytes input, struct buffer *output,
                           struct receipt *receipt, struct report *report)
{
    while (!strncmp(task->name ? task->name : "", "slow", 4))
        continue;
    worker_disarm(task, input, output, receipt, report);
}

static int text_file(const char *text)
{
    int file = memfd_create("text", MFD_CLOEXEC);
    assert_int_equal(write(file, text, strlen(text)), strlen(text));
    lseek(file, 0, SEEK_SET);
    return file;
}

static void submit(struct disarm_pool *pool, const char *name, const char *text, void *context)
{
    int input = text_file(text);
    disarm_pool_submit(pool, input, name, &disarm_default_options, context);
    close(input);
}

static int start_pool(void **state)
{
    struct disarm_pool_options options = {.workers = 2};
    *state = disarm_pool_start(&options, NULL);
    return *state ? 0 : -1;
}

static int stop_pool(void **state)
{
    disarm_pool_stop(*state);
    return 0;
}

static void pool_gives_a_rebuilt_file_and_its_receipt(void **state)
{
    int mark;
    submit(*state, "dir/memo.txt", "hello\n", &mark);
    struct disarm_result *result = disarm_pool_next(*state, true);
    const struct receipt *receipt = result->receipt;
    uint8_t digest[HASH_BYTES];
    hash_sha256(bytes_of_string("hello\n"), digest);
    assert_ptr_equal(result->context, &mark);
    assert_int_equal(receipt->verdict, RECEIPT_REBUILT);
    assert_string_equal(receipt->input.name, "dir/memo.txt");
    assert_string_equal(receipt->input.type, "text");
    assert_memory_equal(receipt->input.sha256, digest, HASH_BYTES);
    assert_string_equal(receipt->output.name, "dir/memo.txt");
    assert_int_equal(receipt->output.size, lseek(result->output, 0, SEEK_END));
    assert_true(receipt->elapsed_us > 0);
    assert_true(result->peak_bytes > 0);
    assert_int_equal(ftruncate(result->output, 0), -1);
    disarm_result_free(result);
}

static void pool_finishes_every_file_it_was_given(void **state)
{
    enum { FILES = 40 };
    int seen[FILES] = {0};
    for (int i = 0; i < FILES; i++)
        submit(*state, "memo.txt", "hello\n", &seen[i]);
    assert_int_equal(disarm_pool_pending(*state), FILES);
    for (int i = 0; i < FILES; i++) {
        struct disarm_result *result = disarm_pool_next(*state, true);
        assert_non_null(result);
        assert_int_equal(result->receipt->verdict, RECEIPT_REBUILT);
        (*(int *)result->context)++;
        disarm_result_free(result);
    }
    for (int i = 0; i < FILES; i++)
        assert_int_equal(seen[i], 1);
    assert_null(disarm_pool_next(*state, true));
}

static void pool_descriptor_tells_when_there_is_something_to_do(void **state)
{
    struct pollfd watched = {disarm_pool_descriptor(*state), POLLIN, 0};
    assert_int_equal(poll(&watched, 1, 0), 0);
    submit(*state, "memo.txt", "hello\n", NULL);
    struct disarm_result *result = NULL;
    while (!result) {
        assert_int_equal(poll(&watched, 1, 30000), 1);
        result = disarm_pool_next(*state, false);
    }
    disarm_result_free(result);
    assert_int_equal(poll(&watched, 1, 0), 0);
}

static void input_above_its_limit_is_refused(void **state)
{
    struct disarm_options options = disarm_default_options;
    options.limits.input_bytes = 4;
    int input = text_file("hello\n");
    disarm_pool_submit(*state, input, "memo.txt", &options, NULL);
    close(input);
    struct disarm_result *result = disarm_pool_next(*state, true);
    assert_int_equal(result->receipt->verdict, RECEIPT_REFUSED);
    assert_string_equal(result->receipt->reason.code, "limit_input");
    disarm_result_free(result);
}

static void input_that_cannot_be_read_is_refused(void **state)
{
    errno = ENOENT;
    disarm_pool_submit(*state, -1, "memo.txt", &disarm_default_options, NULL);
    struct disarm_result *result = disarm_pool_next(*state, true);
    assert_string_equal(result->receipt->reason.code, "input_unreadable");
    assert_string_equal(result->receipt->reason.detail, "No such file or directory");
    disarm_result_free(result);
}

static void unknown_type_is_refused_with_a_receipt(void **state)
{
    submit(*state, "letter.doc", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and more", NULL);
    struct disarm_result *result = disarm_pool_next(*state, true);
    assert_int_equal(result->receipt->verdict, RECEIPT_REFUSED);
    assert_string_equal(result->receipt->reason.code, "format_not_supported");
    assert_int_equal(result->output, -1);
    assert_null(result->receipt->output.name);
    disarm_result_free(result);
}

static void zygote_that_dies_is_replaced(void **state)
{
    pid_t first = disarm_pool_zygote(*state);
    submit(*state, "slow.txt", "hello\n", NULL);
    submit(*state, "slow2.txt", "hello\n", NULL);
    submit(*state, "memo.txt", "hello\n", NULL);
    assert_int_equal(kill(first, SIGKILL), 0);
    for (int i = 0; i < 2; i++) {
        struct disarm_result *lost = disarm_pool_next(*state, true);
        assert_int_equal(lost->receipt->verdict, RECEIPT_REFUSED);
        assert_string_equal(lost->receipt->reason.code, "worker_killed");
        assert_int_equal(lost->output, -1);
        disarm_result_free(lost);
    }
    struct disarm_result *waiting = disarm_pool_next(*state, true);
    assert_int_equal(waiting->receipt->verdict, RECEIPT_REBUILT);
    assert_int_not_equal(disarm_pool_zygote(*state), first);
    disarm_result_free(waiting);
}

static void pool_stops_while_files_are_being_worked_on(void **state)
{
    (void)state;
    struct disarm_pool *pool = disarm_pool_start(NULL, NULL);
    assert_non_null(pool);
    pid_t zygote = disarm_pool_zygote(pool);
    for (int i = 0; i < 5; i++)
        submit(pool, "slow.txt", "hello\n", NULL);
    disarm_pool_stop(pool);
    assert_int_equal(kill(zygote, 0), -1);
}

static void program_that_is_no_zygote_is_not_taken_for_one(void **state)
{
    (void)state;
    struct error error = {0};
    struct disarm_pool_options options = {.program = "/bin/true"};
    assert_null(disarm_pool_start(&options, &error));
    assert_string_equal(error.code, "sandbox_failed");
    options.program = "/nonexistent";
    assert_null(disarm_pool_start(&options, &error));
}

static const char small_pdf[] =
    "%PDF-1.4\n"
    "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    "2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n"
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<<"
    "/A<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n"
    "4 0 obj<</Length 31>>stream\n"
    "BT/A 24 Tf 9 50 Td(Policy)Tj ET\n"
    "endstream endobj\n"
    "trailer<</Root 1 0 R/Size 5>>\n"
    "startxref\n0\n%%EOF\n";

/* Treats a file in a pool; true when it was not refused. What it became is in `made`. */
static bool treat(struct disarm_pool *pool, enum disarm_treatment treatment, const char *name,
                  const char *content, char made[static 64])
{
    struct disarm_options options = disarm_default_options;
    options.treatment = treatment;
    int input = text_file(content);
    disarm_pool_submit(pool, input, name, &options, NULL);
    close(input);
    struct disarm_result *result = disarm_pool_next(pool, true);
    bool done = result->receipt->verdict != RECEIPT_REFUSED;
    ssize_t length = done ? read(result->output, made, 63) : 0;
    made[length > 0 ? length : 0] = '\0';
    disarm_result_free(result);
    return done;
}

static void lean_pool_loads_renderers_with_the_first_file_that_needs_one(void **state)
{
    (void)state;
    char made[64];
    const struct disarm_pool_options options = {.workers = 1, .lean = true};
    struct disarm_pool *pool = disarm_pool_start(&options, NULL);
    assert_non_null(pool);
    assert_true(treat(pool, DISARM_REBUILD, "a.pdf", small_pdf, made));
    assert_true(treat(pool, DISARM_TEXT, "a.txt", "hello\n", made));
    assert_string_equal(made, "hello\n");
    assert_false(disarm_pool_renders(pool));
    assert_true(treat(pool, DISARM_TEXT, "a.pdf", small_pdf, made));
    assert_non_null(strstr(made, "Policy"));
    assert_true(disarm_pool_renders(pool));
    assert_true(treat(pool, DISARM_FLATTEN, "a.pdf", small_pdf, made));
    assert_memory_equal(made, "%PDF", 4);
    disarm_pool_stop(pool);
}

static void lean_zygote_that_dies_takes_nothing_of_the_other_with_it(void **state)
{
    (void)state;
    const struct disarm_pool_options options = {.workers = 2, .lean = true};
    struct disarm_pool *pool = disarm_pool_start(&options, NULL);
    struct disarm_options flatten = disarm_default_options;
    char made[64];
    assert_non_null(pool);
    assert_true(treat(pool, DISARM_FLATTEN, "a.pdf", small_pdf, made));
    flatten.treatment = DISARM_FLATTEN;
    int input = text_file(small_pdf);
    submit(pool, "slow.txt", "hello\n", NULL);
    disarm_pool_submit(pool, input, "a.pdf", &flatten, pool);
    close(input);
    assert_int_equal(kill(disarm_pool_zygote(pool), SIGKILL), 0);
    for (int i = 0; i < 2; i++) {
        struct disarm_result *result = disarm_pool_next(pool, true);
        assert_int_equal(result->receipt->verdict,
                         result->context ? RECEIPT_FLATTENED : RECEIPT_REFUSED);
        disarm_result_free(result);
    }
    disarm_pool_stop(pool);
}

int main(int argc, char **argv)
{
    if (argc > 0 && !strcmp(argv[0], ZYGOTE_NAME))
        return zygote_run(slow_or_disarm);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pool_gives_a_rebuilt_file_and_its_receipt),
        cmocka_unit_test(pool_finishes_every_file_it_was_given),
        cmocka_unit_test(pool_descriptor_tells_when_there_is_something_to_do),
        cmocka_unit_test(input_above_its_limit_is_refused),
        cmocka_unit_test(input_that_cannot_be_read_is_refused),
        cmocka_unit_test(unknown_type_is_refused_with_a_receipt),
        cmocka_unit_test(zygote_that_dies_is_replaced),
        cmocka_unit_test(pool_stops_while_files_are_being_worked_on),
        cmocka_unit_test(lean_pool_loads_renderers_with_the_first_file_that_needs_one),
        cmocka_unit_test(lean_zygote_that_dies_takes_nothing_of_the_other_with_it),
        cmocka_unit_test(program_that_is_no_zygote_is_not_taken_for_one),
    };
    return cmocka_run_group_tests_name("pool", tests, start_pool, stop_pool);
}
