/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/ipc.h"

static void put_sample(struct buffer *message)
{
    ipc_put_u8(message, 7);
    ipc_put_u32(message, 0xDEADBEEF);
    ipc_put_u64(message, UINT64_MAX);
    ipc_put_bytes(message, bytes_of_string("raw"));
    ipc_put_string(message, "名簿");
    ipc_put_string(message, NULL);
}

/* Reads the sample; true when every field is right and nothing is left. */
static bool take_sample(struct bytes message)
{
    struct ipc_reader reader = ipc_reader_open(message);
    bool right = ipc_take_u8(&reader) == 7;
    right &= ipc_take_u32(&reader) == 0xDEADBEEF;
    right &= ipc_take_u64(&reader) == UINT64_MAX;
    right &= bytes_equal_string(ipc_take_bytes(&reader, 16), "raw");
    char *text = ipc_take_string(&reader, 16), *null = ipc_take_string(&reader, 16);
    right &= text && !strcmp(text, "名簿") && !null;
    free(text);
    free(null);
    return right && ipc_finished(&reader);
}

static void message_comes_back_as_it_was_put(void **state)
{
    (void)state;
    AUTO_BUFFER message = {0};
    put_sample(&message);
    assert_true(take_sample(buffer_bytes(&message)));
}

static void message_cut_anywhere_is_refused(void **state)
{
    (void)state;
    AUTO_BUFFER message = {0};
    put_sample(&message);
    for (size_t length = 0; length < message.length; length++)
        assert_false(take_sample(bytes_slice(buffer_bytes(&message), 0, length)));
}

static void message_with_a_byte_too_many_is_refused(void **state)
{
    (void)state;
    AUTO_BUFFER message = {0};
    put_sample(&message);
    buffer_append_byte(&message, 0);
    assert_false(take_sample(buffer_bytes(&message)));
}

static void field_of_another_type_is_refused(void **state)
{
    (void)state;
    AUTO_BUFFER message = {0};
    ipc_put_u32(&message, 1);
    struct ipc_reader reader = ipc_reader_open(buffer_bytes(&message));
    ipc_take_u64(&reader);
    assert_false(ipc_finished(&reader));
    reader = ipc_reader_open(buffer_bytes(&message));
    assert_null(ipc_take_string(&reader, 10));
    assert_false(ipc_finished(&reader));
}

static void string_must_be_text_within_its_limit(void **state)
{
    (void)state;
    static const char *const wrong[] = {"too long", "\xFF"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        AUTO_BUFFER message = {0};
        ipc_put_string(&message, wrong[i]);
        struct ipc_reader reader = ipc_reader_open(buffer_bytes(&message));
        assert_null(ipc_take_string(&reader, 4));
        assert_false(ipc_finished(&reader));
    }
    AUTO_BUFFER nul = {0};
    ipc_put_string(&nul, "ab");
    nul.data[nul.length - 1] = 0;
    struct ipc_reader reader = ipc_reader_open(buffer_bytes(&nul));
    assert_null(ipc_take_string(&reader, 4));
}

static void frame_carries_bytes_and_descriptors(void **state)
{
    (void)state;
    int sockets[2], pipes[2];
    struct ipc_frame frame = {0};
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, sockets), 0);
    assert_int_equal(pipe(pipes), 0);
    assert_int_equal(ipc_send(sockets[0], bytes_of_string("hello"), pipes, 2, NULL), 0);
    assert_int_equal(ipc_receive(sockets[1], &frame, NULL), 1);
    assert_true(bytes_equal_string(buffer_bytes(&frame.message), "hello"));
    assert_int_equal(frame.descriptor_count, 2);
    assert_int_equal(write(frame.descriptors[1], "x", 1), 1);
    char byte;
    assert_int_equal(read(pipes[0], &byte, 1), 1);
    assert_true(fcntl(frame.descriptors[0], F_GETFD) & FD_CLOEXEC);
    close(sockets[0]);
    assert_int_equal(ipc_receive(sockets[1], &frame, NULL), 0);
    ipc_frame_clear(&frame);
    close(sockets[1]);
    close(pipes[0]);
    close(pipes[1]);
}

static void frame_that_is_too_long_is_refused(void **state)
{
    (void)state;
    int sockets[2];
    struct ipc_frame frame = {0};
    struct error error = {0};
    AUTO_BUFFER message = {0};
    buffer_reserve(&message, IPC_FRAME_BYTES + 1);
    message.length = IPC_FRAME_BYTES + 1;
    memset(message.data, 'a', message.length);
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, sockets), 0);
    assert_int_equal(ipc_send(sockets[0], buffer_bytes(&message), NULL, 0, &error), -1);
    assert_int_equal(send(sockets[0], message.data, message.length, 0), message.length);
    assert_int_equal(ipc_receive(sockets[1], &frame, &error), -1);
    assert_string_equal(error.code, "ipc_failed");
    ipc_frame_clear(&frame);
    close(sockets[0]);
    close(sockets[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(message_comes_back_as_it_was_put),
        cmocka_unit_test(message_cut_anywhere_is_refused),
        cmocka_unit_test(message_with_a_byte_too_many_is_refused),
        cmocka_unit_test(field_of_another_type_is_refused),
        cmocka_unit_test(string_must_be_text_within_its_limit),
        cmocka_unit_test(frame_carries_bytes_and_descriptors),
        cmocka_unit_test(frame_that_is_too_long_is_refused),
    };
    return cmocka_run_group_tests_name("ipc", tests, NULL, NULL);
}
