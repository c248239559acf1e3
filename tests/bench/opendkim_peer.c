/* opendkim_peer.c - dkim_verify(), a field at a time, as a milter feeds it */
#include "tests/bench/opendkim_peer.h"

#include <sys/types.h>

#include <opendkim/dkim.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/bench/bench.h"

#define FIELDS_MAX	64

struct opendkim_peer {
	DKIM_LIB *lib;
	const struct bytes *letters;
	size_t count;
};

static const char *record;	/* the callback has no room for it */

static DKIM_STAT key_lookup(DKIM *dkim, DKIM_SIGINFO *signature,
			    unsigned char *room, size_t size)
{
	(void)dkim;
	(void)signature;
	(void)snprintf((char *)room, size, "%s", record);
	return DKIM_STAT_OK;
}

struct opendkim_peer *opendkim_peer_new(const struct bytes *letters,
					size_t count, const char *key_record)
{
	struct opendkim_peer *peer = calloc(1, sizeof(*peer));

	bench_must(peer != NULL, "no memory");
	peer->lib = dkim_init(NULL, NULL);
	bench_must(peer->lib != NULL, "no libopendkim");
	bench_must(dkim_set_key_lookup(peer->lib, key_lookup) ==
		   DKIM_STAT_OK, "no key lookup");
	peer->letters = letters;
	peer->count = count;
	record = key_record;
	return peer;
}

void opendkim_peer_free(struct opendkim_peer *peer)
{
	dkim_close(peer->lib);
	free(peer);
}

/* libopendkim takes unsigned char * that it does not write to. */
static unsigned char *unsaid(struct bytes bytes)
{
	unsigned char *out;

	memcpy(&out, &bytes.data, sizeof(out));
	return out;
}

static struct bytes feed_header(DKIM *dkim, struct bytes rest)
{
	size_t end, at;

	while (rest.len > 0 && rest.data[0] != '\r') {
		for (at = 0;; at = end + 1) {	/* to the end of its folds */
			end = at + bytes_find(bytes_slice(rest, at, rest.len),
					      '\n');
			if (end + 1 >= rest.len ||
			    !byte_is_blank(rest.data[end + 1]))
				break;
		}
		bench_must(dkim_header(dkim, unsaid(rest), end - 1) ==
			   DKIM_STAT_OK, "libopendkim: a field");
		rest = bytes_slice(rest, end + 1, rest.len);
	}
	return bytes_slice(rest, 2, rest.len);
}

void opendkim_peer_run(void *ctx, size_t nth)
{
	struct opendkim_peer *peer = ctx;
	struct bytes rest = peer->letters[nth % peer->count];
	DKIM_STAT status;
	DKIM *dkim;

	dkim = dkim_verify(peer->lib, (const unsigned char *)"bench", NULL,
			   &status);
	bench_must(dkim != NULL, "libopendkim: no handle");
	rest = feed_header(dkim, rest);
	bench_must(dkim_eoh(dkim) == DKIM_STAT_OK, "libopendkim: header");
	bench_must(dkim_body(dkim, unsaid(rest), rest.len) == DKIM_STAT_OK &&
		   dkim_eom(dkim, NULL) == DKIM_STAT_OK,
		   "libopendkim: no pass");
	(void)dkim_free(dkim);
}
