/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "disarm/disarm.h"
#include "disarm/print.h"
#include "gate/renderer.h"

/* A renderer in a process of its own, as the supervisor starts it. */
struct stage {
    int sockets[2]; /* the renderer's end, ours */
    pid_t process;
};

static void start(struct stage *stage)
{
    stage->process = fork();
    if (stage->process == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        signal(SIGPIPE, SIG_IGN);
        struct renderer *renderer = renderer_start(stage->sockets[0], 2, NULL);
        while (renderer && renderer_step(renderer, 1000, NULL) == 0)
            continue;
        _exit(1);
    }
    assert_true(stage->process > 0);
}

static void stop(struct stage *stage)
{
    kill(stage->process, SIGKILL);
    waitpid(stage->process, NULL, 0);
}

static int open_stage(void **state)
{
    struct stage *stage = calloc(1, sizeof *stage);
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, stage->sockets), 0);
    start(stage);
    *state = stage;
    return 0;
}

static int close_stage(void **state)
{
    struct stage *stage = *state;
    stop(stage);
    close(stage->sockets[0]);
    close(stage->sockets[1]);
    free(stage);
    return 0;
}

static int socket_of(void **state)
{
    return ((struct stage *)*state)->sockets[1];
}

static int ask_text(void **state, const char *name, const char *content, struct buffer *text,
                    struct error *error)
{
    return renderer_text(socket_of(state), name, bytes_of_string(content), text, error);
}

static void text_in_an_old_encoding_comes_back_as_utf_8(void **state)
{
    AUTO_BUFFER text = {0};
    struct error error = {0};
    assert_int_equal(ask_text(state, "memo.txt",
                              "\x8f\xee\x95\xf1\x83\x5a\x83\x4c\x83\x85\x83\x8a"
                              "\x83\x65\x83\x42\r\n",
                              &text, &error),
                     0);
    assert_non_null(strstr(buffer_string(&text), "情報セキュリティ"));
}

static const char document[] =
    "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    "2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n"
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</Font<<"
    "/A<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n"
    "4 0 obj<</Length 29>>stream\nBT/A 9 Tf 9 50 Td(Policy)Tj ET\nendstream endobj\n"
    "trailer<</Root 1 0 R/Size 5>>\nstartxref\n0\n%%EOF\n";

static void text_of_a_pdf_comes_back(void **state)
{
    AUTO_BUFFER text = {0};
    struct error error = {0};
    assert_int_equal(ask_text(state, "a.pdf", document, &text, &error), 0);
    assert_non_null(strstr(buffer_string(&text), "Policy"));
}

static int ask_page(void **state, const char *name, struct bytes content, unsigned page,
                    struct renderer_answer *answer, struct error *error)
{
    const struct renderer_request request = {.kind = RENDERER_PAGE, .name = name, .page = page};
    AUTO_FD file = memfd_create("document", MFD_CLOEXEC);
    assert_int_equal(file_write_all(file, content, NULL, error), 0);
    return renderer_ask(socket_of(state), &request, file, answer, error);
}

static void page_of_a_pdf_comes_as_a_picture(void **state)
{
    struct renderer_answer answer;
    struct error error = {0};
    assert_int_equal(ask_page(state, "a.pdf", bytes_of_string(document), 0, &answer, &error), 0);
    assert_string_equal(answer.media_type, "image/png");
    assert_int_equal(answer.pages, 1);
    assert_memory_equal(answer.content.data, "\x89PNG\r\n\x1a\n", 8);
    assert_memory_equal(answer.content.data + 16, "\0\0\0\x8a\0\0\0\x8a",
                        8); /* 99 points at 100 dpi */
    buffer_free(&answer.content);
}

static int ask_print(void **state, struct bytes description, struct renderer_answer *answer,
                     struct error *error)
{
    const struct renderer_request request = {.kind = RENDERER_PRINT};
    AUTO_FD file = memfd_create("print", MFD_CLOEXEC);
    assert_int_equal(file_write_all(file, description, NULL, error), 0);
    return renderer_ask(socket_of(state), &request, file, answer, error);
}

