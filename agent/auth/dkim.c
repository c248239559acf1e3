/* dkim.c - start: parse and ask; finish: await and verify */
#include "agent/auth/dkim.h"

#include <openssl/evp.h>
#include <string.h>

#include "agent/auth/dkim_fetch.h"
#include "agent/auth/dkim_integrity.h"
#include "agent/auth/dkim_signature.h"
#include "agent/auth/dkim_verify.h"
#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/mail/domain.h"
#include "agent/mail/message.h"

#define CLOCK_SKEW	300	/* seconds a signer's clock may be ahead */
#define SIGNATURES_READ	100	/* looked at to choose those verified */

struct one {
	struct dkim_signature signature;
	struct dkim_finding finding;
	struct dkim_fetch fetch;
	const struct dkim_body_hash *body;
	bool readable;			/* may be worth a look at DMARC */
	bool open;			/* nothing is decided yet */
};

struct dkim_check {
	struct arena *arena;
	struct dns_request *request;
	struct dkim_input input;
	struct dkim_header header;
	struct one *list[DKIM_SIGNATURES_MAX];
	size_t count, ignored;
	struct dkim_body_hash bodies[DKIM_SIGNATURES_MAX];
	size_t body_count;
};

void dkim_prepare(void)
{
	EVP_PKEY_CTX *rsa = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	EVP_PKEY_CTX *ed = EVP_PKEY_CTX_new_from_name(NULL, "ED25519", NULL);

	(void)dkim_sha256();
	EVP_PKEY_CTX_free(ed);
	EVP_PKEY_CTX_free(rsa);
}

static void decide(struct one *one, enum result result, const char *code,
		   const char *text)
{
	one->open = false;
	one->finding.result = result;
	one->finding.code = code;
	one->finding.text = text;
}

/* --- start */

static void ask(struct dkim_check *check, struct one *one)
{
	const struct dkim_signature *signature = &one->signature;
	struct dkim_fetch *fetch = &one->fetch;

	if (signature->expires >= 0 &&
	    signature->expires < check->input.arrived) {
		decide(one, RESULT_FAIL, "expired",
		       "it had expired when the message arrived.");
	} else if (signature->signed_at > check->input.now + CLOCK_SKEW) {
		decide(one, RESULT_FAIL, "from-the-future",
		       "it claims to be made in the future.");
	} else {
		one->readable = true;
		fetch->arena = check->arena;
		fetch->request = check->request;
		fetch->domain = signature->domain;
		fetch->selector = signature->selector;
		fetch->algorithm = signature->algorithm;
		fetch->archive = check->input.archive;
		fetch->arrived = check->input.arrived;
		dkim_fetch_ask(fetch);
	}
}

static struct one *one_read(struct dkim_check *check,
			    const struct field *field)
{
	struct one *one = arena_alloc(check->arena, sizeof(*one));
	const struct dkim_signature *signature;
	const char *code = NULL, *text = NULL;

	if (one == NULL)
		return NULL;
	one->open = true;
	signature = &one->signature;
	if (dkim_signature_parse(check->arena, DKIM_SIGNATURE, field,
				 &one->signature, &code, &text) < 0)
		decide(one, code != NULL &&
			    strcmp(code, "weak-algorithm") == 0 ?
			    RESULT_POLICY : RESULT_PERMERROR, code, text);
	one->finding.domain = signature->domain;
	one->finding.selector = signature->selector;
	one->finding.identity_domain = signature->identity_domain;
	one->finding.algorithm = signature->algorithm_text;
	one->finding.signed_at = signature->signed_at;
	one->finding.expires = signature->expires;
	one->finding.dnssec = DNS_SECURITY_UNKNOWN;
	return one;
}

