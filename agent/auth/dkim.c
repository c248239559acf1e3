/* dkim.c - start: parse and ask; finish: await and verify */
#include "agent/auth/dkim.h"

#include <openssl/evp.h>
#include <string.h>

#include "agent/auth/dkim_integrity.h"
#include "agent/auth/dkim_key.h"
#include "agent/auth/dkim_signature.h"
#include "agent/auth/dkim_verify.h"
#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/mail/domain.h"
#include "agent/mail/message.h"

#define CLOCK_SKEW 300	/* seconds a signer's clock may be ahead */

struct one {
	struct dkim_signature signature;
	struct dkim_finding finding;
	struct dns_question *key;
	bool readable;
};

struct dkim_check {
	struct arena *arena;
	struct dns_request *request;
	struct dkim_input input;
	struct one list[DKIM_SIGNATURES_MAX];
	size_t count, ignored;
	struct dkim_body_hash bodies[DKIM_SIGNATURES_MAX];
	size_t body_count;
};

void dkim_prepare(void)
{
	EVP_MD *md = EVP_MD_fetch(NULL, "SHA256", NULL);
	EVP_PKEY_CTX *rsa = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	EVP_PKEY_CTX *ed = EVP_PKEY_CTX_new_from_name(NULL, "ED25519", NULL);

	EVP_PKEY_CTX_free(ed);
	EVP_PKEY_CTX_free(rsa);
	EVP_MD_free(md);
}

static void fail(struct dkim_finding *finding, enum result result,
		 const char *code, const char *text)
{
	finding->result = result;
	finding->code = code;
	finding->text = text;
}

static void start_one(struct dkim_check *check, struct one *one)
{
	struct dkim_finding *finding = &one->finding;
	const char *code, *text, *name;

	finding->domain = one->signature.domain;
	finding->selector = one->signature.selector;
	finding->identity_domain = one->signature.identity_domain;
	finding->algorithm = one->signature.algorithm_text;
	finding->signed_at = one->signature.signed_at;
	finding->expires = one->signature.expires;
	finding->dnssec = DNS_SECURITY_UNKNOWN;
	if (!one->readable)
		return;
	code = text = NULL;
	if (finding->expires >= 0 && finding->expires < check->input.arrived) {
		code = "expired";
		text = "it had expired when the message arrived.";
	} else if (finding->signed_at > check->input.now + CLOCK_SKEW) {
		code = "from-the-future";
		text = "it claims to be made in the future.";
	}
	if (code != NULL) {
		fail(finding, RESULT_FAIL, code, text);
		one->readable = false;
		return;
	}
	name = arena_print(check->arena, "%s._domainkey.%s",
			   finding->selector, finding->domain);
	if (name != NULL)
		one->key = dns_ask(check->request, name, DNS_TXT);
}

/* Where the next signature goes; those of the author domain push others out
 * of a full list. */
static struct one *place_for(struct dkim_check *check, bool of_author)
{
	size_t i;

	if (check->count < DKIM_SIGNATURES_MAX)
		return &check->list[check->count++];
	check->ignored++;
	for (i = check->count; of_author && i > 0; i--)
		if (check->list[i - 1].signature.domain == NULL ||
		    !domain_is_within(check->input.author_domain,
				      check->list[i - 1].signature.domain))
			return &check->list[i - 1];
	return NULL;
}

struct dkim_check *dkim_start(struct arena *arena,
			      struct dns_request *request,
			      const struct dkim_input *input)
{
	struct dkim_check *check = arena_alloc(arena, sizeof(*check));
	const struct field *field;
	struct one one, *place;
	const char *code, *text;
	size_t i;

	if (check == NULL)
		return NULL;
	check->arena = arena;
	check->request = request;
	check->input = *input;
	for (i = 0; (field = message_find(input->message, "DKIM-Signature",
					  i)) != NULL &&
	     i < 10 * DKIM_SIGNATURES_MAX; i++) {
		memset(&one, 0, sizeof(one));
		one.readable = dkim_signature_parse(arena, field,
						    &one.signature, &code,
						    &text) == 0;
		if (!one.readable)
			fail(&one.finding, one.signature.algorithm ==
			     DKIM_RSA_SHA1 && one.signature.domain != NULL ?
			     RESULT_POLICY : RESULT_PERMERROR, code, text);
		place = place_for(check, one.signature.domain != NULL &&
				  input->author_domain != NULL &&
				  domain_is_within(input->author_domain,
						   one.signature.domain));
		if (place != NULL)
			*place = one;
	}
	for (i = 0; i < check->count; i++)
		start_one(check, &check->list[i]);
	return check;
}

size_t dkim_domains(const struct dkim_check *check, const char **domains,
		    size_t room)
{
	size_t count = 0, i, j;

	for (i = 0; i < check->count && count < room; i++) {
		if (!check->list[i].readable)
			continue;
		for (j = 0; j < count; j++)
			if (strcmp(domains[j],
				   check->list[i].signature.domain) == 0)
				break;
		if (j == count)
			domains[count++] = check->list[i].signature.domain;
	}
	return count;
}

