/* openpgp_sign.c - a signature over a text that passes by */
#include "agent/crypto/openpgp_sign.h"

#include <stdlib.h>
#include <string.h>

#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/base/stream.h"
#include "agent/base/value.h"
#include "agent/crypto/openpgp_inside.h"

#define SIGNATURE_MAX (256 * 1024)
#define DIGEST_LETTERS "abcdefghijklmnopqrstuvwxyz0123456789-"

struct seal_pass {
	struct seal_job *job;
	struct seal_signed *out;
	struct openpgp_ask ask;
	struct openpgp_talk *talk;
	struct buf made;		/* counts once gpg said so */
	struct sink keep;
};

static int said(struct seal_pass *pass, int r)
{
	r = openpgp_ask_said(pass->job, &pass->ask, r);
	if (r == ERR_REFUSED && pass->ask.failure != NULL &&
	    strcmp(pass->ask.failure, "Locked") == 0)
		r = ERR_LOCKED;
	return r;
}

static int digest_wait(struct seal_pass *pass, const struct seal_key *signer)
{
	int r = openpgp_talk_start(pass->job->world->openpgp, pass->job->arena,
				   &pass->ask, &pass->talk);

	if (r == 0)
		r = openpgp_talk_digest(pass->talk);
	if (r < 0 || pass->ask.digest == NULL) {
		r = said(pass, r);
		return r == 0 ? ERR_PROTOCOL : r;
	}
	/* It goes into a header. */
	if (pass->ask.digest[0] == 0 ||
	    strspn(pass->ask.digest, DIGEST_LETTERS) !=
	    strlen(pass->ask.digest))
		return ERR_PROTOCOL;
	pass->out->digest = pass->ask.digest;
	pass->out->fingerprint = signer->fingerprint;
	return 0;
}

int openpgp_sign_start(struct seal_job *job, const struct seal_key *signer,
		       struct seal_signed *out, struct seal_pass **made)
{
	struct seal_pass *pass;
	struct value *request;
	int r;

	if (signer->fingerprint == NULL) {
		buf_text(job->why, "No OpenPGP key to sign with is chosen.");
		return ERR_REFUSED;
	}
	pass = calloc(1, sizeof(*pass));
	if (pass == NULL)
		return ERR_MEMORY;
	request = openpgp_request(job);
	value_put_text(job->arena, request, "key", signer->fingerprint);
	buf_init(&pass->made, SIGNATURE_MAX);
	pass->keep = sink_of_buf(&pass->made);
	pass->job = job;
	pass->out = out;
	pass->ask = openpgp_ask_of(job, FRAME_PGP_SIGN);
	pass->ask.request = request;
	pass->ask.pushed = true;
	pass->ask.out = &pass->keep;
	r = digest_wait(pass, signer);
	if (r < 0)
		openpgp_sign_free(pass);
	else
		*made = pass;
	return r;
}

int openpgp_sign_more(struct seal_pass *pass, struct bytes text)
{
	int r = openpgp_talk_put(pass->talk, text);

	return r < 0 ? said(pass, r) : 0;
}

int openpgp_sign_end(struct seal_pass *pass, const struct sink *signature)
{
	int r = said(pass, openpgp_talk_end(pass->talk));
	const char *digest, *fingerprint;

	if (r < 0)
		return r;
	digest = value_text(pass->ask.report, "digest");
	fingerprint = value_text(pass->ask.report, "fingerprint");
	if (digest == NULL || fingerprint == NULL ||
	    strcmp(digest, pass->out->digest) != 0)
		return ERR_PROTOCOL;
	pass->out->fingerprint = fingerprint;
	return signature->write(signature->ctx, buf_bytes(&pass->made));
}

void openpgp_sign_free(struct seal_pass *pass)
{
	if (pass == NULL)
		return;
	openpgp_talk_free(pass->talk);
	buf_free(&pass->made);
	free(pass);
}

static int pass_write(void *ctx, struct bytes piece)
{
	return openpgp_sign_more(ctx, piece);
}

int openpgp_sign(struct seal_job *job, const struct seal_key *signer,
		 const struct source *text, const struct sink *signature,
		 struct seal_signed *out)
{
	struct seal_pass *pass = NULL;
	struct sink through = { pass_write, NULL };
	int r = openpgp_sign_start(job, signer, out, &pass);

	through.ctx = pass;
	if (r == 0)
		r = stream_copy(text, &through);
	if (r == 0)
		r = openpgp_sign_end(pass, signature);
	openpgp_sign_free(pass);
	return r;
}