/* Worth more than others: readable, and of the author's organization. */
static bool is_of_author(const struct dkim_check *check, const struct one *one)
{
	const char *author = check->input.author_domain;
	const char *domain = one->signature.domain;

	if (!one->open || author == NULL || domain == NULL)
		return false;
	return domain_is_within(author, domain) ||
	       domain_is_within(domain, author) ||
	       strcmp(domain_registrable(author),
		      domain_registrable(domain)) == 0;
}

/* Those of the author domain first, then others, each in the order they
 * stand in.  Only what was chosen is asked for. */
static void choose(struct dkim_check *check, struct one **all, size_t count)
{
	size_t i, round;

	for (round = 0; round < 2; round++)
		for (i = 0; i < count; i++) {
			if (is_of_author(check, all[i]) != (round == 0))
				continue;
			if (check->count < DKIM_SIGNATURES_MAX)
				check->list[check->count++] = all[i];
			else
				check->ignored++;
		}
	for (i = 0; i < check->count; i++)
		if (check->list[i]->open)
			ask(check, check->list[i]);
}

struct dkim_check *dkim_start(struct arena *arena,
			      struct dns_request *request,
			      const struct dkim_input *input)
{
	struct dkim_check *check = arena_alloc(arena, sizeof(*check));
	const struct message *message = input->message;
	struct one *all[SIGNATURES_READ];
	const struct field *field;
	size_t i, count = 0;

	if (check == NULL)
		return NULL;
	check->arena = arena;
	check->request = request;
	check->input = *input;
	for (i = 0; i < message->field_count; i++) {
		field = &message->fields[i];
		if (field->odd_name ||
		    !bytes_is_nocase(field->name, "DKIM-Signature"))
			continue;
		if (count == SIGNATURES_READ) {
			check->ignored++;
			continue;
		}
		all[count] = one_read(check, field);
		if (all[count] == NULL)
			return NULL;
		count++;
	}
	if (count > 0 && dkim_header_open(arena, message, &check->header) < 0)
		return NULL;
	choose(check, all, count);
	return check;
}

size_t dkim_domains(const struct dkim_check *check, const char **domains,
		    size_t room)
{
	size_t count = 0, i, j;

	for (i = 0; i < check->count && count < room; i++) {
		if (!check->list[i]->readable)
			continue;
		for (j = 0; j < count; j++)
			if (strcmp(domains[j],
				   check->list[i]->signature.domain) == 0)
				break;
		if (j == count)
			domains[count++] = check->list[i]->signature.domain;
	}
	return count;
}

bool dkim_signature_covers(const struct dkim_check *check, size_t finding,
			   const char *name)
{
	return finding < check->count &&
	       dkim_covers(check->input.message,
			   &check->list[finding]->signature, name);
}

/* --- finish: the key */

/* What was found of the key goes to the finding. */
static void key_tell(struct one *one)
{
	const struct dkim_fetch *fetch = &one->fetch;
	struct dkim_finding *finding = &one->finding;

	finding->key_bits = fetch->key.bits;
	finding->dnssec = fetch->dnssec;
	finding->key_text = fetch->record;
	finding->key_unavailable = fetch->unavailable &&
				   fetch->archived == 0;
	finding->key_archived = fetch->archived;
	if (fetch->result != RESULT_PASS)
		decide(one, fetch->result, fetch->code, fetch->text);
}

static void key_await(struct one *one)
{
	(void)dkim_fetch_await(&one->fetch);
	key_tell(one);
}

/* --- finish: the body */

/* Signatures of one form and limit share a hash (all are SHA-256). */
static void body_want(struct dkim_check *check, struct one *one)
{
	const struct dkim_signature *signature = &one->signature;
	struct dkim_body_hash *hash;
	size_t i;

	for (i = 0; i < check->body_count; i++)
		if (check->bodies[i].form == signature->body_form &&
		    check->bodies[i].limit == signature->length)
			break;
	hash = &check->bodies[i];
	if (i == check->body_count) {
		hash->form = signature->body_form;
		hash->limit = signature->length;
		check->body_count++;
	}
	one->body = hash;
}

