/* chain.c - names, dates and digests */
#include "agent/dane/chain.h"

#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"

#define NAME_BYTES_MAX 1024	/* of one subject or issuer */

static const char *name_print(struct arena *arena, X509_NAME *name)
{
	BIO *to = BIO_new(BIO_s_mem());
	struct bytes text = { NULL, 0 };
	char *data, *out = NULL;
	long length;

	/* Escapes control characters; keeps UTF-8. */
	if (to != NULL &&
	    X509_NAME_print_ex(to, name, 0, XN_FLAG_RFC2253 &
			       (unsigned long)~ASN1_STRFLGS_ESC_MSB) >= 0) {
		length = BIO_get_mem_data(to, &data);
		text.data = (const unsigned char *)data;
		text.len = length < 0 ? 0 : (size_t)length;
		out = arena_text(arena, bytes_slice(text, 0,
						    NAME_BYTES_MAX));
	}
	BIO_free(to);
	return out == NULL ? "" : out;
}

static int64_t date_read(const ASN1_TIME *time)
{
	struct tm tm;

	memset(&tm, 0, sizeof(tm));
	if (ASN1_TIME_to_tm(time, &tm) != 1)
		return 0;
	return (int64_t)timegm(&tm);
}

static void names_read(struct arena *arena, X509 *from,
		       struct dane_certificate *to)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(from, NID_subject_alt_name,
						NULL, NULL);
	const GENERAL_NAME *name;
	struct bytes text;
	char *kept;
	int i;

	for (i = 0; i < sk_GENERAL_NAME_num(names) &&
	     to->name_count < DANE_NAMES_MAX; i++) {
		name = sk_GENERAL_NAME_value(names, i);
		if (name->type != GEN_DNS)
			continue;
		text.data = ASN1_STRING_get0_data(name->d.dNSName);
		text.len = (size_t)ASN1_STRING_length(name->d.dNSName);
		kept = arena_text(arena, bytes_slice(text, 0,
						     NAME_BYTES_MAX));
		if (kept != NULL)
			to->names[to->name_count++] = kept;
	}
	GENERAL_NAMES_free(names);
}

struct der {
	unsigned char *certificate, *key;
	struct bytes certificate_bytes, key_bytes;
};

static int der_make(X509 *from, struct der *out)
{
	int certificate, key;

	memset(out, 0, sizeof(*out));
	certificate = i2d_X509(from, &out->certificate);
	key = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(from), &out->key);
	if (certificate <= 0 || key <= 0)
		return ERR_MEMORY;
	out->certificate_bytes.data = out->certificate;
	out->certificate_bytes.len = (size_t)certificate;
	out->key_bytes.data = out->key;
	out->key_bytes.len = (size_t)key;
	return 0;
}

static void der_free(struct der *der)
{
	OPENSSL_free(der->certificate);
	OPENSSL_free(der->key);
}

/* EE usages speak of the first certificate, TA usages of those above. */
static bool may_describe(const struct tlsa *tlsa, int depth)
{
	bool end_entity = tlsa->usage == TLSA_PKIX_EE ||
			  tlsa->usage == TLSA_DANE_EE;

	return end_entity == (depth == 0);
}

static void records_compare(struct dane_report *report, const struct der *der,
			    int depth)
{
	struct dane_record *record;
	size_t i;

	for (i = 0; i < report->record_count; i++) {
		record = &report->records[i];
		if (record->matches || record->use != TLSA_USABLE ||
		    !may_describe(&record->tlsa, depth) ||
		    !tlsa_matches(&record->tlsa, der->certificate_bytes,
				  der->key_bytes))
			continue;
		record->matches = true;
		if (!record->verified)
			record->depth = depth;
	}
}

static int certificate_read(struct arena *arena, X509 *from, int depth,
			    struct dane_report *report)
{
	struct dane_certificate *to = &report->chain[depth];
	struct der der;
	int r = der_make(from, &der);

	if (r == 0)
		r = tlsa_digests(der.certificate_bytes, der.key_bytes,
				 &to->digests);
	if (r == 0) {
		to->subject = name_print(arena, X509_get_subject_name(from));
		to->issuer = name_print(arena, X509_get_issuer_name(from));
		to->from = date_read(X509_get0_notBefore(from));
		to->until = date_read(X509_get0_notAfter(from));
		names_read(arena, from, to);
		records_compare(report, &der, depth);
		report->chain_count++;
	}
	der_free(&der);
	return r;
}

int dane_chain_report(struct arena *arena, STACK_OF(X509) *chain,
		      struct dane_report *report)
{
	int i, count = sk_X509_num(chain), r = 0;

	report->chain_count = 0;
	if (count <= 0)
		return 0;
	if (count > DANE_CHAIN_MAX)
		count = DANE_CHAIN_MAX;
	report->chain = arena_array(arena, (size_t)count,
				    sizeof(*report->chain));
	if (report->chain == NULL)
		return ERR_MEMORY;
	for (i = 0; i < count && r == 0; i++)
		r = certificate_read(arena, sk_X509_value(chain, i), i,
				     report);
	return r;
}
