/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of open connections: who answers which, how many there may be, and which are ended. */
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "web/connections.h"

#include "test.h"

enum { THREADS = 4, MOST = 12, MOST_OF_ONE = 5 };

static const struct connections_limits limits = {MOST, MOST_OF_ONE, 1, THREADS};

static struct in6_addr address_number(unsigned number)
{
    return (struct in6_addr){
        .s6_addr = {[10] = 0xff, [11] = 0xff, [12] = 10, [15] = number & 0xff}};
}

/* Opens connection `socket`, which is nobody's, for an address of its own. */
static int open_one(struct connections *connections, int socket)
{
    struct in6_addr address = address_number((unsigned)socket);
    return connections_open(connections, socket, &address);
}

static bool can_be_read(int descriptor)
{
    return poll(&(struct pollfd){.fd = descriptor, .events = POLLIN}, 1, 0) == 1;
}

static void connections_are_dealt_out_evenly(void **state)
{
    unsigned dealt[THREADS] = {0};
    struct connections *connections = connections_make(&limits);
    (void)state;
    for (int socket = 1000; socket < 1000 + 2 * THREADS; socket++) {
        int thread = open_one(connections, socket);
        assert_in_range(thread, 0, THREADS - 1);
        dealt[thread]++;
    }
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(dealt[i], 2);
    connections_free(connections);
}

static void a_thread_that_lost_its_connections_gets_the_next_ones(void **state)
{
    int thread[2 * THREADS], lost;
    struct connections *connections = connections_make(&limits);
    (void)state;
    for (int i = 0; i < 2 * THREADS; i++)
        thread[i] = open_one(connections, 1000 + i);
    lost = thread[1];
    for (int i = 0; i < 2 * THREADS; i++)
        if (thread[i] == lost)
            connections_close(connections, 1000 + i);
    assert_int_equal(open_one(connections, 2000), lost);
    assert_int_equal(open_one(connections, 2001), lost);
    assert_int_not_equal(open_one(connections, 2002), open_one(connections, 2003));
    connections_free(connections);
}

static void one_address_has_so_many_and_no_more(void **state)
{
    struct in6_addr one = address_number(1), other = address_number(2);
    struct connections *connections = connections_make(&limits);
    (void)state;
    for (int i = 0; i < MOST_OF_ONE; i++)
        assert_true(connections_open(connections, 1000 + i, &one) >= 0);
    assert_int_equal(connections_open(connections, 1100, &one), -1);
    assert_true(connections_open(connections, 1100, &other) >= 0);
    connections_close(connections, 1000);
    connections_close(connections, 1000); /* once more says nothing */
    assert_true(connections_open(connections, 1000, &one) >= 0);
    assert_int_equal(connections_open(connections, 1101, &one), -1);
    connections_free(connections);
}

static void when_full_the_next_one_waits_for_one_that_goes(void **state)
{
    struct connections *connections = connections_make(&limits);
    (void)state;
    for (int i = 0; i < MOST; i++) {
        assert_false(connections_full(connections));
        assert_true(open_one(connections, 1000 + i) >= 0);
    }
    assert_true(connections_full(connections));
    assert_false(can_be_read(connections_freed(connections)));
    connections_close(connections, 1003);
    assert_true(can_be_read(connections_freed(connections)));
    assert_false(connections_full(connections));
    assert_true(open_one(connections, 1003) >= 0);
    assert_true(connections_full(connections));
    assert_false(can_be_read(connections_freed(connections)));
    connections_free(connections);
}

static void a_socket_that_comes_again_counts_once(void **state)
{
    struct connections *connections = connections_make(&limits);
    (void)state;
    for (int i = 0; i < 3 * MOST; i++)
        assert_true(open_one(connections, 1000) >= 0);
    assert_false(connections_full(connections));
    connections_free(connections);
}

/* True when the other end of a pair is told that it was ended. */
static bool was_ended(int other)
{
    char byte;
    struct pollfd ready = {.fd = other, .events = POLLIN};
    return poll(&ready, 1, 6000) == 1 && recv(other, &byte, 1, 0) == 0;
}

static void only_who_is_waited_for_is_ended(void **state)
{
    int slow[2], served[2];
    struct in6_addr one = address_number(1);
    struct connections *connections = connections_make(&limits);
    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, slow), 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, served), 0);
    connections_open(connections, slow[0], &one);
    connections_open(connections, served[0], &one);
    connections_await_head(connections, served[0], false);
    assert_true(was_ended(slow[1]));
    assert_false(can_be_read(served[1]));
    connections_await_head(connections, served[0], true);
    assert_true(was_ended(served[1]));
    connections_close(connections, slow[0]);
    connections_close(connections, served[0]);
    connections_free(connections);
    for (int i = 0; i < 2; i++) {
        close(slow[i]);
        close(served[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(connections_are_dealt_out_evenly),
        cmocka_unit_test(a_thread_that_lost_its_connections_gets_the_next_ones),
        cmocka_unit_test(one_address_has_so_many_and_no_more),
        cmocka_unit_test(when_full_the_next_one_waits_for_one_that_goes),
        cmocka_unit_test(a_socket_that_comes_again_counts_once),
        cmocka_unit_test(only_who_is_waited_for_is_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
