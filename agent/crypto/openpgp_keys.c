/* openpgp_keys.c - keys of the user's ring, and keys from elsewhere */
#include "agent/crypto/openpgp.h"

#include <string.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/base/memfile.h"
#include "agent/base/stream.h"
#include "agent/base/value.h"
#include "agent/crypto/openpgp_inside.h"
#include "agent/crypto/openpgp_report.h"
#include "agent/crypto/openpgp_strict.h"
#include "agent/crypto/openpgp_wire.h"

static bool truth_of(const struct value *dict, const char *key)
{
	const struct value *truth = value_find(dict, key, VALUE_TRUTH);

	return truth != NULL && truth->truth;
}

static void key_take(struct seal_job *job, const struct value *dict,
		     struct openpgp_key *out)
{
	memset(out, 0, sizeof(*out));
	openpgp_report_owner(job->arena, dict, &out->owner);
	out->secret = truth_of(dict, "secret");
	out->can_sign = truth_of(dict, "can_sign");
	out->can_encrypt = truth_of(dict, "can_encrypt");
	out->revoked = truth_of(dict, "revoked");
	out->expired = truth_of(dict, "expired");
	out->disabled = truth_of(dict, "disabled");
	out->created_at = value_number(dict, "created_at");
}

/* How many of the report's keys went into `out`. */
static int keys_take(struct seal_job *job, const struct value *report,
		     struct openpgp_key *out, size_t room)
{
	const struct value *list = value_find(report, "keys", VALUE_LIST);
	const struct value *dict = list == NULL ? NULL : list->first;
	size_t count = 0;

	for (; dict != NULL && count < room; dict = dict->next)
		if (dict->kind == VALUE_DICT &&
		    value_text(dict, "fingerprint") != NULL)
			key_take(job, dict, &out[count++]);
	return (int)count;
}

/* "I cannot" is no answer to whether there is a key; that there is no gpg is
 * one. */
static int no_answer(const struct openpgp_ask *ask, int r)
{
	static const char *const words[] = { "Failed", "Busy", "NoAgent" };
	size_t i;

	if (r != ERR_REFUSED || ask->failure == NULL)
		return r;
	if (strcmp(ask->failure, "NoGpg") == 0)
		return ERR_UNSUPPORTED;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(ask->failure, words[i]) == 0)
			return ERR_GONE;
	return r;
}

int openpgp_keys_find(struct seal_job *job, const char *address,
		      const char *fingerprint, enum openpgp_which which,
		      struct openpgp_key *out, size_t room)
{
	struct openpgp_ask ask = openpgp_ask_of(job, FRAME_PGP_KEYS);
	struct value *request = openpgp_request(job);
	const char *pattern = fingerprint;
	int r;

	if (address != NULL)
		pattern = arena_print(job->arena, "<%s>", address);
	value_put_text(job->arena, request, "pattern", pattern);
	value_put_text(job->arena, request, "address", address);
	value_put_truth(job->arena, request, "secret",
			which == OPENPGP_SECRET);
	ask.request = request;
	r = no_answer(&ask, openpgp_ask_run(job, &ask));
	return r < 0 ? r : keys_take(job, ask.report, out, room);
}

/* Armor and shape, then what gpg reads in it. */
int openpgp_key_read(struct seal_job *job, struct bytes blob,
		     const char *address, struct bytes *binary,
		     struct openpgp_key *out)
{
	struct openpgp_ask ask = openpgp_ask_of(job, FRAME_PGP_READ);
	struct value *request = openpgp_request(job);
	struct bytes_reader reader;
	struct source in;
	enum packet_fault fault;
	struct buf whole;
	int r;

	buf_init(&whole, OPENPGP_KEY_MAX);
	r = openpgp_strict_read(blob, PACKETS_KEY, &whole, &fault);
	if (r == 0) {
		*binary = arena_bytes(job->arena, buf_bytes(&whole));
		r = binary->data == NULL ? ERR_LIMIT : 0;
	} else if (r == ERR_SYNTAX) {
		buf_print(job->why, "The OpenPGP key cannot be used: %s.",
			  packet_fault_sentence[fault]);
	}
	buf_free(&whole);
	if (r < 0)
		return r;
	in = source_of_bytes(&reader, *binary);
	value_put_text(job->arena, request, "address", address);
	ask.request = request;
	ask.in = &in;
	r = openpgp_ask_run(job, &ask);
	if (r == 0 && keys_take(job, ask.report, out, 1) != 1) {
		buf_text(job->why, "The OpenPGP key cannot be used: GnuPG "
			 "finds no key in it.");
		r = ERR_SYNTAX;
	}
	return r;
}

int openpgp_key_export(struct seal_job *job, const char *fingerprint,
		       const char *address, struct bytes *out)
{
	struct openpgp_ask ask = openpgp_ask_of(job, FRAME_PGP_EXPORT);
	struct value *request = openpgp_request(job);
	enum packet_fault fault;
	struct buf key, whole;
	struct sink keep;
	int r;

	buf_init(&key, OPENPGP_KEY_MAX);
	buf_init(&whole, OPENPGP_KEY_MAX);
	keep = sink_of_buf(&key);
	value_put_text(job->arena, request, "key", fingerprint);
	value_put_text(job->arena, request, "address", address);
	ask.request = request;
	ask.out = &keep;
	r = openpgp_ask_run(job, &ask);
	if (r == 0)
		r = openpgp_strict_read(buf_bytes(&key), PACKETS_KEY, &whole,
					&fault);
	if (r == 0) {
		*out = arena_bytes(job->arena, buf_bytes(&whole));
		r = out->data == NULL ? ERR_LIMIT : 0;
	}
	buf_free(&key);
	buf_free(&whole);
	return r;
}
