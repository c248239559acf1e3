/* openpgp.c - the table by which OpenPGP signs, encrypts, verifies, opens */
#include "agent/crypto/openpgp.h"

#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/base/memfile.h"
#include "agent/base/stream.h"
#include "agent/base/value.h"
#include "agent/crypto/openpgp_armor_write.h"
#include "agent/crypto/openpgp_inside.h"
#include "agent/crypto/openpgp_report.h"
#include "agent/crypto/openpgp_sign.h"
#include "agent/crypto/openpgp_strict.h"
#include "agent/crypto/openpgp_wire.h"

#define SIGNATURE_MAX (256 * 1024)
/* What is compressed inside may swell by this, once it is more than that: who
 * can send mail cannot fill the disk with a small one. */
#define SWELL_TIMES	200
#define SWELL_FREE	(64 * 1024 * 1024)

static enum seal_kind openpgp_knows(const struct seal_type *type)
{
	struct bytes protocol = bytes_of(type->protocol);

	if (type->type == NULL)
		return SEAL_KIND_NONE;
	if (strcmp(type->type, "multipart/signed") == 0 &&
	    bytes_is_nocase(protocol, "application/pgp-signature"))
		return SEAL_KIND_DETACHED;
	if (strcmp(type->type, "multipart/encrypted") == 0 &&
	    bytes_is_nocase(protocol, "application/pgp-encrypted"))
		return SEAL_KIND_CONTROLLED;
	return SEAL_KIND_NONE;
}

/* --- verify */

/* That the object is none that may be asked about, as a fact. */
static void signature_is(struct seal_facts *facts, enum packet_fault fault)
{
	facts->state = fault == PACKET_NEWER ? SEAL_UNSUPPORTED : SEAL_BAD;
	switch (fault) {
	case PACKET_NEWER:
		facts->reason = "The signature is of a kind that this GnuPG "
			"does not know.";
		return;
	case PACKET_SEVERAL:
		facts->reason = "It bears several signatures; only one may "
			"speak for a message.";
		return;
	case PACKET_STRANGE:
		facts->reason = "What should be a signature holds something "
			"else, or brings a text of its own.";
		return;
	default:
		facts->reason = "The signature cannot be read: it was cut off "
			"or changed on the way.";
	}
}

static int signature_ask(struct seal_job *job, const struct source *text,
			 struct bytes binary, struct seal_facts *facts)
{
	struct openpgp_ask ask = openpgp_ask_of(job, FRAME_PGP_VERIFY);
	int r;

	ask.request = openpgp_request(job);
	ask.in = text;
	ask.more = memfile_make("signature", binary);
	r = ask.more < 0 || lseek(ask.more, 0, SEEK_SET) < 0 ? ERR_IO :
		openpgp_ask_run(job, &ask);
	if (r == 0)
		openpgp_report_signatures(job->arena, ask.report,
					  OPENPGP_ONE_SIGNATURE, facts);
	if (ask.more >= 0)
		(void)close(ask.more);
	return r;
}

static int openpgp_verify(struct seal_job *job, const struct source *text,
			  struct bytes signature, struct seal_facts *facts)
{
	enum packet_fault fault;
	struct buf binary;
	int r;

	memset(facts, 0, sizeof(*facts));
	buf_init(&binary, SIGNATURE_MAX);
	r = openpgp_strict_read(signature, PACKETS_SIGNATURE, &binary,
				&fault);
	if (r == 0) {
		r = signature_ask(job, text, buf_bytes(&binary), facts);
	} else if (r == ERR_SYNTAX || r == ERR_LIMIT) {
		signature_is(facts, fault);
		r = 0;
	}
	buf_free(&binary);
	return r;
}

/* --- encrypt */

static void recipients_put(struct buf *to, const struct seal_key *recipients,
			   size_t count)
{
	struct bytes what;
	size_t i;

	for (i = 0; i < count; i++) {
		what = recipients[i].blob;
		buf_byte(to, what.len > 0 ? OPENPGP_BY_KEY :
					    OPENPGP_BY_FINGERPRINT);
		if (what.len == 0)
			what = bytes_of(recipients[i].fingerprint);
		buf_u32(to, (uint32_t)what.len);
		buf_add(to, what);
	}
}

