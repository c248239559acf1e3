/* test_dial.c - several addresses, one connection */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/dane/dial.h"

static void address(struct dane_address *out, const char *text)
{
	out->family = AF_INET;
	assert_int_equal(inet_pton(AF_INET, text, out->raw), 1);
}

/* Listens on 127.0.0.1 alone. */
static int listen_here(uint16_t *port, int backlog)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in at;
	socklen_t length = sizeof(at);

	memset(&at, 0, sizeof(at));
	at.sin_family = AF_INET;
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(fd, backlog), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &length), 0);
	*port = ntohs(at.sin_port);
	return fd;
}

static void the_one_that_answers(void **test)
{
	struct dial_patience patience = { clock_now_ms() + 30000, -1 };
	struct dane_address addresses[3];
	size_t which = 9;
	int listener, fd, error = 0;
	uint16_t port;

	(void)test;
	memset(addresses, 0, sizeof(addresses));
	listener = listen_here(&port, 4);
	address(&addresses[0], "127.0.0.9");	/* refused at once */
	address(&addresses[1], "127.0.0.8");
	address(&addresses[2], "127.0.0.1");
	fd = dial(addresses, 3, port, &patience, &which, &error);
	assert_true(fd >= 0);
	assert_int_equal(which, 2);
	assert_int_equal(error, ECONNREFUSED);
	(void)close(fd);
	fd = dial(addresses, 2, port, &patience, &which, &error);
	assert_int_equal(fd, ERR_GONE);
	assert_int_equal(error, ECONNREFUSED);
	assert_int_equal(dial(addresses, 0, port, &patience, &which, &error),
			 ERR_GONE);
	(void)close(listener);
}

/* A listener whose queue is full leaves connections half open for long. */
static int fill(uint16_t port, int *fds, int count)
{
	struct sockaddr_in at;
	int i, waiting = 0;

	memset(&at, 0, sizeof(at));
	at.sin_family = AF_INET;
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	at.sin_port = htons(port);
	for (i = 0; i < count; i++) {
		fds[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		if (connect(fds[i], (struct sockaddr *)&at, sizeof(at)) < 0)
			waiting++;
	}
	return waiting;
}

static void patience_ends(void **test)
{
	struct dial_patience patience = { clock_now_ms() + 300, -1 };
	struct dane_address addresses[1];
	int listener, fds[8], cancel[2], i, error = 0;
	size_t which;
	uint16_t port;

	(void)test;
	memset(addresses, 0, sizeof(addresses));
	address(&addresses[0], "127.0.0.1");
	listener = listen_here(&port, 0);
	assert_true(fill(port, fds, 8) > 0);
	assert_int_equal(dial(addresses, 1, port, &patience, &which, &error),
			 ERR_TIMEOUT);
	assert_int_equal(pipe(cancel), 0);
	assert_int_equal(write(cancel[1], "x", 1), 1);
	patience.deadline = clock_now_ms() + 30000;
	patience.cancel_fd = cancel[0];
	assert_int_equal(dial(addresses, 1, port, &patience, &which, &error),
			 ERR_REFUSED);
	assert_int_equal(dial_wait(listener, POLLOUT, &patience),
			 ERR_REFUSED);
	for (i = 0; i < 8; i++)
		(void)close(fds[i]);
	(void)close(cancel[0]);
	(void)close(cancel[1]);
	(void)close(listener);
}

/* The first is stuck; the second is tried beside it. */
static void the_next_one_does_not_wait(void **test)
{
	struct dial_patience patience = { clock_now_ms() + 30000, -1 };
	struct dane_address addresses[2];
	int listener, second, fds[8], fd, i, error = 0;
	struct sockaddr_in at;
	size_t which = 9;
	uint16_t port;

	(void)test;
	memset(addresses, 0, sizeof(addresses));
	address(&addresses[0], "127.0.0.1");
	address(&addresses[1], "127.0.0.2");
	listener = listen_here(&port, 0);
	assert_true(fill(port, fds, 8) > 0);
	memset(&at, 0, sizeof(at));
	at.sin_family = AF_INET;
	at.sin_port = htons(port);
	assert_int_equal(inet_pton(AF_INET, "127.0.0.2", &at.sin_addr), 1);
	second = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(second, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(second, 4), 0);
	fd = dial(addresses, 2, port, &patience, &which, &error);
	assert_true(fd >= 0);
	assert_int_equal(which, 1);
	(void)close(fd);
	for (i = 0; i < 8; i++)
		(void)close(fds[i]);
	(void)close(second);
	(void)close(listener);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_one_that_answers),
		cmocka_unit_test(patience_ends),
		cmocka_unit_test(the_next_one_does_not_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
