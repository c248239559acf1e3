/* learn.c - certificates and keys that came with mail, or were proven
 *
 * They come from roles that read what strangers wrote: form and length are
 * checked here and in the store, and the fingerprint is made here.  A new one
 * stands beside those that there are. */
#include <string.h>

#include "agent/base/clock.h"
#include "agent/base/log.h"
#include "agent/base/value.h"
#include "agent/flow/identity.h"
#include "agent/roles/front/front.h"
#include "agent/roles/hex.h"
#include "agent/store/certificate.h"
#include "agent/store/judgement.h"
#include "agent/store/opened.h"
#include "agent/store/signer.h"
#include "agent/store/store.h"

#define BLOB_MAX	(VALUE_TEXT_MAX / 2)
#define READS_MAX	255

enum blob_kind { BLOB_CERTIFICATE, BLOB_KEY };

static bool is_address(const char *text)
{
	const char *at = text == NULL ? NULL : strrchr(text, '@');
	size_t i;

	if (at == NULL || at == text || at[1] == '\0')
		return false;
	for (i = 0; text[i] != '\0'; i++)
		if ((unsigned char)text[i] < 0x21 || text[i] == 0x7f)
			return false;
	return true;
}

/* False: it is not what it should be, or no hexadecimal. */
static bool blob_read(const char *hex, enum blob_kind kind,
		      unsigned char *room, struct bytes *out)
{
	size_t len = hex == NULL ? 0 : strlen(hex) / 2;

	if (len == 0 || len > BLOB_MAX || !hex_read(hex, room, len))
		return false;
	out->data = room;
	out->len = len;
	return kind == BLOB_CERTIFICATE ? room[0] == CERTIFICATE_DER_TAG :
					  (room[0] & 0x80) != 0;
}

static void keep(struct front *front, struct certificate_kept *kept,
		 const char *hex, enum blob_kind kind)
{
	unsigned char room[BLOB_MAX];

	if (front->store == NULL)
		return;
	kept->first_seen = kept->last_seen = clock_wall();
	if (is_address(kept->address) &&
	    blob_read(hex, kind, room, &kept->der) &&
	    identity_sum(room, kept->der.len, kept->fingerprint) == 0 &&
	    certificate_put(front->store, kept) == 0)
		memory_wrote(front);
	else
		log_line(LOG_LEVEL_WARNING, "a %s that came with mail or DNS "
			 "could not be kept", kind == BLOB_CERTIFICATE ?
			 "certificate" : "key");
}

static bool is(const struct value *dict, const char *key, const char *wanted)
{
	const char *text = value_text(dict, key);

	return text != NULL && strcmp(text, wanted) == 0;
}

/* Whether the domain stands behind the message from this address. */
static bool is_of_domain(const struct value *verdict, const char *address)
{
	const struct value *dmarc = verdict == NULL ? NULL :
				    value_find(verdict, "dmarc", VALUE_DICT);
	const struct value *from = verdict == NULL ? NULL :
				   value_find(verdict, "from", VALUE_DICT);

	return dmarc != NULL && from != NULL && is(dmarc, "result", "pass") &&
	       is(from, "address", address) &&
	       (is(verdict, "verdict", "genuine") ||
		is(verdict, "verdict", "authenticated"));
}

/* Of what was encrypted, by which it is known again. */
static void learn_sum(struct front *front, const struct value *learn)
{
	unsigned char sum[SIGNATURE_SUM], body[SIGNATURE_SUM];

	if (front->store != NULL &&
	    hex_read(value_text(learn, "sum"), sum, sizeof(sum)) &&
	    hex_read(value_text(learn, "body"), body, sizeof(body)) &&
	    signature_put(front->store, sum, body, clock_wall()) == 0)
		memory_wrote(front);
}

bool memory_opened(struct front *front, const unsigned char *sum)
{
	if (front->store == NULL ||
	    opened_put(front->store, sum, clock_wall()) < 0)
		return false;
	memory_wrote(front);
	return true;
}

/* The Message-IDs of an encrypted mail. */
static void learn_opened(struct front *front, const struct value *learn)
{
	const struct value *one = value_find(learn, "opened", VALUE_LIST);
	unsigned char sum[OPENED_SUM];

	if (one == NULL)
		return;
	for (one = one->first; one != NULL; one = one->next)
		if (one->kind == VALUE_TEXT &&
		    hex_read(one->text, sum, sizeof(sum)))
			(void)memory_opened(front, sum);
}

/* By which OpenPGP key the author signed. */
static void learn_signer(struct front *front, const char *address,
			 const char *fingerprint)
{
	if (front->store != NULL && is_address(address) &&
	    signer_put(front->store, address, fingerprint, clock_wall()) == 0)
		memory_wrote(front);
	else
		log_line(LOG_LEVEL_WARNING, "who signed a mail by OpenPGP "
			 "could not be kept");
}

void memory_learn(struct front *front, const struct value *learn,
		  const struct value *verdict)
{
	struct certificate_kept kept = { .source = "mail" };
	const struct value *good, *reads;

	if (learn == NULL)
		return;
	learn_sum(front, learn);
	learn_opened(front, learn);
	kept.address = value_text(learn, "address");
	good = value_find(learn, "good", VALUE_TRUTH);
	reads = value_find(learn, "reads", VALUE_NUMBER);
	if (kept.address == NULL || good == NULL ||
	    (!good->truth && !is_of_domain(verdict, kept.address)))
		return;
	if (reads != NULL && reads->number > 0 && reads->number <= READS_MAX)
		kept.reads = (unsigned)reads->number;
	if (value_text(learn, "signer") != NULL) {
		learn_signer(front, kept.address, value_text(learn, "signer"));
		return;
	}
	keep(front, &kept, value_text(learn, "certificate"), BLOB_CERTIFICATE);
	if (good->truth && value_text(learn, "companion") != NULL)
		keep(front, &kept, value_text(learn, "companion"),
		     BLOB_CERTIFICATE);
}

void memory_learn_key(struct front *front, const char *address,
		      const char *key)
{
	struct certificate_kept kept = { .source = "autocrypt" };

	kept.address = address;
	if (key != NULL)
		keep(front, &kept, key, BLOB_KEY);
}

void memory_learn_proven(struct front *front, const char *address,
			 const struct value *list)
{
	struct certificate_kept kept = { .source = "smimea" };
	const struct value *one = list == NULL || address == NULL ? NULL :
				  list->first;

	kept.address = address;
	kept.proven = clock_wall();
	for (; one != NULL; one = one->next)
		keep(front, &kept, value_text(one, "certificate"),
		     BLOB_CERTIFICATE);
}