/* Names the recipient whose key it was. */
static void unusable_name(struct seal_job *job, const char *about,
			  const struct seal_key *recipients, size_t count)
{
	size_t i;

	for (i = 0; i < count && about != NULL; i++)
		if (recipients[i].address != NULL &&
		    recipients[i].fingerprint != NULL &&
		    strcmp(recipients[i].fingerprint, about) == 0) {
			buf_print(job->why, " It is the key of %s.",
				  recipients[i].address);
			return;
		}
}

/* gpg makes what is binary, here it gets its armor: gpg's own way takes as long
 * as all the rest of it. */
static int text_encrypt(struct seal_job *job, int recipients,
			const struct source *text, const struct sink *blob,
			const char **unusable)
{
	struct openpgp_ask ask = openpgp_ask_of(job, FRAME_PGP_ENCRYPT);
	struct armor_writer *armor = armor_writer_new(blob, ARMOR_MESSAGE);
	struct sink binary;
	int r;

	if (armor == NULL)
		return ERR_MEMORY;
	binary = armor_writer_sink(armor);
	ask.request = openpgp_request(job);
	ask.in = text;
	ask.out = &binary;
	ask.more = recipients;
	r = openpgp_ask_run(job, &ask);
	*unusable = ask.about;
	if (r == 0)
		r = armor_writer_end(armor);
	armor_writer_free(armor);
	return r;
}

static int openpgp_encrypt(struct seal_job *job,
			   const struct seal_key *recipients, size_t count,
			   const struct source *text, const struct sink *blob)
{
	const char *unusable = NULL;
	int file = -1, r = ERR_LIMIT;
	struct buf to;

	if (count == 0 || count > SEAL_RECIPIENTS_MAX) {
		buf_print(job->why, count == 0 ? "There is no recipient to "
			  "encrypt to." : "There are too many recipients; "
			  "OpenPGP messages go to %d at most.",
			  SEAL_RECIPIENTS_MAX);
		return r;
	}
	buf_init(&to, OPENPGP_RECIPIENTS_BYTES);
	recipients_put(&to, recipients, count);
	if (!to.full) {
		file = memfile_make("recipients", buf_bytes(&to));
		r = file < 0 ? ERR_IO : text_encrypt(job, file, text, blob,
						     &unusable);
		if (r == ERR_REFUSED)
			unusable_name(job, unusable, recipients, count);
	}
	if (file >= 0)
		(void)close(file);
	buf_free(&to);
	return r;
}

/* --- open */

static void message_is(struct seal_facts *facts, enum packet_fault fault)
{
	facts->opening = fault == PACKET_NEWER || fault == PACKET_PASSPHRASE ?
			 SEAL_NOT_SUPPORTED : SEAL_DAMAGED;
	switch (fault) {
	case PACKET_NEWER:
		facts->reason = "It is encrypted in a way that this GnuPG "
			"does not know.";
		return;
	case PACKET_PASSPHRASE:
		facts->reason = "It is encrypted with a passphrase and not "
			"for a key; such mail is not opened.";
		return;
	case PACKET_UNPROTECTED:
		facts->reason = "It is encrypted without integrity "
			"protection: anybody could have changed it on the "
			"way. It is not opened.";
		return;
	case PACKET_CROWDED:
		facts->reason = "It is for more recipients than any mail of a "
			"person's; it was made to keep your key busy, and is "
			"not opened.";
		return;
	case PACKET_STRANGE:
	case PACKET_BEHIND:
		facts->reason = "It holds more than one encrypted message, or "
			"a text that was never encrypted. It is not opened.";
		return;
	default:
		facts->reason = "It does not open: it was changed or cut off "
			"on the way, or never was right.";
	}
}

