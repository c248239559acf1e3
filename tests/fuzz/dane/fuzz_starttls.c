/* fuzz_starttls.c - a server's lines before TLS
 *
 * The first byte chooses protocol and turn; a whole talk runs over a socket
 * pair as well, whose other end says the rest and hangs up. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/base/clock.h"
#include "agent/dane/dial.h"
#include "agent/dane/starttls.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void talk(enum dane_start start, const uint8_t *data, size_t size)
{
	struct dial_patience patience = { clock_now_ms() + 1000, -1 };
	struct starttls out;
	int ends[2];

	if (size > 60000 ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) < 0)
		return;
	if (send(ends[1], data, size, MSG_NOSIGNAL) == (ssize_t)size &&
	    shutdown(ends[1], SHUT_WR) == 0) {
		starttls(ends[0], start, NULL, &patience, &out);
		/* It all came before it was asked for. */
		if (out.wire == DECIDE_SEEN)
			abort();
		if (memchr(out.said, 0, sizeof(out.said)) == NULL)
			abort();
	}
	(void)close(ends[0]);
	(void)close(ends[1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes rest, line;
	enum dane_start start;
	enum starttls_turn turn;
	bool offered = false;

	if (size == 0)
		return 0;
	start = (enum dane_start)(1 + data[0] % 3);
	turn = (enum starttls_turn)(data[0] / 3 % 3);
	rest.data = data + 1;
	rest.len = size - 1;
	talk(start, data + 1, size - 1);
	while (rest.len > 0) {
		(void)bytes_cut(rest, '\n', &line, &rest);
		(void)starttls_read(start, turn, line, &offered);
	}
	return 0;
}