/* The one record that is a key; 0, or a result of its own. */
static int key_record(struct dkim_check *check, struct one *one,
		      struct bytes *record)
{
	const struct dns_answer *answer = dns_await(one->key);
	struct dkim_finding *finding = &one->finding;
	struct bytes text;
	size_t i, found = 0;

	finding->dnssec = answer->security;
	if (answer->state == DNS_BOGUS || answer->state == DNS_SILENT) {
		fail(finding, RESULT_TEMPERROR, answer->state == DNS_BOGUS ?
		     "dns-bogus" : "dns-silent", answer->state == DNS_BOGUS ?
		     "DNSSEC validation of its key failed (bogus)." :
		     "DNS did not answer for its key.");
		return -1;
	}
	for (i = 0; i < answer->record_count; i++) {
		text = dns_txt(check->request, answer->records[i]);
		if (text.data == NULL || !dkim_key_is_one(check->arena, text))
			continue;
		*record = text;
		found++;
	}
	if (found == 1)
		return 0;
	if (answer->state != DNS_HAVE) {
		finding->key_unavailable = true;
		fail(finding, RESULT_PERMERROR, "key-unavailable", "its key is "
		     "not in DNS; it may have been withdrawn.");
	} else if (found == 0) {
		fail(finding, RESULT_PERMERROR, "key-syntax", "no key record "
		     "stands where its key should be.");
	} else {
		fail(finding, RESULT_PERMERROR, "several-keys", "several keys "
		     "stand at one name; none is believed.");
	}
	return -1;
}

/* Signatures of one form and limit share a hash. */
static const struct dkim_body_hash *body_of(struct dkim_check *check,
				const struct dkim_signature *signature)
{
	struct dkim_body_hash *hash;
	size_t i;

	for (i = 0; i < check->body_count; i++)
		if (check->bodies[i].form == signature->body_form &&
		    check->bodies[i].limit == signature->length)
			return &check->bodies[i];
	hash = &check->bodies[check->body_count];
	hash->form = signature->body_form;
	hash->limit = signature->length;
	if (dkim_body_hash(&check->input, hash) < 0)
		return NULL;
	check->body_count++;
	return hash;
}

static void body_judge(struct dkim_check *check, struct one *one)
{
	const struct dkim_signature *signature = &one->signature;
	const struct dkim_body_hash *hash = body_of(check, signature);
	struct dkim_finding *finding = &one->finding;

	if (hash == NULL) {
		fail(finding, RESULT_TEMPERROR, "could-not-read",
		     "the body could not be read.");
		return;
	}
	if (signature->length != CANON_NO_LIMIT &&
	    signature->length > hash->length) {
		fail(finding, RESULT_PERMERROR, "length-beyond-body",
		     "it covers more than there is (l=).");
		return;
	}
	finding->body_signed = hash->length;
	if (signature->length < hash->length) {
		finding->body_signed = signature->length;
		finding->body_beyond = hash->length - signature->length;
	}
	if (memcmp(hash->sum, signature->body_hash.data, DKIM_HASH) != 0) {
		finding->header_only = true;
		fail(finding, RESULT_FAIL, "body-hash-mismatch",
		     "the text was changed after it was signed.");
		return;
	}
	finding->result = RESULT_PASS;
	dkim_integrity(check->arena, check->input.message, signature,
		       check->input.author_domain, finding);
}

static void finish_one(struct dkim_check *check, struct one *one)
{
	struct dkim_finding *finding = &one->finding;
	struct dkim_key key;
	struct bytes record = { NULL, 0 };
	int verified;

	if (key_record(check, one, &record) < 0)
		return;
	finding->key_text = arena_text(check->arena, record);
	if (dkim_key_parse(check->arena, record, one->signature.algorithm,
			   &key, &finding->code, &finding->text) < 0) {
		finding->key_bits = key.bits;
		finding->result = strcmp(finding->code, "weak-key") == 0 ?
				  RESULT_POLICY : RESULT_PERMERROR;
		dkim_key_clear(&key);
		return;
	}
	finding->key_bits = key.bits;
	if (key.strict_identity && strcmp(finding->identity_domain,
					  finding->domain) != 0) {
		fail(finding, RESULT_PERMERROR, "identity-outside", "its key "
		     "is not for sub-domains (t=s).");
	} else {
		verified = dkim_header_verify(check->input.message,
					      &one->signature, &key);
		if (verified < 0)
			fail(finding, RESULT_TEMPERROR, "could-not-read",
			     "out of memory.");
		else if (verified == 0)
			fail(finding, RESULT_FAIL, "signature-mismatch",
			     "the header was changed after it was signed, or "
			     "it is forged.");
		else
			body_judge(check, one);
	}
	dkim_key_clear(&key);
}

void dkim_finish(struct dkim_check *check, struct dkim_findings *out)
{
	size_t i;

	memset(out, 0, sizeof(*out));
	for (i = 0; i < check->count; i++) {
		if (check->list[i].readable)
			finish_one(check, &check->list[i]);
		out->list[i] = check->list[i].finding;
	}
	out->count = check->count;
	out->ignored = check->ignored;
}
