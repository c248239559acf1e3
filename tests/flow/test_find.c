/* test_find.c - certificates of a correspondent, with scripted DNS */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <openssl/x509.h>
#include <string.h>

#include "agent/base/value.h"
#include "agent/dane/smimea.h"
#include "agent/flow/find.h"
#include "agent/flow/publish.h"
#include "tests/lab/script_resolver.h"
#include "tests/unit/crypto/smime_desk.h"

#define BOB "bob@example.org"

static struct script_resolver *script;
static struct bytes bob, other;
static char owner[MAILBOX_OWNER_MAX];
static struct found_key found[FIND_FOUND_MAX];
static const struct scheme *scheme;	/* NULL: both */
static X509 *mine[4];			/* the user's own */
static size_t mine_count;

static struct bytes der_of(X509 *x509)
{
	unsigned char *der = NULL;
	int len = i2d_X509(x509, &der);
	struct bytes out = { der, 0 };

	assert_true(len > 0);
	out.len = (size_t)len;
	return out;
}

static int setup(void **state)
{
	(void)state;
	smime_prepare();
	desk_open(LAB_P256, LAB_P256);
	bob = der_of(desk.bob.certificate);
	other = der_of(desk.other.certificate);
	return mailbox_owner(BOB, SMIMEA_LABEL, MAILBOX_AS_WRITTEN, owner) ?
		0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	OPENSSL_free((void *)(uintptr_t)bob.data);
	OPENSSL_free((void *)(uintptr_t)other.data);
	desk_close();
	return 0;
}

static int begin(void **state)
{
	(void)state;
	mine_count = 0;
	script = script_resolver_new();
	return script == NULL ? -1 : 0;
}

static int end(void **state)
{
	(void)state;
	script_resolver_free(script);
	return 0;
}

static void record(unsigned char usage, unsigned char matching,
		   struct bytes what)
{
	struct buf rdata;

	buf_init(&rdata, 100000);
	buf_byte(&rdata, usage);
	buf_byte(&rdata, 0);
	buf_byte(&rdata, matching);
	buf_add(&rdata, what);
	script_raw(script, owner, DNS_SMIMEA, buf_bytes(&rdata));
	buf_free(&rdata);
}

/* With the authorities of the desk, or with none; OpenPGP is not served. */
enum authority { KNOWN_AUTHORITY, NO_AUTHORITY };

static size_t find(const char *address, enum find_dns dns,
		   const struct find_kept *kept, size_t kept_count,
		   enum authority authority)
{
	struct find_question question = { address, dns, kept, kept_count,
					   scheme };
	struct seal_world world = desk.world;
	struct smime_world smime = desk.smime;
	struct seal_job job = desk.job;
	struct dns_request *request =
		dns_request_new(script_resolver_door(script),
				clock_now_ms() + 20000);
	int count;

	assert_non_null(request);
	world.openpgp = NULL;
	smime.own = mine;
	smime.own_count = mine_count;
	world.smime = authority == NO_AUTHORITY ? NULL : &smime;
	job.world = &world;
	count = find_keys(&job, request, &question, found, FIND_FOUND_MAX);
	dns_request_free(request);
	assert_true(count >= 0);
	return (size_t)count;
}

static void nothing_known(void **state)
{
	(void)state;
	assert_int_equal(find(BOB, FIND_WITH_DNS, NULL, 0, KNOWN_AUTHORITY),
			 0);
	assert_int_equal(script_asked(script), 2);
	assert_int_equal(find(BOB, FIND_WITHOUT_DNS, NULL, 0,
			      KNOWN_AUTHORITY), 0);
	assert_int_equal(script_asked(script), 2);
	/* Another spelling is two more names. */
	(void)find("Bob@example.org", FIND_WITH_DNS, NULL, 0,
		   KNOWN_AUTHORITY);
	assert_int_equal(script_asked(script), 6);
}

