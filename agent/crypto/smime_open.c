/* smime_open.c - verifying beside a text, and taking one layer off */
#include <openssl/cms.h>
#include <stdlib.h>

#include "agent/base/err.h"
#include "agent/base/stream.h"
#include "agent/crypto/cms_walk.h"
#include "agent/crypto/smime.h"
#include "agent/crypto/smime_signer.h"
#include "agent/crypto/smime_step.h"

static void bad(struct seal_facts *facts, const char *reason)
{
	facts->state = SEAL_BAD;
	facts->reason = reason;
}

static const char damaged_signature[] =
	"The signature object is damaged.";
/* Time stamps, keys, programs are signed by the same keys (RFC 8551 section
 * 2.4.1); and who drops the attributes may say what he likes of the type. */
static const char other_data[] =
	"What was signed is another kind of data, not mail.";

/* Errors of the walk are the message's, but for what the source said. */
static bool is_ours(int r)
{
	return r < 0 && r != ERR_SYNTAX && r != ERR_LIMIT;
}

/* The object without content, or NULL with the facts decided. */
static CMS_ContentInfo *detached_read(struct bytes signature,
				      struct seal_facts *facts, int *error)
{
	struct bytes_reader reader;
	struct source source = source_of_bytes(&reader, signature);
	struct cms_walk *walk = cms_walk_new(&source);
	CMS_ContentInfo *cms = NULL;
	int r;

	*error = walk == NULL ? ERR_MEMORY : 0;
	if (walk == NULL)
		return NULL;
	r = cms_walk_head(walk);
	if (r == 0 && cms_walk_facts(walk)->kind != CMS_WALK_SIGNED) {
		bad(facts, "What stands in the signature's place is no "
		    "signature object.");
	} else if (r == 0 && cms_walk_facts(walk)->has_content) {
		bad(facts, "The signature carries a text of its own, beside "
		    "the one that is shown.");
	} else if (r == 0 &&
		   !smime_is_data(&cms_walk_facts(walk)->content_type)) {
		bad(facts, other_data);
	} else {
		if (r == 0)
			r = cms_walk_tail(walk);
		if (r == 0)
			cms = smime_frame(walk);
		if (cms == NULL)
			bad(facts, r == ERR_LIMIT ? "The signature object is "
			    "larger than any real one." : damaged_signature);
	}
	cms_walk_free(walk);
	return cms;
}

static int text_read(struct seal_job *job, const struct source *from,
		     struct smime_text *text)
{
	unsigned char *room = malloc(STREAM_PIECE);
	struct bytes piece = { room, 0 };
	int got = 0, r = room == NULL ? ERR_MEMORY : 0;

	while (r == 0 && (got = from->read(from->ctx, room,
					   STREAM_PIECE)) > 0) {
		piece.len = (size_t)got;
		r = smime_text_add(text, piece);
		if (r == 0)
			r = smime_in_time(job);
	}
	free(room);
	return r < 0 ? r : got;
}

int smime_verify(struct seal_job *job, const struct source *text,
		 struct bytes signature, struct seal_facts *facts)
{
	struct smime_text hashed = { NULL, { 0 }, 0, 0 };
	CMS_ContentInfo *cms;
	CMS_SignerInfo *signer;
	const EVP_MD *md;
	int r = 0;

	memset(facts, 0, sizeof(*facts));
	cms = detached_read(signature, facts, &r);
	if (cms == NULL)
		return r;
	signer = smime_signer_find(job, cms, facts, &md);
	if (signer == NULL)
		goto out;
	r = smime_text_start(&hashed, md);
	if (r == 0)
		r = text_read(job, text, &hashed);
	if (r == 0)
		r = smime_signer_judge(job, cms, signer, &hashed, facts);
out:
	smime_text_free(&hashed);
	CMS_ContentInfo_free(cms);
	return r;
}

