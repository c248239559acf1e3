/* bus_verify.c - checks over the bus, warm: one by one, many under way, and
 * by CheckMany
 *
 *   bus_verify FILE COUNT      FILE: a message whose domain the desk knows
 *   bus_verify FILE COUNT one | many | kept    that alone, for a profiler
 *
 * Asks for the agent on the session bus (tests/bench/bus.sh makes one).  The
 * floor is a Check of a file that is no message: bus and channel there and
 * back, and no mail read.  Every message is a new one, by a field that nobody
 * signed on top; DNS is warm.  What is remembered is asked for once more. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "proto/mailseal.h"

#define UNDER_WAY	32
#define CALLS		4	/* CheckMany calls under way */

/* The message, and how many were made of it. */
struct letters {
	char *text;
	size_t len;
	unsigned made;
	const char *verdict;
};

static void must(int fine, const char *what)
{
	if (fine)
		return;
	(void)fprintf(stderr, "bus_verify: %s\n", what);
	exit(EXIT_FAILURE);
}

static double now_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int sealed(const char *data, size_t len)
{
	int fd = memfd_create("bench", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	must(fd >= 0 && write(fd, data, len) == (ssize_t)len &&
	     fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK |
		   F_SEAL_GROW) == 0, "no memfd");
	return fd;
}

/* A new one; "" stays what it is. */
static int letter_make(struct letters *letters)
{
	size_t room = letters->len + 64;
	char *text = malloc(room);
	int fd, len = 0;

	must(text != NULL, "no memory");
	if (letters->len > 1)
		len = snprintf(text, room, "X-Bench: %u\r\n",
			       letters->made++);
	memcpy(text + len, letters->text, letters->len);
	fd = sealed(text, (size_t)len + letters->len);
	free(text);
	return fd;
}

static void letters_read(struct letters *letters, const char *path)
{
	static char data[4 * 1024 * 1024];
	FILE *file = fopen(path, "rb");

	must(file != NULL, "the message cannot be read");
	letters->text = data;
	letters->len = fread(data, 1, sizeof(data), file);
	letters->verdict = "genuine";
	(void)fclose(file);
}

static void end_one(struct mailseal *mailseal,
		    struct mailseal_pending *pending, const char *verdict)
{
	struct mailseal_report *report;
	char why[256];

	must(mailseal_check_end(mailseal, pending, &report, why,
				sizeof(why)) == MAILSEAL_OK, why);
	must(strcmp(mailseal_report_text(report, "verdict"), verdict) == 0,
	     "another verdict");
	mailseal_report_free(report);
}

static struct mailseal_pending *start_one(struct mailseal *mailseal,
					  struct letters *letters)
{
	int message = letter_make(letters);
	struct mailseal_pending *pending = mailseal_check_start(mailseal,
							message, NULL);

	(void)close(message);
	return pending;
}

static double one_by_one(struct mailseal *mailseal, struct letters *letters,
			 unsigned count)
{
	double start = now_us();
	unsigned i;

	for (i = 0; i < count; i++)
		end_one(mailseal, start_one(mailseal, letters),
			letters->verdict);
	return (now_us() - start) / count;
}

static double under_way(struct mailseal *mailseal, struct letters *letters,
			unsigned count)
{
	struct mailseal_pending *list[UNDER_WAY] = { NULL };
	double start = now_us();
	unsigned i;

	for (i = 0; i < count + UNDER_WAY; i++) {
		if (list[i % UNDER_WAY] != NULL)
			end_one(mailseal, list[i % UNDER_WAY],
				letters->verdict);
		list[i % UNDER_WAY] = i < count ?
			start_one(mailseal, letters) : NULL;
	}
	return (now_us() - start) / count;
}

static void end_many(struct mailseal *mailseal,
		     struct mailseal_pending *pending, const char *verdict)
{
	struct mailseal_report *reports[MAILSEAL_MANY];
	char why[256];
	size_t got, i;

