/* bus_submit.c - Submit with an id of one's own; the receipt as JSON
 *
 *	bus_submit [-w SECONDS] FILE ID RECIPIENT... */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proto/mailseal.h"

int main(int argc, char **argv)
{
	enum mailseal_status status = MAILSEAL_REFUSED;
	struct mailseal_report *receipt = NULL;
	struct mailseal *mailseal;
	char why[512] = "usage";
	int64_t wait = 60;
	int fd;

	if (argc > 2 && strcmp(argv[1], "-w") == 0) {
		wait = strtoll(argv[2], NULL, 10);
		argc -= 2;
		argv += 2;
	}
	if (argc < 4)
		return EXIT_FAILURE;
	mailseal = mailseal_open(&status, why, sizeof(why));
	fd = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (mailseal != NULL && fd >= 0) {
		const struct mailseal_option options[] = {
			{ "id", argv[2], MAILSEAL_TEXT, 0 },
			{ "wait", NULL, MAILSEAL_NUMBER, wait },
			{ NULL, NULL, MAILSEAL_TEXT, 0 }
		};

		status = mailseal_submit(mailseal, fd, "",
					 (const char *const *)argv + 3,
					 options, &receipt, why, sizeof(why));
	}
	if (status == MAILSEAL_OK) {
		mailseal_report_json(receipt, NULL, stdout);
		(void)putchar('\n');
	} else {
		(void)printf("%s\n", why);
	}
	mailseal_report_free(receipt);
	mailseal_close(mailseal);
	if (fd >= 0)
		(void)close(fd);
	return status == MAILSEAL_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