/* What the same ciphertext has in common, whatever stands around it. */
static void sum_put(struct seal_job *job, const struct packet_walk *walk,
		    struct seal_facts *facts)
{
	static const char digits[17] = "0123456789abcdef";
	unsigned char sum[32];
	char *text = arena_alloc(job->arena, 2 * sizeof(sum) + 1);
	unsigned len = 0;
	size_t i;

	if (!walk->marked || facts->opening != SEAL_OPENED || text == NULL ||
	    EVP_Digest(walk->mark, sizeof(walk->mark), sum, &len,
		       EVP_sha256(), NULL) != 1)
		return;
	for (i = 0; i < sizeof(sum); i++) {
		text[2 * i] = digits[sum[i] >> 4];
		text[2 * i + 1] = digits[sum[i] & 15];
	}
	text[2 * sizeof(sum)] = '\0';
	facts->key_sum = text;
}

/* The content on its way, against what it was made of so far. */
struct swelling {
	const struct sink *to;
	const struct openpgp_strict *from;
	uint64_t size;
	bool is_bomb;
};

static int swelling_write(void *ctx, struct bytes piece)
{
	struct swelling *swelling = ctx;
	uint64_t may = SWELL_TIMES * openpgp_strict_size(swelling->from);

	swelling->size += piece.len;
	if (swelling->size > SWELL_FREE && swelling->size > may) {
		swelling->is_bomb = true;
		return ERR_LIMIT;
	}
	return swelling->to->write(swelling->to->ctx, piece);
}

static int bomb_is(struct seal_facts *facts)
{
	facts->opening = SEAL_DAMAGED;
	facts->reason = "What is inside swells to more than any mail's; it "
		"was made to fill the disk, and is not opened.";
	return 0;
}

static int openpgp_open(struct seal_job *job, const struct source *blob,
			const struct sink *content, struct seal_facts *facts)
{
	struct openpgp_ask ask = openpgp_ask_of(job, FRAME_PGP_OPEN);
	struct openpgp_strict *strict = openpgp_strict_new(blob,
							   PACKETS_MESSAGE);
	struct swelling swelling = { content, strict, 0, false };
	struct sink out = { swelling_write, &swelling };
	struct source checked;
	enum packet_fault fault;
	int r;

	memset(facts, 0, sizeof(*facts));
	if (strict == NULL)
		return ERR_MEMORY;
	checked = openpgp_strict_source(strict);
	ask.request = openpgp_request(job);
	ask.in = &checked;
	ask.out = &out;
	r = openpgp_ask_run(job, &ask);
	if (swelling.is_bomb) {
		openpgp_strict_free(strict);
		return bomb_is(facts);
	}
	if (r == 0)		/* gpg may not have wanted all of it */
		r = openpgp_strict_finish(strict);
	fault = openpgp_strict_fault(strict);
	if (fault != PACKET_FINE) {
		/* Whatever gpg made of it. */
		message_is(facts, fault);
		r = 0;
	} else if (r == 0) {
		openpgp_report_opening(job->arena, ask.report,
				       openpgp_strict_walk(strict)->recipients,
				       facts);
		sum_put(job, openpgp_strict_walk(strict), facts);
	} else if (r == ERR_REFUSED && ask.failure != NULL &&
		   strcmp(ask.failure, "Locked") == 0) {
		facts->opening = SEAL_LOCKED;
		facts->reason = ask.sentence;
		r = 0;
	}
	openpgp_strict_free(strict);
	return r;
}

/* RFC 3156 section 4. */
static const char *blob_type(struct bytes start)
{
	(void)start;
	return "application/octet-stream; name=\"encrypted.asc\"";
}

const struct scheme scheme_openpgp = {
	"OpenPGP", "openpgp",
	"application/pgp-signature; name=\"signature.asc\"",
	"application/pgp-signature", "pgp-",
	true, "application/pgp-encrypted", "Version: 1\r\n", blob_type,
	openpgp_knows, openpgp_sign, openpgp_sign_start, openpgp_sign_more,
	openpgp_sign_end, openpgp_sign_free, openpgp_verify,
	openpgp_encrypt, openpgp_open
};