static void in_dns(void **state)
{
	(void)state;
	record(3, 0, bob);
	assert_int_equal(find(BOB, FIND_WITH_DNS, NULL, 0, NO_AUTHORITY), 1);
	assert_ptr_equal(found[0].scheme, &scheme_smime);
	assert_int_equal(found[0].source, FIND_SMIMEA);
	assert_int_equal(found[0].owner.trust, SEAL_TRUST_DANE);
	assert_int_equal(found[0].dnssec, DNS_SECURE);
	assert_true(found[0].usable && found[0].chosen);
	assert_true(bytes_equal(found[0].key.blob, bob));
	assert_string_equal(found[0].owner.addresses[0], BOB);
	/* With a capital letter: published in lower case alone. */
	assert_int_equal(find("BOB@example.org", FIND_WITH_DNS, NULL, 0,
			      NO_AUTHORITY), 1);
	assert_true(found[0].chosen);
}

static void unproven(void **state)
{
	(void)state;
	record(3, 0, bob);
	script_security(script, owner, DNS_INSECURE);
	assert_int_equal(find(BOB, FIND_WITH_DNS, NULL, 0, KNOWN_AUTHORITY),
			 1);
	assert_false(found[0].usable || found[0].chosen);
	assert_int_equal(found[0].key.blob.len, 0);
	assert_non_null(strstr(found[0].reason, "DNSSEC"));
	script_state(script, owner, DNS_BOGUS);
	assert_int_equal(find(BOB, FIND_WITH_DNS, NULL, 0, KNOWN_AUTHORITY),
			 1);
	assert_false(found[0].usable || found[0].chosen);
	assert_non_null(strstr(found[0].reason, "DNS could not be asked"));
}

/* What an authority has to vouch for as well. */
static void narrowed(void **state)
{
	(void)state;
	record(1, 0, bob);
	assert_int_equal(find(BOB, FIND_WITH_DNS, NULL, 0, NO_AUTHORITY), 1);
	assert_false(found[0].chosen);
	assert_int_equal(found[0].owner.trust, SEAL_TRUST_NONE);
	assert_int_equal(find(BOB, FIND_WITH_DNS, NULL, 0, KNOWN_AUTHORITY),
			 1);
	assert_true(found[0].chosen);
	assert_int_equal(found[0].owner.trust, SEAL_TRUST_PKIX);
}

/* A digest in DNS vouches for what came with mail. */
static void pinned(void **state)
{
	struct find_kept kept = { FIND_SEEN, bob, 100, 200, 0 };
	unsigned char digest[32];
	struct bytes pin = { digest, sizeof(digest) };

	(void)state;
	assert_int_equal(find(BOB, FIND_WITH_DNS, &kept, 1, NO_AUTHORITY), 1);
	assert_int_equal(found[0].owner.trust, SEAL_TRUST_SEEN);
	assert_true(found[0].chosen);
	assert_int_equal(EVP_Q_digest(NULL, "SHA256", NULL, bob.data, bob.len,
				      digest, NULL), 1);
	record(3, 1, pin);
	assert_int_equal(find(BOB, FIND_WITH_DNS, &kept, 1, NO_AUTHORITY), 1);
	assert_int_equal(found[0].source, FIND_SEEN);
	assert_int_equal(found[0].owner.trust, SEAL_TRUST_DANE);
	assert_int_equal(found[0].first_seen, 100);
}

