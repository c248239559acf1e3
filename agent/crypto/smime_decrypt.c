/* smime_decrypt.c - the content key, then the content in one pass
 *
 * RFC 5652 section 6, RFC 5083, RFC 5084.  The tag of an AuthEnvelopedData
 * stands behind its content and is handed to the cipher there.  Attributes
 * that are authenticated as well would have to be known before the content,
 * and no program writes them into mail: such an object is not opened. */
#include <openssl/cms.h>
#include <openssl/err.h>
#include <stdlib.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/base/stream.h"
#include "agent/crypto/certificate.h"
#include "agent/crypto/cms_bio.h"
#include "agent/crypto/cms_walk.h"
#include "agent/crypto/smime.h"
#include "agent/crypto/smime_algorithm.h"
#include "agent/crypto/smime_recipient.h"
#include "agent/crypto/smime_step.h"

#define TAG_LEAST	12	/* octets, RFC 5084 section 3.2 */
#define TAG_MOST	16

struct opening {
	struct seal_job *job;
	struct cms_walk *walk;
	struct cms_input input;
	const struct smime_cipher *cipher;
	X509 *own;			/* the certificate it is opened with */
	EVP_PKEY *key;
	EVP_CIPHER_CTX *context;	/* of the content's cipher */
	int tail;			/* what reading the tail answered */
};

static int not_opened(struct seal_facts *facts, enum seal_opening opening,
		      const char *reason)
{
	facts->opening = opening;
	facts->reason = reason;
	return 0;
}

/* One sentence for all that an attacker could tell apart by trying. */
static int damaged(struct seal_facts *facts)
{
	return not_opened(facts, SEAL_DAMAGED, "It could not be decrypted: it "
			  "was changed on the way, or was never right.");
}

/* 0: the key did its work; 1: decided; ERR_*. */
static int key_state(struct opening *opening, struct seal_facts *facts)
{
	const struct smime_world *world = opening->job->world->smime;
	enum smime_key_state state = SMIME_KEY_FINE;

	if (world->state != NULL)
		state = world->state(world->ctx, opening->key);
	if (state == SMIME_KEY_LOCKED) {
		(void)not_opened(facts, SEAL_LOCKED, "Your key is locked; it "
				 "was not unlocked.");
		return 1;
	}
	if (state == SMIME_KEY_GONE)
		return smime_fail(opening->job, ERR_GONE, "The keeper of your "
				  "keys is not there; try again in a few "
				  "seconds");
	return 0;
}

/* Octets of the content; behind the last one the tag goes to the cipher. */
static int content_read(void *ctx, unsigned char *room, size_t size)
{
	struct opening *opening = ctx;
	const struct cms_walk_facts *found = cms_walk_facts(opening->walk);
	unsigned char tag[CMS_WALK_MAC_MAX];
	int got = cms_walk_content(opening->walk, room, size);

	if (got != 0 || opening->tail <= 0)
		return got;
	opening->tail = cms_walk_tail(opening->walk);
	if (opening->tail < 0)
		return opening->tail;
	if (!opening->cipher->aead)
		return 0;
	/* A shorter one than was said is somebody's who guesses. */
	if (found->mac_len < TAG_LEAST || found->mac_len > TAG_MOST ||
	    found->mac_len != found->tag_len)
		return ERR_SYNTAX;
	memcpy(tag, found->mac, sizeof(tag));
	return EVP_CIPHER_CTX_ctrl(opening->context, EVP_CTRL_AEAD_SET_TAG,
				   (int)found->mac_len, tag) == 1 ?
	       0 : ERR_SYNTAX;
}

/* Unwraps the content key of `cms` and runs its content through the cipher to
 * `content`.  1: whole and, as far as the cipher can say,
 * unchanged; 0: not; ERR_*: ours. */
static int content_decrypt(struct opening *opening, CMS_ContentInfo *cms,
			   const struct sink *content)
{
	BIO *input = cms_bio_input(&opening->input), *chain = NULL;
	unsigned char *room = malloc(STREAM_PIECE);
	struct bytes piece = { room, 0 };
	int got = 0, r = ERR_MEMORY;

	if (room == NULL || input == NULL)
		goto out;
	r = 0;
	chain = CMS_dataInit(cms, input);
	if (chain == NULL ||
	    BIO_get_cipher_ctx(chain, &opening->context) <= 0)
		goto out;
	while (r == 0 && (got = BIO_read(chain, room, STREAM_PIECE)) > 0) {
		piece.len = (size_t)got;
		r = content->write(content->ctx, piece);
		if (r == 0)
			r = smime_in_time(opening->job);
	}
	if (r == 0)
		r = got == 0 && opening->input.failed == 0 &&
		    BIO_get_cipher_status(chain) > 0;
out:
	opening->context = NULL;
	BIO_free_all(chain == NULL ? input : chain);
	if (room != NULL)
		explicit_bzero(room, STREAM_PIECE);
	free(room);
	ERR_clear_error();
	return r;
}

