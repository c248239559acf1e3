/* submit_client.c - mails submitted one by one over the bus, without programs
 *
 *	bench_submit FILE RECIPIENT COUNT
 *
 * Prints milliseconds of a mail: median, worst, and the mean.  Each call waits
 * until the server has the mail. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "proto/mailseal.h"

#define COUNT_MAX 100000

static void end(const char *why)
{
	(void)fprintf(stderr, "bench_submit: %s\n", why);
	exit(EXIT_FAILURE);
}

static double now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* One mail; fails unless the server took it. */
static void submit(struct mailseal *mailseal, const char *file,
		   const char *recipient)
{
	const char *const recipients[] = { recipient, NULL };
	struct mailseal_report *receipt = NULL;
	enum mailseal_status status;
	const char *result;
	char why[512] = "";
	int fd = open(file, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		end("the mail cannot be opened");
	status = mailseal_submit(mailseal, fd, "", recipients, NULL, &receipt,
				 why, sizeof(why));
	(void)close(fd);
	if (status != MAILSEAL_OK)
		end(why);
	result = mailseal_report_text(receipt, "status");
	if (result == NULL || strcmp(result, "sent") != 0)
		end("a mail was not sent");
	mailseal_report_free(receipt);
}

int main(int argc, char **argv)
{
	enum mailseal_status status;
	struct mailseal *mailseal;
	double *took, start, all;
	char why[512];
	long count, i;

	count = argc == 4 ? strtol(argv[3], NULL, 10) : 0;
	if (count < 1 || count > COUNT_MAX)
		end("usage: bench_submit FILE RECIPIENT COUNT");
	took = calloc((size_t)count, sizeof(*took));
	mailseal = mailseal_open(&status, why, sizeof(why));
	if (took == NULL || mailseal == NULL)
		end(took == NULL ? "out of memory" : why);
	all = now_ms();
	for (i = 0; i < count; i++) {
		start = now_ms();
		submit(mailseal, argv[1], argv[2]);
		took[i] = now_ms() - start;
	}
	all = now_ms() - all;
	qsort(took, (size_t)count, sizeof(*took), compare);
	(void)printf("%.1f %.1f %.1f\n", took[count / 2], took[count - 1],
		     all / (double)count);
	free(took);
	mailseal_close(mailseal);
	return EXIT_SUCCESS;
}