/* The content to its reader and into the digests.  0; ERR_SYNTAX: damaged. */
static int content_copy(struct seal_job *job, struct cms_walk *walk,
			const struct sink *content, struct smime_text *text)
{
	unsigned char *room = malloc(STREAM_PIECE);
	struct bytes piece = { room, 0 };
	int got = 0, r = room == NULL ? ERR_MEMORY : 0;

	while (r == 0 && (got = cms_walk_content(walk, room,
						 STREAM_PIECE)) > 0) {
		piece.len = (size_t)got;
		r = smime_text_add(text, piece);
		if (r == 0)
			r = content->write(content->ctx, piece);
		if (r == 0)
			r = smime_in_time(job);
	}
	free(room);
	return r < 0 ? r : got;
}

/* SignedData with its content inside. */
static int open_signed(struct seal_job *job, struct cms_walk *walk,
		       const struct sink *content, struct seal_facts *facts)
{
	CMS_ContentInfo *cms = NULL;
	struct smime_text text;
	CMS_SignerInfo *signer;
	const EVP_MD *md;
	int r = smime_text_start_for(&text, cms_walk_facts(walk)), s;

	if (r < 0)
		goto out;
	r = content_copy(job, walk, content, &text);
	s = r == 0 ? cms_walk_tail(walk) : r;
	if (is_ours(s)) {
		r = s;
		goto out;
	}
	/* A sink's limit is ours as well. */
	if (r == ERR_LIMIT)
		goto out;
	r = 0;
	if (s == 0)
		cms = smime_frame(walk);
	if (cms == NULL) {
		bad(facts, damaged_signature);
		goto out;
	}
	signer = smime_signer_find(job, cms, facts, &md);
	if (signer != NULL)
		r = smime_signer_judge(job, cms, signer, &text, facts);
out:
	smime_text_free(&text);
	CMS_ContentInfo_free(cms);
	return r;
}

static int not_opened(struct seal_facts *facts, enum seal_opening opening,
		      const char *reason)
{
	facts->opening = opening;
	facts->reason = reason;
	return 0;
}

static int open_walked(struct seal_job *job, struct cms_walk *walk,
		       const struct sink *content, struct seal_facts *facts)
{
	const struct cms_walk_facts *found = cms_walk_facts(walk);
	int r = cms_walk_head(walk);

	if (is_ours(r))
		return r;
	if (r == ERR_LIMIT)
		return not_opened(facts, SEAL_DAMAGED, "It is for more "
				  "recipients than any mail of a person's, or "
				  "made to be hard to read; it was not "
				  "opened.");
	if (r < 0)
		return not_opened(facts, SEAL_DAMAGED, "This is no S/MIME "
				  "object, or a damaged one.");
	if (found->kind == CMS_WALK_OTHER)
		return not_opened(facts, SEAL_NOT_SUPPORTED, "This is a kind "
				  "of S/MIME object that is not supported "
				  "here.");
	if (found->kind == CMS_WALK_CLEAR)
		return not_opened(facts, SEAL_NOT_ENCRYPTED, "It is an S/MIME "
				  "object that is neither signed nor "
				  "encrypted, but compressed or the like; "
				  "that is not supported here.");
	if (found->kind != CMS_WALK_SIGNED)
		return smime_decrypt(job, walk, content, facts);
	if (!found->has_content || !smime_is_data(&found->content_type)) {
		bad(facts, found->has_content ? other_data :
		    "The signature object holds no text.");
		return 0;
	}
	return open_signed(job, walk, content, facts);
}

int smime_open(struct seal_job *job, const struct source *blob,
	       const struct sink *content, struct seal_facts *facts)
{
	struct cms_walk *walk = cms_walk_new(blob);
	int r = ERR_MEMORY;

	memset(facts, 0, sizeof(*facts));
	if (walk != NULL)
		r = open_walked(job, walk, content, facts);
	cms_walk_free(walk);
	return r;
}
