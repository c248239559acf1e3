/* bus_many.c - CheckMany answers what Check does
 *
 *   bus_many FILE...    at most 16; judged anew each time, nothing remembered
 *                       is compared */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proto/mailseal.h"

static const struct mailseal_option again[] = {
	{ "again", NULL, MAILSEAL_TRUTH, 1 },
	{ NULL, NULL, MAILSEAL_TEXT, 0 }
};

static void end(const char *file, const char *why)
{
	(void)fprintf(stderr, "bus_many: %s: %s\n", file, why);
	exit(EXIT_FAILURE);
}

static char *json_of(const struct mailseal_report *report)
{
	char *text = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);

	if (to == NULL)
		end("", "out of memory");
	mailseal_report_json(report, NULL, to);
	(void)fclose(to);
	return text;
}

int main(int argc, char **argv)
{
	struct mailseal_report *many[MAILSEAL_MANY], *one;
	int fds[MAILSEAL_MANY], count = argc - 1, i;
	enum mailseal_status status;
	struct mailseal *mailseal;
	char why[512], *a, *b;
	size_t got = 0;

	if (count < 1 || count > MAILSEAL_MANY)
		end("", "1 to 16 files");
	mailseal = mailseal_open(&status, why, sizeof(why));
	if (mailseal == NULL)
		end("", why);
	for (i = 0; i < count; i++) {
		fds[i] = open(argv[i + 1], O_RDONLY | O_CLOEXEC);
		if (fds[i] < 0)
			end(argv[i + 1], "cannot be opened");
	}
	if (mailseal_list_end(mailseal, mailseal_check_many_start(mailseal,
				fds, (size_t)count, again),
			      many, MAILSEAL_MANY, &got, why, sizeof(why)) !=
	    MAILSEAL_OK)
		end("all", why);
	if (got != (size_t)count)
		end("all", "answers are missing");
	for (i = 0; i < count; i++) {
		if (mailseal_check_end(mailseal, mailseal_check_start(mailseal,
					fds[i], again),
				       &one, why, sizeof(why)) != MAILSEAL_OK)
			end(argv[i + 1], why);
		a = json_of(many[i]);
		b = json_of(one);
		if (strcmp(a, b) != 0) {
			(void)fprintf(stderr, "%s\n%s\n", a, b);
			end(argv[i + 1], "the answers differ");
		}
		free(a);
		free(b);
		mailseal_report_free(many[i]);
		mailseal_report_free(one);
		(void)close(fds[i]);
	}
	mailseal_close(mailseal);
	(void)printf("%d answers are the same\n", count);
	return EXIT_SUCCESS;
}