static void body_judge(struct dkim_check *check, struct one *one)
{
	const struct dkim_signature *signature = &one->signature;
	struct dkim_finding *finding = &one->finding;
	uint64_t length = one->body->length;

	if (signature->length != CANON_NO_LIMIT && signature->length > length) {
		decide(one, RESULT_PERMERROR, "length-beyond-body",
		       "it covers more than there is (l=).");
		return;
	}
	finding->body_signed = length;
	if (signature->length < length) {
		finding->body_signed = signature->length;
		finding->body_beyond = length - signature->length;
	}
	if (memcmp(one->body->sum, signature->body_hash.data,
		   DKIM_HASH) != 0) {
		finding->header_only = true;
		decide(one, RESULT_FAIL, "body-hash-mismatch",
		       "the text was changed after it was signed.");
		return;
	}
	decide(one, RESULT_PASS, NULL, NULL);
	if (finding->key_archived != 0)
		decide(one, RESULT_PASS, "key-archived",
		       "its key is no longer in DNS; it verifies with the "
		       "one that was there when the message arrived.");
	dkim_integrity(check->arena, &check->input, signature, finding);
}

/* 1; 0: not with this key; negative: no memory. */
static int header_verify(struct dkim_check *check, struct one *one)
{
	if (one->fetch.key.strict_identity &&
	    strcmp(one->finding.identity_domain, one->finding.domain) != 0) {
		decide(one, RESULT_PERMERROR, "identity-outside",
		       "its key is not for sub-domains (t=s).");
		return 0;
	}
	return dkim_header_verify(&check->header, &one->signature,
				  &one->fetch.key);
}

/* By which the same signature is known again. */
static void sums_tell(struct dkim_check *check, struct one *one)
{
	unsigned char sum[DKIM_HASH];
	struct dkim_hash hash;

	dkim_hash_open(&hash);
	dkim_hash_add(&hash, one->signature.signature);
	if (!dkim_hash_end(&hash, sum))
		return;
	one->finding.signature_sum = dkim_sum_text(check->arena, sum);
	one->finding.body_sum = dkim_sum_text(check->arena, one->body->sum);
}

static void verify(struct dkim_check *check, struct one *one)
{
	int verified = header_verify(check, one);

	while (verified == 0 && one->open && one->fetch.archived != 0) {
		(void)dkim_fetch_next(&one->fetch);
		key_tell(one);
		if (one->open)
			verified = header_verify(check, one);
	}
	if (!one->open)
		return;
	if (verified > 0)
		sums_tell(check, one);
	if (verified < 0)
		decide(one, RESULT_TEMPERROR, "could-not-read",
		       "out of memory.");
	else if (verified == 0)
		decide(one, RESULT_FAIL, "signature-mismatch", "the header was "
		       "changed after it was signed, or it is forged.");
	else
		body_judge(check, one);
}

void dkim_finish(struct dkim_check *check, struct dkim_findings *out)
{
	struct one *one;
	size_t i;
	int r;

	memset(out, 0, sizeof(*out));
	dns_send(check->request);
	/* Keys that are here already tell whose body hash is wanted; the
	 * others travel while the body is read. */
	for (i = 0; i < check->count; i++) {
		one = check->list[i];
		if (one->open && dkim_fetch_is_here(&one->fetch))
			key_await(one);
		if (one->open)
			body_want(check, one);
	}
	r = dkim_body_hash(&check->input, check->bodies, check->body_count);
	for (i = 0; i < check->count; i++) {
		one = check->list[i];
		if (one->open && one->fetch.key.pkey == NULL)
			key_await(one);
		if (one->open && r < 0)
			decide(one, RESULT_TEMPERROR, "could-not-read",
			       "the body could not be read.");
		if (one->open)
			verify(check, one);
		dkim_fetch_clear(&one->fetch);
		out->list[i] = one->finding;
	}
	out->count = check->count;
	out->ignored = check->ignored;
}