static void description_becomes_a_pdf_with_its_text(void **state)
{
    static const unsigned shares[] = {3, 1};
    const char *titles[] = {"もの", "件数"}, *cells[] = {"スクリプト", "2"};
    AUTO_BUFFER description = {0}, text = {0};
    struct renderer_answer answer, second;
    struct error error = {0};
    print_begin(&description, "無害化票", "みほん市");
    print_fact(&description, "ファイル名", "名簿.pdf");
    print_table(&description, titles, shares, 2);
    for (int i = 0; i < 80; i++) /* more than one page */
        print_row(&description, cells, 2);
    print_paragraph(&description, "<b>そのまま</b>");
    assert_int_equal(ask_print(state, buffer_bytes(&description), &answer, &error), 0);
    assert_string_equal(answer.media_type, "application/pdf");
    assert_int_equal(ask_print(state, buffer_bytes(&description), &second, &error), 0);
    assert_int_equal(answer.content.length, second.content.length);
    assert_memory_equal(answer.content.data, second.content.data, answer.content.length);
    assert_int_equal(
        renderer_text(socket_of(state), "a.pdf", buffer_bytes(&answer.content), &text, &error), 0);
    assert_non_null(strstr(buffer_string(&text), "無害化票"));
    assert_non_null(strstr(buffer_string(&text), "名簿.pdf"));
    assert_non_null(strstr(buffer_string(&text), "<b>そのまま</b>"));
    buffer_free(&answer.content);
    buffer_free(&second.content);
}

static void any_script_may_stand_in_any_style(void **state)
{
    static const char many[] = "Отчёт Ωμέγα 보고서 שלום سلام ไทย हिन्दी \U0001f600 A1 報告";
    static const unsigned shares[] = {1};
    const char *cells[] = {many};
    AUTO_BUFFER description = {0}, text = {0};
    struct renderer_answer answer;
    struct error error = {0};
    print_begin(&description, many, many);
    print_heading(&description, many);
    print_paragraph(&description, many);
    print_fact(&description, many, "");
    print_table(&description, cells, shares, 1);
    print_row(&description, cells, 1);
    assert_int_equal(ask_print(state, buffer_bytes(&description), &answer, &error), 0);
    assert_int_equal(
        renderer_text(socket_of(state), "a.pdf", buffer_bytes(&answer.content), &text, &error), 0);
    assert_non_null(strstr(buffer_string(&text), "Отчёт Ωμέγα"));
    buffer_free(&answer.content);
}

/* 800 different characters, some of which cairo cannot follow into their subroutines. */
static void a_printed_page_carries_only_the_glyphs_that_stand_on_it(void **state)
{
    AUTO_BUFFER description = {0}, many = {0}, text = {0};
    struct renderer_answer answer;
    struct error error = {0};
    for (unsigned i = 0; i < 800; i++) {
        unsigned code = 0x4e00 + i * 7;
        buffer_append_format(&many, "%c%c%c", (char)(0xe0 | code >> 12),
                             (char)(0x80 | (code >> 6 & 63)), (char)(0x80 | (code & 63)));
    }
    print_begin(&description, "無害化票", "みほん市");
    print_paragraph(&description, "一覧の 1 ページ");
    assert_int_equal(ask_print(state, buffer_bytes(&description), &answer, &error), 0);
    assert_in_range(answer.content.length, 1000, 20000);
    buffer_free(&answer.content);
    print_heading(&description, buffer_string(&many));
    print_paragraph(&description, buffer_string(&many));
    assert_int_equal(ask_print(state, buffer_bytes(&description), &answer, &error), 0);
    print_message("800 characters in two weights: %zu bytes\n", answer.content.length);
    assert_in_range(answer.content.length, 100000, 450000);
    assert_int_equal(
        renderer_text(socket_of(state), "a.pdf", buffer_bytes(&answer.content), &text, &error), 0);
    assert_non_null(strstr(buffer_string(&text), "一万"));
    buffer_free(&answer.content);
}

