/* notify_probe.c - tells notices from its standard input, prints choices
 *
 * A line is WHO; "." waits for a choice; at the end of input it ends.  For
 * test_notify.sh.  "told" is printed after each line: telling never waits. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/base/clock.h"
#include "agent/desk/notify.h"

#define CHOICE_MS	20000
#define TELL_MS		1000	/* a call that waits takes 25 s */

static void wait_for_choice(struct notify *notify)
{
	struct pollfd fd = { notify_fd(notify), POLLIN, 0 };
	struct notify_choice choice;

	if (poll(&fd, 1, CHOICE_MS) == 1 && notify_take(notify, &choice))
		(void)printf("%s %s %s\n", choice.act == NOTIFY_TRUST ?
			     "trust" : "explain", choice.id, choice.who);
	else
		(void)puts("no choice");
}

static void tell(struct notify *notify, const char *who)
{
	struct notice notice = { NOTICE_SUSPICIOUS, "some-id", who,
				 "Hello <b>you</b> & me",
				 "Ask <by> another way." };
	int64_t start = clock_now_ms();

	notify_tell(notify, &notice);
	(void)puts(clock_now_ms() - start < TELL_MS ? "told" : "it waited");
}

int main(void)
{
	struct notify *notify = notify_new();
	char line[512];

	if (notify == NULL)
		return EXIT_FAILURE;
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	while (fgets(line, sizeof(line), stdin) != NULL) {
		line[strcspn(line, "\n")] = 0;
		if (strcmp(line, ".") == 0)
			wait_for_choice(notify);
		else
			tell(notify, line);
	}
	notify_free(notify);
	(void)puts("ended");
	return EXIT_SUCCESS;
}
