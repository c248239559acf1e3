/* display.c - mailseal-display: Mutt's display filter
 *
 * Reads what the pager is about to show, writes it with the verdict on top
 * and the sender's name only where it may be shown.  Never fails, never
 * writes to standard error (Mutt's screen), never leaves anything out of the
 * text but that a signature is right which is somebody else's (page.h).  Of
 * what was encrypted it tells the agent the Message-ID (opened.h). */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plugins/mutt/opened.h"
#include "plugins/mutt/page.h"
#include "plugins/mutt/verdict.h"

static const char usage[] =
	"Usage: mailseal-display\n"
	"Mutt's display filter: what the pager shows, with the verdict on "
	"the sender.\n"
	"  --version, --help\n"
	"See mailseal-display(1) and mailseal-mutt(7).\n";

/* Up to HEAD_MAX bytes of standard input, at least the header block if it is
 * not longer.  How many. */
static size_t head_read(char *room)
{
	size_t len = 0;
	ssize_t got;

	while (len < HEAD_MAX && head_length(room, len) == len) {
		got = read(STDIN_FILENO, room + len, HEAD_MAX - len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		len += (size_t)got;
	}
	return len;
}

static void rest_copy(struct page *page)
{
	char room[65536];
	ssize_t got;

	while ((got = read(STDIN_FILENO, room, sizeof(room))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			break;
		page_put(page, room, (size_t)got);
	}
	page_end(page);
}

static void filter(void)
{
	static struct verdict_shown verdict;
	static struct page page;
	static char from[HEAD_VALUE_MAX], address[HEAD_VALUE_MAX];
	struct head_shown shown = { verdict.line, verdict.from };
	char *room = malloc(HEAD_MAX);
	size_t len, head;

	page.to = stdout;
	page.from = address;
	page.name = getenv("MAILSEAL_MUTT");
	if (room == NULL) {
		rest_copy(&page);
		return;
	}
	len = head_read(room);
	head = head_length(room, len);
	if (head_find(room, head, "From", from) == 1)
		head_author(from, address);
	verdict_find(room, head, getenv("MAILSEAL_VERDICT"), &verdict);
	head_print(room, head, &shown, stdout);
	page_put(&page, room + head, len - head);
	rest_copy(&page);
	if (page.opened != OPENED_NONE && opened_tell(room, head) &&
	    page.opened == OPENED_FIRST)
		opened_forget(page.name);
	free(room);
}

int main(int argc, char **argv)
{
	int null, i;

	for (i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") == 0) {
			(void)fputs(usage, stdout);
			return EXIT_SUCCESS;
		}
		if (strcmp(argv[i], "--version") == 0) {
			(void)puts("mailseal-display " MAILSEAL_VERSION);
			return EXIT_SUCCESS;
		}
		/* Others are let pass: an error would cost the message. */
	}
	null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (null >= 0)
		(void)dup2(null, STDERR_FILENO);
	(void)signal(SIGPIPE, SIG_IGN);
	filter();
	(void)fflush(stdout);
	return EXIT_SUCCESS;
}