static void what_is_no_description_is_not_printed(void **state)
{
    static const char *const cells[] = {"a", "b"};
    struct renderer_answer answer;
    struct error error = {0};
    AUTO_BUFFER torn = {0};
    assert_int_equal(ask_print(state, bytes_of_string("<html>"), &answer, &error), -1);
    assert_string_equal(error.code, "print_invalid");
    print_begin(&torn, "題", "");
    print_row(&torn, cells, 2); /* without a table */
    assert_int_equal(ask_print(state, buffer_bytes(&torn), &answer, &error), -1);
    assert_string_equal(error.code, "print_invalid");
}

static void page_that_is_not_there_is_refused(void **state)
{
    struct renderer_answer answer;
    struct error error = {0};
    assert_int_equal(ask_page(state, "a.pdf", bytes_of_string(document), 1, &answer, &error), -1);
    assert_string_equal(error.code, "preview_no_page");
}

static void text_has_no_pages(void **state)
{
    struct renderer_answer answer;
    struct error error = {0};
    assert_int_equal(ask_page(state, "a.txt", bytes_of_string("a\n"), 0, &answer, &error), -1);
    assert_string_equal(error.code, "preview_not_offered");
}

static void garbage_is_refused_with_the_reason_of_the_disarm_room(void **state)
{
    AUTO_BUFFER text = {0};
    struct error error = {0};
    assert_int_equal(ask_text(state, "a.docx", "PK\x03\x04 and then nothing", &text, &error), -1);
    assert_non_null(error.code);
    assert_string_not_equal(error.code, "renderer_away");
    assert_int_equal(text.length, 0);
}

static void picture_is_shown_but_has_no_text(void **state)
{
    static const uint8_t gif[] =
        "GIF89a\1\0\1\0\200\0\0\0\0\0\377\377\377!\371\4\1\0\0\0\0,\0\0\0\0"
        "\1\0\1\0\0\2\2D\1\0;";
    AUTO_BUFFER text = {0};
    struct error error = {0};
    assert_int_equal(renderer_text(socket_of(state), "a.gif", (struct bytes){gif, sizeof gif - 1},
                                   &text, &error),
                     -1);
    assert_non_null(error.code);
    assert_string_not_equal(error.code, "renderer_away");
    struct renderer_answer answer;
    assert_int_equal(
        ask_page(state, "a.gif", (struct bytes){gif, sizeof gif - 1}, 0, &answer, &error), 0);
    assert_string_equal(answer.media_type, "image/gif");
    assert_int_equal(answer.pages, 1);
    buffer_free(&answer.content);
}

static void input_beyond_the_limit_is_refused_by_its_real_size(void **state)
{
    struct renderer_answer answer;
    struct error error = {0};
    const struct renderer_request request = {.kind = RENDERER_TEXT, .name = "a.txt"};
    int file = memfd_create("huge", MFD_CLOEXEC);
    assert_int_equal(ftruncate(file, (off_t)300 << 20), 0);
    assert_int_equal(renderer_ask(socket_of(state), &request, file, &answer, &error), -1);
    assert_string_equal(error.code, "limit_input");
    assert_int_equal(answer.content.length, 0);
    close(file);
}

static void without_a_renderer_nothing_is_shown(void **state)
{
    AUTO_BUFFER text = {0};
    struct error error = {0};
    (void)state;
    assert_int_equal(renderer_text(-1, "a.txt", bytes_of_string("a"), &text, &error), -1);
    assert_string_equal(error.code, "renderer_away");
}

/* What waits in the socket while a renderer is gone is answered by the next one. */
static void *ask_in_a_thread(void *state)
{
    AUTO_BUFFER text = {0};
    struct error error = {0};
    int result = renderer_text(*(int *)state, "a.txt", bytes_of_string("hello\n"), &text, &error);
    return result == 0 && !strcmp(buffer_string(&text), "hello\n") ? state : NULL;
}