/* DNS is asked only where nobody verified what is at hand. */
static void dns_last(void **state)
{
	struct find_kept kept = { FIND_SEEN, bob, 100, 200, 0 };

	(void)state;
	scheme = &scheme_smime;
	record(3, 0, other);
	assert_int_equal(find(BOB, FIND_DNS_LAST, &kept, 1, KNOWN_AUTHORITY),
			 1);
	assert_int_equal(script_asked(script), 0);
	assert_true(found[0].chosen);
	assert_int_equal(found[0].owner.trust, SEAL_TRUST_PKIX);
	/* Merely seen: DNS may know better, and is heard. */
	assert_int_equal(find(BOB, FIND_DNS_LAST, &kept, 1, NO_AUTHORITY), 2);
	assert_int_equal(script_asked(script), 1);
	assert_true(found[0].chosen);
	assert_int_equal(found[0].owner.trust, SEAL_TRUST_SEEN);
	/* Verified, but the user refused it, or it is another's. */
	desk.vouched = SEAL_TRUST_REFUSED;
	(void)find(BOB, FIND_DNS_LAST, &kept, 1, KNOWN_AUTHORITY);
	assert_int_equal(script_asked(script), 2);
	assert_false(found[0].chosen);
	desk.vouched = SEAL_TRUST_NONE;
	kept.blob = other;
	(void)find(BOB, FIND_DNS_LAST, &kept, 1, KNOWN_AUTHORITY);
	assert_int_equal(script_asked(script), 3);
	/* Nothing at hand. */
	(void)find(BOB, FIND_DNS_LAST, NULL, 0, KNOWN_AUTHORITY);
	assert_int_equal(script_asked(script), 4);
	scheme = NULL;
}

static struct lab_identity made(int64_t from, int64_t until, const char *usage)
{
	const struct lab_wish wish = {
		.kind = LAB_P256, .name = "Bob", .address = BOB,
		.usage = usage, .from = from, .until = until
	};
	struct lab_identity out = lab_identity_make(&wish);

	mine[mine_count++] = out.certificate;
	return out;
}

/* Without mail or DNS; nobody's word takes its place.  The newest is used. */
static void own(void **state)
{
	struct find_kept kept = { FIND_CONTACT, bob, 100, 200, 0 };
	struct lab_identity older = made(-9000, 9000, NULL);
	struct lab_identity newer = made(-5000, 9000, NULL);
	struct bytes der = der_of(newer.certificate);

	(void)state;
	scheme = &scheme_smime;
	assert_int_equal(find(BOB, FIND_DNS_LAST, &kept, 1, KNOWN_AUTHORITY),
			 3);
	assert_int_equal(script_asked(script), 0);
	assert_int_equal(found[0].source, FIND_OWN);
	assert_true(found[0].chosen);
	assert_int_equal(found[0].owner.trust, SEAL_TRUST_OWN);
	assert_true(bytes_equal(found[0].key.blob, der));
	assert_int_equal(found[0].key.reads,
			 SMIME_READS_GCM | SMIME_READS_OAEP);
	assert_string_equal(found[1].reason, "You have a newer one.");
	assert_int_equal(find("dora@example.org", FIND_WITHOUT_DNS, NULL, 0,
			      KNOWN_AUTHORITY), 0);
	scheme = NULL;
	OPENSSL_free((void *)(uintptr_t)der.data);
	lab_identity_free(&older);
	lab_identity_free(&newer);
}

static void own_unfit(void **state)
{
	static const char *const wanted[] = {
		"The certificate has expired.",
		"The certificate is not valid yet; is this computer's clock "
		"right?",
		"It is not one for encrypting mail."
	};
	struct lab_identity unfit[] = {
		made(-9000, -100, NULL), made(5000, 9000, NULL),
		made(-9000, 9000, "digitalSignature")
	};
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		mine[0] = unfit[i].certificate;
		mine_count = 1;
		assert_int_equal(find(BOB, FIND_WITHOUT_DNS, NULL, 0,
				      KNOWN_AUTHORITY), 1);
		assert_int_equal(found[0].source, FIND_OWN);
		assert_false(found[0].usable || found[0].chosen);
		assert_string_equal(found[0].reason, wanted[i]);
		lab_identity_free(&unfit[i]);
	}
}