static int unwrap(struct opening *opening, CMS_ContentInfo *cms,
		  struct seal_facts *facts)
{
	const struct smime_world *world = opening->job->world->smime;
	int done, r;

	if (world->expect != NULL)
		world->expect(world->ctx, opening->key, opening->cipher->key);
	done = CMS_decrypt_set1_pkey(cms, opening->key, opening->own);
	ERR_clear_error();
	r = key_state(opening, facts);
	if (r == 0 && done != 1) {
		(void)damaged(facts);
		r = 1;
	}
	return r;
}

static int decrypt_with(struct opening *opening, CMS_ContentInfo *cms,
			const struct sink *content, struct seal_facts *facts)
{
	const struct cms_walk_facts *found = cms_walk_facts(opening->walk);
	int r = unwrap(opening, cms, facts);

	if (r != 0)
		return r < 0 ? r : 0;
	opening->tail = 1;		/* not read yet */
	r = content_decrypt(opening, cms, content);
	if (r < 0)
		return r;
	if (opening->input.failed < 0 &&
	    opening->input.failed != ERR_SYNTAX &&
	    opening->input.failed != ERR_LIMIT)
		return opening->input.failed;
	if (found->has_attributes && opening->tail == 0)
		return not_opened(facts, SEAL_NOT_SUPPORTED, "It authenticates "
				  "more than its content, which is not "
				  "supported here.");
	if (r == 0)
		return damaged(facts);
	facts->opening = SEAL_OPENED;
	return 0;
}

static int own_print(struct opening *opening, struct seal_facts *facts)
{
	char *print = arena_alloc(opening->job->arena, CERTIFICATE_PRINT);

	if (print == NULL)
		return ERR_LIMIT;
	facts->opened_with = print;
	return certificate_print_of(opening->own, print);
}

static int sum_put(struct opening *opening, struct seal_facts *facts)
{
	const struct smime_world *world = opening->job->world->smime;
	char sum[SMIME_SUM_TEXT];

	if (world->sum == NULL || !world->sum(world->ctx, opening->key, sum))
		return 0;
	facts->key_sum = arena_print(opening->job->arena, "%s", sum);
	return facts->key_sum == NULL ? ERR_LIMIT : 0;
}

static int decrypt_frame(struct opening *opening, CMS_ContentInfo *cms,
			 const struct sink *content, struct seal_facts *facts)
{
	const struct smime_world *world = opening->job->world->smime;
	CMS_RecipientInfo *info;
	int r;

	info = smime_recipient(world, cms, &opening->own,
			       &facts->recipient_count);
	if (info == NULL)
		return not_opened(facts, SEAL_NO_KEY, "It is encrypted, but "
				  "for none of your keys.");
	if (!smime_recipient_is_known(info))
		return not_opened(facts, SEAL_NOT_SUPPORTED, "It is encrypted "
				  "to your key with an unsupported "
				  "algorithm.");
	opening->key = world->key(world->ctx, opening->own);
	if (opening->key == NULL)
		return not_opened(facts, SEAL_NO_KEY, "It is encrypted to a "
				  "certificate of yours, but its private key "
				  "is not here.");
	r = own_print(opening, facts);
	if (r == 0)
		r = decrypt_with(opening, cms, content, facts);
	if (r == 0 && facts->opening == SEAL_OPENED)
		r = sum_put(opening, facts);
	EVP_PKEY_free(opening->key);
	return r;
}

int smime_decrypt(struct seal_job *job, struct cms_walk *walk,
		  const struct sink *content, struct seal_facts *facts)
{
	const struct cms_walk_facts *found = cms_walk_facts(walk);
	struct opening opening;
	CMS_ContentInfo *cms;
	int r;

	memset(&opening, 0, sizeof(opening));
	opening.job = job;
	opening.walk = walk;
	opening.input.read = content_read;
	opening.input.ctx = &opening;
	opening.cipher = smime_cipher(&found->cipher);
	if (opening.cipher == NULL ||
	    opening.cipher->aead != (found->kind == CMS_WALK_AUTH_ENVELOPED))
		return not_opened(facts, SEAL_NOT_SUPPORTED,
			arena_print(job->arena, "It is encrypted with an "
				    "unsupported algorithm (%s).",
				    smime_name(job->arena, &found->cipher)));
	facts->cipher = opening.cipher->word;
	facts->integrity = opening.cipher->aead ? SEAL_INTEGRITY_AEAD :
						  SEAL_INTEGRITY_NONE;
	if (!smime_is_data(&found->content_type))
		return not_opened(facts, SEAL_NOT_SUPPORTED, "What is "
				  "encrypted is another S/MIME object, not "
				  "mail; that is not supported here.");
	cms = found->has_content ? smime_frame(walk) : NULL;
	if (cms == NULL)
		return damaged(facts);
	r = decrypt_frame(&opening, cms, content, facts);
	CMS_ContentInfo_free(cms);
	return r;
}