static void many_threads_ask_over_one_socket(void **state)
{
    enum { THREADS = 12 };
    pthread_t threads[THREADS];
    int socket = socket_of(state);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_in_a_thread, &socket), 0);
    for (int i = 0; i < THREADS; i++) {
        void *result;
        pthread_join(threads[i], &result);
        assert_ptr_equal(result, &socket);
    }
}

static void renderer_started_anew_answers_what_waited(void **state)
{
    struct stage *stage = *state;
    pthread_t thread;
    void *result;
    int socket = socket_of(state);
    stop(stage);
    assert_int_equal(pthread_create(&thread, NULL, ask_in_a_thread, &socket), 0);
    start(stage);
    pthread_join(thread, &result);
    assert_ptr_equal(result, &socket);
}

/* A renderer that takes a request and dies. */
static void *take_and_die(void *state)
{
    struct stage *stage = state;
    char message[256];
    struct iovec part = {message, sizeof message};
    char control[CMSG_SPACE(4 * sizeof(int))];
    struct msghdr header = {.msg_iov = &part,
                            .msg_iovlen = 1,
                            .msg_control = control,
                            .msg_controllen = sizeof control};
    recvmsg(stage->sockets[0], &header, 0);
    int descriptors[3];
    memcpy(descriptors, CMSG_DATA(CMSG_FIRSTHDR(&header)), sizeof descriptors);
    for (int i = 0; i < 3; i++)
        close(descriptors[i]);
    return NULL;
}

static void renderer_that_dies_over_a_request_is_said_to_be_away(void **state)
{
    struct stage *stage = *state;
    AUTO_BUFFER text = {0};
    struct error error = {0};
    pthread_t thread;
    stop(stage);
    assert_int_equal(pthread_create(&thread, NULL, take_and_die, stage), 0);
    assert_int_equal(ask_text(state, "a.txt", "a", &text, &error), -1);
    assert_string_equal(error.code, "renderer_away");
    pthread_join(thread, NULL);
    start(stage);
}

static void frame_that_is_no_request_is_dropped_and_the_next_one_answered(void **state)
{
    AUTO_BUFFER text = {0};
    struct error error = {0};
    assert_int_equal(send(socket_of(state), "nonsense", 8, 0), 8);
    assert_int_equal(ask_text(state, "a.txt", "a\n", &text, &error), 0);
}

int main(int argc, char **argv)
{
    int status = disarm_zygote_main(argc, argv);
    if (status >= 0)
        return status;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_in_an_old_encoding_comes_back_as_utf_8),
        cmocka_unit_test(text_of_a_pdf_comes_back),
        cmocka_unit_test(garbage_is_refused_with_the_reason_of_the_disarm_room),
        cmocka_unit_test(page_of_a_pdf_comes_as_a_picture),
        cmocka_unit_test(description_becomes_a_pdf_with_its_text),
        cmocka_unit_test(any_script_may_stand_in_any_style),
        cmocka_unit_test(a_printed_page_carries_only_the_glyphs_that_stand_on_it),
        cmocka_unit_test(what_is_no_description_is_not_printed),
        cmocka_unit_test(page_that_is_not_there_is_refused),
        cmocka_unit_test(text_has_no_pages),
        cmocka_unit_test(picture_is_shown_but_has_no_text),
        cmocka_unit_test(input_beyond_the_limit_is_refused_by_its_real_size),
        cmocka_unit_test(without_a_renderer_nothing_is_shown),
        cmocka_unit_test(many_threads_ask_over_one_socket),
        cmocka_unit_test(renderer_started_anew_answers_what_waited),
        cmocka_unit_test(renderer_that_dies_over_a_request_is_said_to_be_away),
        cmocka_unit_test(frame_that_is_no_request_is_dropped_and_the_next_one_answered),
    };
    return cmocka_run_group_tests_name("renderer", tests, open_stage, close_stage);
}
