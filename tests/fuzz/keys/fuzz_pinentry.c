/* fuzz_pinentry.c - programs that call themselves pinentry */
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/keys/pinentry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte says what is asked; the rest is what the program says, all
 * at once, and then it is gone. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pinentry_question question = {
		PINENTRY_OLD, "mailseal", "Unlock?", "Passphrase:", "tty",
		NULL, NULL
	};
	struct pinentry *pinentry;
	int ends[2];

	if (size < 1 ||
	    socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
		return 0;
	question.kind = (enum pinentry_kind)(data[0] % 3);
	pinentry = pinentry_start(ends[0], &question, 0);
	if (pinentry == NULL)
		abort();
	(void)send(ends[1], data + 1, size - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
	(void)shutdown(ends[1], SHUT_WR);
	while (pinentry_work(pinentry, 1) == PINENTRY_ASKING)
		;
	if (pinentry_secret(pinentry).len > PINENTRY_SECRET_MAX)
		abort();
	pinentry_free(pinentry);
	(void)close(ends[1]);
	return 0;
}
