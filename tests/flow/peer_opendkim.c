/* peer_opendkim.c - dkim_verify() with keys from a table */
#include "tests/flow/peer_opendkim.h"

#include <sys/types.h>

#include <opendkim/dkim.h>
#include <stdio.h>
#include <stdlib.h>

static DKIM_LIB *library;
static peer_key *key_of;	/* the callback has no room for it */

static DKIM_STAT key_lookup(DKIM *dkim, DKIM_SIGINFO *signature,
			    unsigned char *room, size_t size)
{
	const char *record;

	(void)dkim;
	record = key_of((const char *)dkim_sig_getselector(signature),
			(const char *)dkim_sig_getdomain(signature));
	if (record == NULL)
		return DKIM_STAT_NOKEY;
	(void)snprintf((char *)room, size, "%s", record);
	return DKIM_STAT_OK;
}

/* libopendkim takes unsigned char * that it does not write to. */
static unsigned char *unsaid(struct bytes bytes)
{
	unsigned char *out;

	memcpy(&out, &bytes.data, sizeof(out));
	return out;
}

static bool feed_header(DKIM *dkim, struct bytes *rest)
{
	size_t end, at;

	while (rest->len > 0 && !bytes_starts(*rest, "\r\n")) {
		for (at = 0;; at = end + 1) {	/* to the end of its folds */
			end = at + bytes_find(bytes_slice(*rest, at,
							  rest->len), '\n');
			if (end + 1 >= rest->len ||
			    !byte_is_blank(rest->data[end + 1]))
				break;
		}
		if (end == 0 || end >= rest->len ||
		    dkim_header(dkim, unsaid(*rest), end - 1) != DKIM_STAT_OK)
			return false;
		*rest = bytes_slice(*rest, end + 1, rest->len);
	}
	*rest = bytes_slice(*rest, 2, rest->len);
	return true;
}

bool peer_opendkim(struct bytes message, peer_key *key)
{
	struct bytes rest = message;
	DKIM_STAT status;
	bool pass = false;
	DKIM *dkim;

	if (library == NULL)
		library = dkim_init(NULL, NULL);
	if (library == NULL ||
	    dkim_set_key_lookup(library, key_lookup) != DKIM_STAT_OK)
		abort();
	key_of = key;
	dkim = dkim_verify(library, (const unsigned char *)"peer", NULL,
			   &status);
	if (dkim == NULL)
		abort();
	if (feed_header(dkim, &rest) && dkim_eoh(dkim) == DKIM_STAT_OK &&
	    (rest.len == 0 ||
	     dkim_body(dkim, unsaid(rest), rest.len) == DKIM_STAT_OK))
		pass = dkim_eom(dkim, NULL) == DKIM_STAT_OK;
	(void)dkim_free(dkim);
	return pass;
}
