/* verify.c - how fast the sender of a message is verified, on one core
 *
 *   verify [--svg FILE | --smoke | --profile NAME ROW SECONDS]
 *
 * Messages of 2 kB, 20 kB and 2 MB, RSA-2048 and Ed25519, keys and policies
 * warm: the raw OpenSSL primitives, DKIM in the reader's code, a whole check
 * (DKIM, SPF, DMARC, verdict), and peers: libopendkim where it was there at
 * build time, dkimpy, rspamd, and npm's mailauth where NODE_PATH finds it.
 * --svg: the table as a picture, too.  --smoke: a few messages of each, to see
 * that it works; its numbers mean nothing.  --profile: "dkim" or "check" of
 * that row (0 the first) with RSA alone, for a profiler to look at. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/bench.h"
#include "tests/bench/ours.h"
#include "tests/bench/plot.h"
#include "tests/bench/process_peer.h"
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

static struct plot *plot;		/* NULL: none is wanted */
static bool with_peers = true;		/* that are programs */

static const struct size sizes[] = {
	{ "2 kB", 2048, 32, 2.0, 1.4, ENDS_CRLF },
	{ "20 kB", 20 * 1024, 32, 1.7, 1.4, ENDS_CRLF },
	{ "2 MB", 2 * 1024 * 1024, 4, 1.5, 1.4, ENDS_CRLF },
	{ "2 MB as in a Maildir (LF)", 2 * 1024 * 1024, 4, 1.5, 1.4, ENDS_LF },
};

#define PYTHON	"/usr/bin/python3"	/* Debian's, which has dkimpy */
#define SIZES	(sizeof(sizes) / sizeof(sizes[0]))

/* Who is measured beside us, where it is here. */
static const struct process {
	const char *name, *probe, *run, *what;
} processes[] = {
	{ "mailauth DKIM",
	  "node -e \"require('mailauth/lib/dkim/verify')\" 2>/dev/null",
	  "node '" BENCH_DIR "/peer_mailauth.js'", "dkim" },
	{ "mailauth whole check",
	  "node -e \"require('mailauth/lib/dmarc')\" 2>/dev/null",
	  "node '" BENCH_DIR "/peer_mailauth.js'", "check" },
	{ "dkimpy DKIM", PYTHON " -c 'import dkim' 2>/dev/null",
	  PYTHON " '" BENCH_DIR "/peer_python.py'", "dkim" },
	{ "rspamd whole check", "command -v rspamd >/dev/null",
	  PYTHON " '" BENCH_DIR "/peer_rspamd.py'", "check" },
};
#define PROCESSES (sizeof(processes) / sizeof(processes[0]))

struct row {
	const struct letters *letters;
	const char *record;
	struct contender list[BENCH_ROWS_MAX];
	size_t count;
#ifdef WITH_OPENDKIM
	struct opendkim_peer *opendkim;
#endif
	struct process_peer *processes[PROCESSES];
};

static void row_add(struct row *row, const char *name,
		    void (*run)(void *ctx, size_t nth), void *ctx)
{
	row->list[row->count++] = (struct contender){ .name = name,
						       .run = run,
						       .ctx = ctx };
}

/* Peers take CRLF alone. */
static void peers_add(struct row *row)
{
	struct process_peer *peer;
	size_t i;

#ifdef WITH_OPENDKIM
	row->opendkim = opendkim_peer_new(row->letters->list,
					  row->letters->count, row->record);
	row_add(row, "libopendkim DKIM", opendkim_peer_run, row->opendkim);
#endif
	for (i = 0; i < PROCESSES && with_peers; i++) {
		peer = process_peer_new(processes[i].probe, processes[i].run,
					processes[i].what, row->letters,
					row->record);
		row->processes[i] = peer;
		if (peer == NULL)
			continue;
		row_add(row, processes[i].name, NULL, peer);
		row->list[row->count - 1].many = process_peer_many;
	}
}

static void peers_free(struct row *row)
{
	size_t i;

#ifdef WITH_OPENDKIM
	if (row->opendkim != NULL)
		opendkim_peer_free(row->opendkim);
#endif
	for (i = 0; i < PROCESSES; i++)
		process_peer_free(row->processes[i]);
}

static void row(const struct bench_rules *rules, const struct size *size,
		enum dkim_lab_kind kind, const struct dkim_lab_key *key)
{
	char *record = dkim_lab_key_record(key);
	char *p = dkim_lab_key_p(key, DKIM_LAB_SPKI);
	static struct letters letters;
	struct row row;
	struct raw *raw;
	struct ours *ours;
	char title[128];

	memset(&row, 0, sizeof(row));
	letters_write(&letters, key, size->octets, size->letters);
	if (size->ends == ENDS_LF)
		letters_as_kept(&letters);
	row.letters = &letters;
	row.record = record;
	raw = raw_new(&letters, kind, p);
	ours = ours_new(&letters, record);
	row_add(&row, "raw hash and verify", raw_run, raw);
	row_add(&row, "mailseal DKIM", ours_dkim, ours);
	row_add(&row, "mailseal whole check", ours_check, ours);
	if (size->ends == ENDS_CRLF)
		peers_add(&row);
	bench_run(rules, row.list, row.count);
	(void)snprintf(title, sizeof(title), "%s, %s", size->name,
		       kind == DKIM_LAB_RSA ? "RSA-2048" : "Ed25519");
	bench_print(title, row.list, row.count);
	if (plot != NULL)
		plot_add(plot, title, row.list, row.count);
	printf("goal for mailseal DKIM: at most %.1f times raw; it is %.2f\n",
	       kind == DKIM_LAB_RSA ? size->goal_rsa : size->goal_ed,
	       row.list[1].us / row.list[0].us);
	peers_free(&row);
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
	with_peers = !smoke;
	if (argc == 3 && strcmp(argv[1], "--svg") == 0)
		plot = plot_new("How fast the sender of a message is "
				"verified");
	rsa = dkim_lab_key_new(DKIM_LAB_RSA, 2048);
	ed = dkim_lab_key_new(DKIM_LAB_ED25519, 0);
	for (i = 0; i < SIZES; i++)
		row(&rules, &sizes[i], DKIM_LAB_RSA, rsa);
	for (i = 0; i < SIZES; i++)
		row(&rules, &sizes[i], DKIM_LAB_ED25519, ed);
	if (plot != NULL)
		plot_write(plot, argv[2]);
	dkim_lab_key_free(rsa);
	dkim_lab_key_free(ed);
	return EXIT_SUCCESS;
}
