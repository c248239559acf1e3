/* seal_client.c - signatures over the bus beside OpenSSL's own, in turns
 *
 *   bench_seal ENTITY ROUNDS SECONDS NAME=KEY.pem:ADDRESS...
 *
 * For each key: OpenSSL's own signature of the text in this process;
 * Entity1.Sign of ENTITY over the bus by the key of ADDRESS, one after the
 * other; and with WINDOW calls under way.  Microseconds of wall-clock time, the
 * best of ROUNDS of SECONDS each: what else the machine does can only add.
 * Then what one octet costs from one waiting process to another, of which a
 * signature alone makes HOPS: by that much machines differ most. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/pem.h>

#include "proto/mailseal.h"

#define WINDOW	16
/* Client, bus, front, sender, its worker, keeper; and back, past the fourth. */
#define HOPS	9
#define HOP_TURNS 5000

struct row {
	const char *name, *address;
	EVP_PKEY *key;
	struct mailseal *mailseal;
	int entity;
};

static void die(const char *what)
{
	(void)fprintf(stderr, "bench_seal: %s\n", what);
	exit(EXIT_FAILURE);
}

static double now_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static void raw(const struct row *row)
{
	static const char text[] = "as much as the signed attributes of a "
		"message have, which is a hundred bytes or a little more";
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	unsigned char made[1024];
	size_t len = sizeof(made);

	if (EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, row->key) !=
	    1 || EVP_DigestSign(context, made, &len,
				(const unsigned char *)text, sizeof(text)) != 1)
		die("no signature");
	EVP_MD_CTX_free(context);
}

static struct mailseal_pending *ask(const struct row *row)
{
	const struct mailseal_option options[] = {
		{ "scheme", "smime", MAILSEAL_TEXT, 0 },
		{ "sender", row->address, MAILSEAL_TEXT, 0 },
		{ NULL, NULL, MAILSEAL_TEXT, 0 }
	};

	return mailseal_entity_sign_start(row->mailseal, row->entity, options);
}

static void take(const struct row *row, struct mailseal_pending *pending)
{
	struct mailseal_report *report = NULL;
	char why[1024] = "no answer";
	int content = -1;

	if (mailseal_content_end(row->mailseal, pending, &content, &report,
				 why, sizeof(why)) != MAILSEAL_OK)
		die(why);
	(void)close(content);
	mailseal_report_free(report);
}

static void bus(const struct row *row)
{
	take(row, ask(row));
}

/* One more is always under way. */
static double batched(const struct row *row, double for_us)
{
	struct mailseal_pending *pending[WINDOW];
	double start = now_us(), end = start + for_us;
	unsigned count = 0, i;

	for (i = 0; i < WINDOW; i++)
		pending[i] = ask(row);
	for (i = 0; now_us() < end; i = (i + 1) % WINDOW, count++) {
		take(row, pending[i]);
		pending[i] = ask(row);
	}
	for (i = 0; i < WINDOW; i++, count++)
		take(row, pending[i]);
	return (now_us() - start) / count;
}

static double alone(const struct row *row, void (*what)(const struct row *),
		    double for_us)
{
	double start = now_us(), now = start;
	unsigned count = 0;

	while (now < start + for_us || count == 0) {
		what(row);
		count++;
		now = now_us();
	}
	return (now - start) / count;
}

static void least(double *best, double value)
{
	if (*best == 0 || value < *best)
		*best = value;
}

static void measure(const struct row *row, unsigned rounds, double for_us)
{
	double own = 0, one = 0, many = 0;
	unsigned i;

	bus(row);			/* whoever has to start does it now */
	for (i = 0; i < rounds; i++) {
		least(&own, alone(row, raw, for_us));
		least(&one, alone(row, bus, for_us));
		least(&many, batched(row, for_us));
	}
	(void)printf("%-9s %9.1f %9.0f %9.1f %9.1f %8.2f %9.1f %9.1f %8.2f "
		     "%9.0f\n", row->name, own, 1e6 / own, one, one - own,
		     own / one, many, many - own, own / many, 1e6 / many);
	(void)fflush(stdout);
}

/* Sends back what comes, until there is no more. */
static void echo(int fd)
{
	char octet;

	while (read(fd, &octet, 1) == 1)
		if (write(fd, &octet, 1) != 1)
			break;
	_exit(EXIT_SUCCESS);
}

static void hops(void)
{
	char octet = 0;
	double start, hop;
	int ends[2], i;
	pid_t other;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		die("no socket");
	other = fork();
	if (other < 0)
		die("no process");
	if (other == 0) {
		(void)close(ends[0]);
		echo(ends[1]);
	}
	(void)close(ends[1]);
	start = now_us();
	for (i = 0; i < HOP_TURNS; i++)
		if (write(ends[0], &octet, 1) != 1 ||
		    read(ends[0], &octet, 1) != 1)
			die("no echo");
	hop = (now_us() - start) / HOP_TURNS / 2;
	(void)close(ends[0]);
	(void)waitpid(other, NULL, 0);
	(void)printf("one hop between processes %.1f us, %d of them %.0f us\n",
		     hop, HOPS, HOPS * hop);
}

static void row_read(struct row *row, char *word)
{
	char *path = strchr(word, '='), *address;
	FILE *file;

	if (path == NULL || (address = strchr(path, ':')) == NULL)
		die(word);
	*path++ = '\0';
	*address++ = '\0';
	file = fopen(path, "r");
	row->name = word;
	row->address = address;
	row->key = file == NULL ? NULL : PEM_read_PrivateKey(file, NULL, NULL,
							     NULL);
	if (row->key == NULL)
		die(path);
	(void)fclose(file);
}

int main(int argc, char **argv)
{
	enum mailseal_status status;
	struct row row;
	char why[512] = "usage";
	int i;

	if (argc < 5)
		die(why);
	row.mailseal = mailseal_open(&status, why, sizeof(why));
	if (row.mailseal == NULL)
		die(why);
	row.entity = open(argv[1], O_RDONLY | O_CLOEXEC);
	(void)printf("%-9s %9s %9s %9s %9s %8s %9s %9s %8s %9s\n", "over bus",
		     "raw us", "a second", "alone us", "added", "share",
		     "batched", "added", "share", "a second");
	for (i = 4; i < argc; i++) {
		row_read(&row, argv[i]);
		measure(&row, (unsigned)strtoul(argv[2], NULL, 10),
			strtod(argv[3], NULL) * 1e6);
		EVP_PKEY_free(row.key);
	}
	hops();
	(void)close(row.entity);
	mailseal_close(row.mailseal);
	return EXIT_SUCCESS;
}