	must(mailseal_list_end(mailseal, pending, reports, MAILSEAL_MANY, &got,
			       why, sizeof(why)) == MAILSEAL_OK, why);
	must(got == MAILSEAL_MANY, "too few answers");
	for (i = 0; i < got; i++) {
		must(strcmp(mailseal_report_text(reports[i], "verdict"),
			    verdict) == 0, "another verdict");
		mailseal_report_free(reports[i]);
	}
}

static struct mailseal_pending *start_many(struct mailseal *mailseal,
					   struct letters *letters)
{
	struct mailseal_pending *pending;
	int messages[MAILSEAL_MANY];
	unsigned i;

	for (i = 0; i < MAILSEAL_MANY; i++)
		messages[i] = letter_make(letters);
	pending = mailseal_check_many_start(mailseal, messages, MAILSEAL_MANY,
					    NULL);
	for (i = 0; i < MAILSEAL_MANY; i++)
		(void)close(messages[i]);
	return pending;
}

static double many(struct mailseal *mailseal, struct letters *letters,
		   unsigned count)
{
	struct mailseal_pending *list[CALLS] = { NULL };
	double start = now_us();
	unsigned i;

	for (i = 0; i < count + CALLS; i++) {
		if (list[i % CALLS] != NULL)
			end_many(mailseal, list[i % CALLS], letters->verdict);
		list[i % CALLS] = i < count ? start_many(mailseal, letters) :
					      NULL;
	}
	return (now_us() - start) / count / MAILSEAL_MANY;
}

static void print(const char *what, double us, double floor_us)
{
	printf("%-34s %10.1f us %12.0f a second", what, us, 1e6 / us);
	if (floor_us > 0)
		printf(" %10.1f us over the floor", us - floor_us);
	printf("\n");
}

static int alone(struct mailseal *mailseal, struct letters *letters,
		 unsigned count, const char *what)
{
	double took;

	if (strcmp(what, "many") == 0) {
		took = many(mailseal, letters, count / MAILSEAL_MANY);
	} else if (strcmp(what, "one") == 0) {
		took = one_by_one(mailseal, letters, count);
	} else {
		must(strcmp(what, "kept") == 0, "one, many or kept?");
		(void)many(mailseal, letters, count / MAILSEAL_MANY);
		letters->made = 0;
		took = many(mailseal, letters, count / MAILSEAL_MANY);
	}
	print(what, took, 0);
	mailseal_close(mailseal);
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	double took, floor_us = 0, fresh = 0, kept = 0;
	struct letters letters, nothing = { (char[]){ 'x', 0 }, 1, 0,
					    "suspicious" };
	enum mailseal_status status;
	struct mailseal *mailseal;
	unsigned count, before;
	char why[256];
	int round;

	must(argc == 3 || argc == 4, "name a message and how many");
	count = (unsigned)strtoul(argv[2], NULL, 10);
	memset(&letters, 0, sizeof(letters));
	letters_read(&letters, argv[1]);
	mailseal = mailseal_open(&status, why, sizeof(why));
	must(mailseal != NULL, why);
	if (argc == 4)
		return alone(mailseal, &letters, count, argv[3]);
	(void)one_by_one(mailseal, &letters, 20);	/* warm */
	/* In turns: the machine is not ours alone. */
	for (round = 0; round < 5; round++) {
		took = one_by_one(mailseal, &nothing, count);
		floor_us = round == 0 || took < floor_us ? took : floor_us;
		before = letters.made;
		took = one_by_one(mailseal, &letters, count);
		fresh = round == 0 || took < fresh ? took : fresh;
		letters.made = before;
		took = one_by_one(mailseal, &letters, count);
		kept = round == 0 || took < kept ? took : kept;
	}
	print("no message, one by one", floor_us, 0);
	print("new ones, one by one", fresh, floor_us);
	print("remembered ones, one by one", kept, floor_us);
	print("new ones, 32 under way",
	      under_way(mailseal, &letters, 4 * count), 0);
	print("new ones, CheckMany, 4 under way",
	      many(mailseal, &letters, count / 2), 0);
	mailseal_close(mailseal);
	return EXIT_SUCCESS;
}
