/* test_openpgp_sign.c - a text that passes by is signed by real gpg */
#include "tests/unit/pgp/role.h"

#include "agent/crypto/openpgp_sign.h"

#define LARGE	(3 * 1024 * 1024)	/* more than all pipes hold */

static char alice[64];
static struct role role;

static int setup(void **state)
{
	if (gpg_home_open(state) < 0)
		return -1;
	(void)signal(SIGPIPE, SIG_IGN);
	gpg_make_key("Alice <alice@example.org>", "never");
	gpg_fingerprint("Alice <alice@example.org>", alice);
	role_open(&role, NULL, NULL);
	return 0;
}

static int teardown(void **state)
{
	assert_int_equal(role_close(&role), 0);
	return gpg_home_close(state);
}

static struct bytes large_text(struct desk *desk)
{
	unsigned char *octets = arena_alloc(desk->job.arena, LARGE);
	struct bytes text = { octets, LARGE };
	size_t i;

	assert_non_null(octets);
	for (i = 0; i < LARGE; i++)
		octets[i] = (unsigned char)(i % 64 == 63 ? '\n' : 'a' +
					    i / 64 % 26);
	return text;
}

static void assert_good(struct desk *desk, struct bytes text,
			struct bytes signature, enum seal_state wanted)
{
	struct bytes_reader reader;
	struct source source = source_of_bytes(&reader, text);
	struct seal_facts facts;

	assert_int_equal(scheme_openpgp.verify(&desk->job, &source, signature,
					       &facts), 0);
	assert_int_equal(facts.state, wanted);
}

/* Nothing of the text is given before the digest is there; then pieces. */
static void sign_in_pieces(struct desk *desk, struct bytes text, size_t size,
			   struct buf *signature)
{
	struct seal_key signer = { .fingerprint = alice };
	struct sink sink = sink_of_buf(signature);
	struct seal_pass *pass = NULL;
	struct seal_signed made;
	size_t at;

	memset(&made, 0, sizeof(made));
	assert_int_equal(openpgp_sign_start(&desk->job, &signer, &made,
					    &pass), 0);
	assert_non_null(made.digest);
	assert_int_equal(strncmp(made.digest, "sha", 3), 0);
	assert_string_equal(made.fingerprint, alice);
	for (at = 0; at < text.len; at += size)
		assert_int_equal(openpgp_sign_more(pass,
			bytes_slice(text, at, at + size)), 0);
	assert_int_equal(openpgp_sign_end(pass, &sink), 0);
	assert_string_equal(made.fingerprint, alice);
	openpgp_sign_free(pass);
}

static void test_pieces(void **state)
{
	const size_t sizes[] = { 1000, 65536, LARGE };
	struct bytes text;
	struct buf signature;
	struct desk desk;
	size_t i;

	(void)state;
	buf_init(&signature, 10000);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		desk_open(&desk, &role);
		text = large_text(&desk);
		buf_clear(&signature);
		sign_in_pieces(&desk, text, sizes[i], &signature);
		assert_good(&desk, text, buf_bytes(&signature), SEAL_GOOD);
		assert_good(&desk, bytes_slice(text, 0, LARGE - 1),
			    buf_bytes(&signature), SEAL_BAD);
		desk_close(&desk);
	}
	buf_free(&signature);
}

static void test_empty(void **state)
{
	struct buf signature;
	struct desk desk;

	(void)state;
	buf_init(&signature, 10000);
	desk_open(&desk, &role);
	sign_in_pieces(&desk, bytes_of(""), 1, &signature);
	assert_good(&desk, bytes_of(""), buf_bytes(&signature), SEAL_GOOD);
	desk_close(&desk);
	buf_free(&signature);
}

static void test_no_key(void **state)
{
	struct seal_key signer = { .fingerprint = "0123456789ABCDEF"
				   "0123456789ABCDEF01234567" };
	struct seal_pass *pass = NULL;
	struct seal_signed made;
	struct desk desk;

	(void)state;
	desk_open(&desk, &role);
	assert_int_equal(openpgp_sign_start(&desk.job, &signer, &made, &pass),
			 ERR_REFUSED);
	assert_null(pass);
	assert_non_null(strstr(buf_string(&desk.why), "no private key"));
	desk_close(&desk);
}

/* gpg, which waits for more, is ended; the next one is served. */
static void test_given_up(void **state)
{
	struct seal_key signer = { .fingerprint = alice };
	struct seal_pass *pass;
	struct seal_signed made;
	struct buf signature;
	struct desk desk;
	size_t i;

	(void)state;
	buf_init(&signature, 10000);
	desk_open(&desk, &role);
	for (i = 0; i < 2 * PGP_RUNNING_MAX; i++) {
		pass = NULL;
		assert_int_equal(openpgp_sign_start(&desk.job, &signer, &made,
						    &pass), 0);
		assert_int_equal(openpgp_sign_more(pass, bytes_of("x")), 0);
		openpgp_sign_free(pass);
	}
	sign_in_pieces(&desk, bytes_of("x"), 1, &signature);
	assert_good(&desk, bytes_of("x"), buf_bytes(&signature), SEAL_GOOD);
	desk_close(&desk);
	buf_free(&signature);
}

static void test_late(void **state)
{
	struct seal_key signer = { .fingerprint = alice };
	struct seal_pass *pass = NULL;
	struct seal_signed made;
	struct desk desk;

	(void)state;
	desk_open(&desk, &role);
	assert_int_equal(openpgp_sign_start(&desk.job, &signer, &made, &pass),
			 0);
	openpgp_sign_free(pass);
	desk.job.deadline = clock_now_ms();
	pass = NULL;
	assert_int_equal(openpgp_sign_start(&desk.job, &signer, &made, &pass),
			 ERR_TIMEOUT);
	assert_null(pass);
	desk_close(&desk);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_pieces),
	cmocka_unit_test(test_empty),
	cmocka_unit_test(test_no_key),
	cmocka_unit_test(test_given_up),
	cmocka_unit_test(test_late),
};

GPG_TESTS(tests, setup, teardown)
