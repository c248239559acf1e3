/* authres_deltachat.c - the results that 22 providers wrote, and forgeries
 *
 *   authres_deltachat [FOLDER]    FOLDER: else the conformance data's
 *
 * Extracts of headers: what the receiver wrote stands on top, its Received
 * field was cut out and is put back below that.  A message is accepted when a
 * believed dkim=pass or spf=pass is aligned with its From.  Counted apart, and
 * listed, is genuine mail where nothing can be believed: of servers that
 * write no results (or none here), and of servers that write them below the
 * author's fields, where anybody could. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/base/arena.h"
#include "agent/mail/domain.h"
#include "agent/mail/message.h"
#include "agent/mail/trace.h"

#define ARENA		(4 * 1024 * 1024)
#define FILE_MOST	(64 * 1024)
#define SKIPPED		77
#define IDS_MAX		3
#define WANTED_PERCENT	97

/* What a user of each would configure. */
static const struct {
	const char *receiver, *by;
	const char *ids[IDS_MAX + 1];
} receivers[] = {
	{ "aol.com", "mx.yahoo.com", { "*.yahoo.com" } },
	{ "buzon.uy", "mail.buzon.uy", { "mail.buzon.uy" } },
	{ "delta.blinzeln.de", "delta.blinzeln.de", { "delta.blinzeln.de" } },
	{ "disroot.org", "disroot.org", { "disroot.org" } },
	{ "e.email", "mail2.ecloud.global", { "*.ecloud.global" } },
	{ "fastmail.com", "mx1.messagingengine.com",
	  { "*.messagingengine.com" } },
	{ "gmail.com", "mx.google.com", { "mx.google.com" } },
	{ "gmx.de", "mx-ha.gmx.net", { "gmx.net" } },
	{ "hotmail.com", "x.mail.protection.outlook.com",
	  { "none:outlook.com" } },
	{ "icloud.com", "p00-icloudmta.me.com",
	  { "dkim-verifier.icloud.com", "spf.icloud.com",
	    "dmarc.icloud.com" } },
	{ "ik.me", "mx.infomaniak.com", { "mx.infomaniak.com" } },
	{ "mail.de", "mx.mail.de", { "*.mail.de" } },
	{ "mail.ru", "mxs.mail.ru", { "mxs.mail.ru" } },
	{ "mailo.com", "mx.mailo.com", { "mx.mailo.com", "*.mailo.com" } },
	{ "nauta.cu", "mx.nauta.cu", { "mx.nauta.cu" } },
	{ "outlook.com", "x.prod.outlook.com", { "none:outlook.com" } },
	{ "posteo.de", "mx.posteo.de", { "posteo.de" } },
	{ "riseup.net", "mx1.riseup.net", { "*.riseup.net" } },
	{ "testrun.org", "testrun.org", { "testrun.org" } },
	{ "yahoo.com", "mx.yahoo.com", { "*.yahoo.com" } },
	{ "yandex.ru", "mx.yandex.net", { "*.qloud-c.yandex.net" } },
	{ "zohomail.eu", "mx.zohomail.eu", { "mx.zohomail.eu" } },
};
#define RECEIVERS (sizeof(receivers) / sizeof(receivers[0]))

struct count {
	unsigned genuine, recognised, absent, misplaced;
	unsigned others, others_accepted;	/* their signatures are bad */
	unsigned forged, forged_accepted;
};

struct row {
	const char *receiver, *file, *from, *want;
};

static size_t receiver_find(const char *name)
{
	size_t i = 0;

	while (i < RECEIVERS && strcmp(receivers[i].receiver, name) != 0)
		i++;
	if (i == RECEIVERS) {
		(void)fprintf(stderr, "a receiver that is not known: %s\n",
			      name);
		exit(EXIT_FAILURE);
	}
	return i;
}

static struct bytes file_read(struct arena *arena, const char *folder,
			      const struct row *row)
{
	char *path = arena_print(arena, "%s/%s/%s", folder, row->receiver,
				 row->file);
	unsigned char *data = arena_alloc(arena, FILE_MOST);
	struct bytes out = { data, 0 };
	FILE *file = path == NULL ? NULL : fopen(path, "rb");

	if (file == NULL || data == NULL) {
		(void)fprintf(stderr, "cannot read %s/%s\n", row->receiver,
			      row->file);
		exit(EXIT_FAILURE);
	}
	out.len = fread(data, 1, FILE_MOST, file);
	(void)fclose(file);
	return out;
}

