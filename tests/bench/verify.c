/* verify.c - how fast the sender of a message is verified, on one core
 *
 *   verify [--smoke | --profile NAME ROW SECONDS]
 *
 * Messages of 2 kB, 20 kB and 2 MB, RSA-2048 and Ed25519, keys and policies
 * warm: the raw OpenSSL primitives, DKIM in the reader's code, a whole check
 * (DKIM, SPF, DMARC, verdict), and libopendkim where it was there at build
 * time.  Design 15 has the goals.  --smoke: a few messages of each, to see
 * that it works; its numbers mean nothing.  --profile: "dkim" or "check" of
 * that row (0 the first) with RSA alone, for a profiler to look at. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/bench.h"
#include "tests/bench/ours.h"
#include "tests/bench/raw.h"
#ifdef WITH_OPENDKIM
#include "tests/bench/opendkim_peer.h"
#endif

enum ends { ENDS_CRLF, ENDS_LF };	/* libopendkim takes CRLF alone */

struct size {
	const char *name;
	size_t octets, letters;
	double goal_rsa, goal_ed;	/* of design 15, times raw */
	enum ends ends;
};

static const struct size sizes[] = {
	{ "2 kB", 2048, 32, 2.0, 1.4, ENDS_CRLF },
	{ "20 kB", 20 * 1024, 32, 1.7, 1.4, ENDS_CRLF },
	{ "2 MB", 2 * 1024 * 1024, 4, 1.5, 1.4, ENDS_CRLF },
	{ "2 MB as in a Maildir (LF)", 2 * 1024 * 1024, 4, 1.5, 1.4, ENDS_LF },
};

#define SIZES	(sizeof(sizes) / sizeof(sizes[0]))

static void row(const struct bench_rules *rules, const struct size *size,
		enum dkim_lab_kind kind, const struct dkim_lab_key *key)
{
	char *record = dkim_lab_key_record(key);
	char *p = dkim_lab_key_p(key, DKIM_LAB_SPKI);
	static struct letters letters;
	struct contender list[4];
	struct raw *raw;
	struct ours *ours;
	char title[128];
	size_t count = 0;
#ifdef WITH_OPENDKIM
	struct opendkim_peer *peer = NULL;
#endif

	memset(list, 0, sizeof(list));
	letters_write(&letters, key, size->octets, size->letters);
	if (size->ends == ENDS_LF)
		letters_as_kept(&letters);
	raw = raw_new(&letters, kind, p);
	ours = ours_new(&letters, record);
	list[count++] = (struct contender){ "raw hash and verify", raw_run,
					    raw, 0, 0, 0 };
	list[count++] = (struct contender){ "mailseal DKIM", ours_dkim, ours,
					    0, 0, 0 };
	list[count++] = (struct contender){ "mailseal whole check",
					    ours_check, ours, 0, 0, 0 };
#ifdef WITH_OPENDKIM
	if (size->ends == ENDS_CRLF) {
		peer = opendkim_peer_new(letters.list, letters.count, record);
		list[count++] = (struct contender){ "libopendkim DKIM",
						    opendkim_peer_run, peer,
						    0, 0, 0 };
	}
#endif
	bench_run(rules, list, count);
	(void)snprintf(title, sizeof(title), "%s, %s", size->name,
		       kind == DKIM_LAB_RSA ? "RSA-2048" : "Ed25519");
	bench_print(title, list, count);
	printf("goal for mailseal DKIM: at most %.1f times raw; it is %.2f\n",
	       kind == DKIM_LAB_RSA ? size->goal_rsa : size->goal_ed,
	       list[1].us / list[0].us);
#ifdef WITH_OPENDKIM
	if (peer != NULL)
		opendkim_peer_free(peer);
#endif
	ours_free(ours);
	raw_free(raw);
	letters_free(&letters);
	free(record);
	free(p);
}

static int profile(const char *what, const struct size *size, double seconds)
{
	struct dkim_lab_key *key = dkim_lab_key_new(DKIM_LAB_RSA, 2048);
	char *record = dkim_lab_key_record(key);
	static struct letters letters;
	struct ours *ours;
	double end;
	size_t i;

	letters_write(&letters, key, size->octets, size->letters);
	if (size->ends == ENDS_LF)
		letters_as_kept(&letters);
	ours = ours_new(&letters, record);
	end = bench_cpu_ms() + seconds * 1e3;
	for (i = 0; bench_cpu_ms() < end; i++)
		if (strcmp(what, "dkim") == 0)
			ours_dkim(ours, i);
		else
			ours_check(ours, i);
	printf("%zu messages\n", i);
	ours_free(ours);
	letters_free(&letters);
	free(record);
	dkim_lab_key_free(key);
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	bool smoke = argc > 1 && strcmp(argv[1], "--smoke") == 0;
	const struct bench_rules rules = { smoke ? 1 : 9, smoke ? 0.1 : 60 };
	struct dkim_lab_key *rsa, *ed;
	size_t i;

	if (argc == 5 && strcmp(argv[1], "--profile") == 0 &&
	    (i = strtoul(argv[3], NULL, 10)) < SIZES)
		return profile(argv[2], &sizes[i], strtod(argv[4], NULL));
	rsa = dkim_lab_key_new(DKIM_LAB_RSA, 2048);
	ed = dkim_lab_key_new(DKIM_LAB_ED25519, 0);
	for (i = 0; i < SIZES; i++)
		row(&rules, &sizes[i], DKIM_LAB_RSA, rsa);
	for (i = 0; i < SIZES; i++)
		row(&rules, &sizes[i], DKIM_LAB_ED25519, ed);
	dkim_lab_key_free(rsa);
	dkim_lab_key_free(ed);
	return EXIT_SUCCESS;
}