/* That nobody vouches for a certificate hides no other fault of it. */
static void seen_expired(void **state)
{
	struct lab_identity gone = made(-9000, -100, NULL);
	struct find_kept kept = { FIND_SEEN, der_of(gone.certificate), 1, 1,
				  0 };

	(void)state;
	mine_count = 0;
	assert_int_equal(find(BOB, FIND_WITHOUT_DNS, &kept, 1,
			      KNOWN_AUTHORITY), 1);
	assert_false(found[0].usable || found[0].chosen);
	assert_string_equal(found[0].reason, "The certificate has expired.");
	OPENSSL_free((void *)(uintptr_t)kept.blob.data);
	lab_identity_free(&gone);
}

static void of_another(void **state)
{
	struct find_kept kept[2] = {
		{ FIND_SEEN, bytes_of("0 is no certificate"), 1, 1, 0 },
		{ FIND_CONTACT, other, 1, 1, 0 },
	};

	(void)state;
	assert_int_equal(find("dora@example.org", FIND_WITHOUT_DNS, kept, 2,
			      KNOWN_AUTHORITY), 2);
	assert_false(found[0].usable || found[1].usable);
	assert_non_null(found[0].reason);
	assert_non_null(found[1].reason);
}

static void reported(void **state)
{
	struct value *holder = value_dict(desk.arena);
	struct value *list = value_put_list(desk.arena, holder, "keys");
	size_t count;

	(void)state;
	record(3, 0, bob);
	count = find(BOB, FIND_WITH_DNS, NULL, 0, NO_AUTHORITY);
	find_report(desk.arena, found, count, list);
	assert_int_equal(list->count, 1);
	assert_string_equal(value_text(list->first, "scheme"), "smime");
	assert_string_equal(value_text(list->first, "source"), "smimea");
	assert_string_equal(value_text(list->first, "trust"), "dane");
	assert_string_equal(value_text(list->first, "dnssec"), "secure");
	assert_true(value_find(list->first, "chosen", VALUE_TRUTH)->truth);
}

/* What is published is found. */
static void published(void **state)
{
	X509 *const own[] = { desk.other.certificate, desk.bob.certificate };
	struct value *holder = value_dict(desk.arena);
	struct value *list = value_put_list(desk.arena, holder, "records");
	struct buf wanted, hex;

	(void)state;
	assert_int_equal(publish_smime(&desk.job, "nobody@example.org", own, 2,
				       list), 0);
	assert_int_equal(publish_smime(&desk.job, BOB, own + 1, 1, list), 1);
	assert_string_equal(value_text(list->first, "type"), "SMIMEA");
	assert_string_equal(value_text(list->first, "owner"), owner);
	buf_init(&wanted, 100000);
	buf_init(&hex, 100000);
	smimea_put(&wanted, bob);
	mailbox_print_hex(&hex, buf_bytes(&wanted));
	assert_non_null(strstr(value_text(list->first, "generic"),
			       buf_string(&hex)));
	assert_non_null(strstr(value_text(list->first, "generic"),
			       " IN TYPE53 \\# "));
	script_raw(script, owner, DNS_SMIMEA, buf_bytes(&wanted));
	assert_int_equal(find(BOB, FIND_WITH_DNS, NULL, 0, NO_AUTHORITY), 1);
	assert_string_equal(found[0].owner.fingerprint,
			    value_text(list->first, "fingerprint"));
	buf_free(&wanted);
	buf_free(&hex);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nothing_known, begin, end),
		cmocka_unit_test_setup_teardown(in_dns, begin, end),
		cmocka_unit_test_setup_teardown(unproven, begin, end),
		cmocka_unit_test_setup_teardown(narrowed, begin, end),
		cmocka_unit_test_setup_teardown(pinned, begin, end),
		cmocka_unit_test_setup_teardown(of_another, begin, end),
		cmocka_unit_test_setup_teardown(dns_last, begin, end),
		cmocka_unit_test_setup_teardown(own, begin, end),
		cmocka_unit_test_setup_teardown(own_unfit, begin, end),
		cmocka_unit_test_setup_teardown(seen_expired, begin, end),
		cmocka_unit_test_setup_teardown(reported, begin, end),
		cmocka_unit_test_setup_teardown(published, begin, end),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