/* The fields that the receiver wrote, its Received, and the rest. */
static const char *with_border(struct arena *arena, struct bytes text,
			       const char *by)
{
	struct bytes rest = text, line, before;
	bool ours = true;

	while (rest.len > 0) {
		before = rest;
		(void)bytes_cut(rest, '\n', &line, &rest);
		if (line.len > 0 && !byte_is_blank(line.data[0]))
			ours = bytes_starts_nocase(line,
						   "Authentication-Results:") ||
			       bytes_starts_nocase(line, "ARC-");
		if (!ours) {
			rest = before;
			break;
		}
	}
	return arena_print(arena, "%.*sReceived: from mail.example "
			   "(mail.example [192.0.2.1]) by %s with ESMTPS id 1;"
			   " Wed, 28 Sep 2022 10:00:00 +0000\n%.*s\n\n",
			   (int)(text.len - rest.len),
			   (const char *)text.data, by, (int)rest.len,
			   (const char *)rest.data);
}

static bool is_accepted(const struct authres_believed *believed,
			const char *from)
{
	const struct authres_result *one;
	const char *domain = strrchr(from, '@') + 1;
	size_t i, j;

	for (i = 0; i < believed->count; i++)
		for (j = 0; j < believed->fields[i].count; j++) {
			one = &believed->fields[i].results[j];
			if ((strcmp(one->method, "dkim") == 0 ||
			     strcmp(one->method, "spf") == 0) &&
			    strcmp(one->result, "pass") == 0 &&
			    one->domain != NULL &&
			    strcmp(domain_registrable(one->domain),
				   domain_registrable(domain)) == 0)
				return true;
		}
	return false;
}

static void row_run(const char *folder, const struct row *row,
		    struct count *count)
{
	struct arena *arena = arena_new(ARENA);
	size_t at = receiver_find(strchr(row->receiver, '@') + 1), ids = 0;
	struct authres_believed believed;
	struct patterns relays, servers;
	struct message *message = NULL;
	struct trace trace;
	const char *text;
	bool accepted;

	while (receivers[at].ids[ids] != NULL)
		ids++;
	relays = (struct patterns){ &receivers[at].by, 1 };
	servers = (struct patterns){ receivers[at].ids, ids };
	text = with_border(arena, file_read(arena, folder, row),
			   receivers[at].by);
	if (text == NULL ||
	    message_parse(arena, bytes_of(text), &message) < 0 ||
	    trace_read(arena, message, &relays, &trace) < 0 ||
	    authres_believe(arena, message, &trace, &servers, &believed) < 0) {
		(void)fprintf(stderr, "cannot look at %s/%s\n", row->receiver,
			      row->file);
		exit(EXIT_FAILURE);
	}
	accepted = is_accepted(&believed, row->from);
	if (strncmp(row->from, "forged", 6) == 0) {
		count->forged++;
		count->forged_accepted += accepted;
		if (accepted)
			printf("ACCEPTED %s/%s\n", row->receiver, row->file);
	} else if (strcmp(row->want, "pass") != 0) {
		count->others++;
		count->others_accepted += accepted;
	} else if (believed.count == 0 && believed.forged > 0) {
		count->misplaced++;
		printf("left out, results below From: %s/%s\n", row->receiver,
		       row->file);
	} else if (believed.count == 0) {
		count->absent++;
		printf("left out, no results: %s/%s\n", row->receiver,
		       row->file);
	} else {
		count->genuine++;
		count->recognised += accepted;
		if (!accepted)
			printf("not recognised: %s/%s\n", row->receiver,
			       row->file);
	}
	arena_free(arena);
}

/* The first four columns; the line is cut up. */
static void line_run(const char *folder, char *line, struct count *count)
{
	const char *column[4];
	char *rest = line;
	size_t i;

	for (i = 0; i < 4; i++) {
		column[i] = strsep(&rest, "\t\n");
		if (column[i] == NULL)
			return;
	}
	if (strchr(column[0], '@') != NULL)
		row_run(folder, &(struct row){ column[0], column[1],
						column[2], column[3] }, count);
}

int main(int argc, char **argv)
{
	const char *folder = argc > 1 ? argv[1] :
			     MAILSEAL_CONFORMANCE_DIR "/authres_deltachat";
	struct count count;
	char path[1024], line[1024];
	FILE *file;

	memset(&count, 0, sizeof(count));
	(void)snprintf(path, sizeof(path), "%s/expected.tsv", folder);
	file = fopen(path, "rb");
	if (file == NULL) {
		printf("skipped: no data in %s\n", folder);
		return argc > 1 ? EXIT_FAILURE : SKIPPED;
	}
	domain_prepare();
	while (fgets(line, sizeof(line), file) != NULL)
		line_run(folder, line, &count);
	(void)fclose(file);
	printf("authres_deltachat: %u of %u forged accepted; %u of %u genuine "
	       "recognised; left out: %u without results, %u with results "
	       "below From; %u of %u with bad signatures by SPF alone\n",
	       count.forged_accepted, count.forged, count.recognised,
	       count.genuine, count.absent, count.misplaced,
	       count.others_accepted, count.others);
	return count.forged > 0 && count.forged_accepted == 0 &&
	       count.genuine > 0 &&
	       count.recognised * 100 >= count.genuine * WANTED_PERCENT ?
	       EXIT_SUCCESS : EXIT_FAILURE;
}
