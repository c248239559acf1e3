/* publish.c - the records by which others find the user's own keys */
#include "agent/flow/publish.h"

#include <openssl/x509.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/base/value.h"
#include "agent/crypto/certificate.h"
#include "agent/crypto/openpgp.h"
#include "agent/dane/openpgpkey.h"
#include "agent/dane/smimea.h"
#include "agent/mail/address.h"

#define RECORD_TEXT (3 * MAILBOX_RECORD_MAX)

/* One kind of record. */
struct kind {
	const char *type;		/* "OPENPGPKEY" */
	const char *label, *scheme;
	unsigned number;
	bool (*print)(struct buf *to, const char *owner, struct bytes what);
};

static const struct kind openpgpkey = {
	"OPENPGPKEY", OPENPGPKEY_LABEL, "openpgp", OPENPGPKEY_TYPE,
	openpgpkey_print
};
static const struct kind smimea = {
	"SMIMEA", SMIMEA_LABEL, "smime", SMIMEA_TYPE, smimea_print
};

/* `what` is the key or certificate, `rdata` the record that holds it. */
static int record_put(struct seal_job *job, const struct kind *kind,
		      const char *owner, const char *fingerprint,
		      struct bytes what, struct bytes rdata,
		      struct value *list)
{
	struct value *dict = value_put_dict(job->arena, list, NULL);
	struct buf text, generic;
	int r = 0;

	buf_init(&text, RECORD_TEXT);
	buf_init(&generic, RECORD_TEXT);
	if (!kind->print(&text, owner, what) ||
	    !mailbox_print_generic(&generic, owner, kind->number, rdata)) {
		buf_print(job->why, "The %s is too large for DNS (%zu bytes; "
			  "%d are what passes everywhere); a newer key of "
			  "elliptic curves is smaller.",
			  kind == &smimea ? "certificate" : "key", what.len,
			  MAILBOX_RECORD_MAX);
		r = ERR_LIMIT;
	} else {
		value_put_text(job->arena, dict, "type", kind->type);
		value_put_text(job->arena, dict, "owner", owner);
		value_put_text(job->arena, dict, "scheme", kind->scheme);
		value_put_text(job->arena, dict, "fingerprint", fingerprint);
		value_put_text(job->arena, dict, "record", buf_string(&text));
		value_put_text(job->arena, dict, "generic",
			       buf_string(&generic));
	}
	buf_free(&text);
	buf_free(&generic);
	return r < 0 ? r : 1;
}

/* Under the name as it is written, and in lower case where that is another
 * one: people write it so. */
static int records_put(struct seal_job *job, const struct kind *kind,
		       const char *address, const char *fingerprint,
		       struct bytes what, struct bytes rdata,
		       struct value *list)
{
	enum mailbox_case last = mailbox_has_capitals(address) ?
				 MAILBOX_LOWER : MAILBOX_AS_WRITTEN;
	char owner[MAILBOX_OWNER_MAX];
	int how, count = 0, r;

	for (how = MAILBOX_AS_WRITTEN; how <= (int)last; how++) {
		if (!mailbox_owner(address, kind->label,
				   (enum mailbox_case)how, owner)) {
			buf_print(job->why, "%s has no name in DNS: it is too "
				  "long.", address);
			return ERR_LIMIT;
		}
		r = record_put(job, kind, owner, fingerprint, what, rdata,
			       list);
		if (r < 0)
			return r;
		count += r;
	}
	return count;
}

static bool can_publish(const struct openpgp_key *key)
{
	return !key->revoked && !key->expired && !key->disabled &&
	       key->can_encrypt && key->owner.address_count > 0;
}

int publish_openpgp(struct seal_job *job, const char *address,
		    struct value *list)
{
	struct openpgp_key *keys = arena_array(job->arena, OPENPGP_FOUND_MAX,
					       sizeof(*keys));
	const struct openpgp_key *best = NULL;
	struct bytes key;
	int count, i, r;

	if (keys == NULL)
		return ERR_LIMIT;
	count = openpgp_keys_find(job, address, NULL, OPENPGP_SECRET, keys,
				  OPENPGP_FOUND_MAX);
	for (i = 0; i < count; i++)
		if (can_publish(&keys[i]) &&
		    (best == NULL || keys[i].created_at > best->created_at))
			best = &keys[i];
	if (count < 0 || best == NULL)
		return count < 0 ? count : 0;
	r = openpgp_key_export(job, best->owner.fingerprint, address, &key);
	if (r < 0)
		return r;
	return records_put(job, &openpgpkey, address,
			   best->owner.fingerprint, key, key, list);
}

static int certificate_put(struct seal_job *job, const char *address,
			   const char *fingerprint, X509 *x509,
			   struct value *list)
{
	unsigned char *der = NULL;
	int len = i2d_X509(x509, &der), r = ERR_MEMORY;
	struct bytes certificate = { der, len > 0 ? (size_t)len : 0 };
	struct buf rdata;

	buf_init(&rdata, certificate.len + 3);
	if (len > 0) {
		smimea_put(&rdata, certificate);
		r = records_put(job, &smimea, address, fingerprint,
				certificate, buf_bytes(&rdata), list);
	}
	buf_free(&rdata);
	OPENSSL_free(der);
	return r;
}

int publish_smime(struct seal_job *job, const char *address,
		  X509 *const *own, size_t count, struct value *list)
{
	int64_t now = job->world->now();
	struct certificate facts;
	int done = 0, r = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		r = certificate_read(job->arena, own[i], &facts);
		if (r < 0)
			return r;
		if (!certificate_has(&facts, address) || facts.from > now ||
		    facts.until < now)
			continue;
		r = certificate_put(job, address, facts.fingerprint, own[i],
				    list);
		if (r < 0)
			return r;
		done += r;
	}
	return done;
}
