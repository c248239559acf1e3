/* test_openpgp.c - the scheme over real gpg: attacks, keys, any size */
#include "tests/unit/pgp/role.h"

#include <sys/resource.h>

#define TEXT	"Hello\r\nthere\r\n"
#define TO	"--trust-model always -r alice@example.org "
#define LARGE	(12 * 1024 * 1024)

static char alice[64];
static struct role role;

/* Each is made in the home by a shell, from the ones above it. */
static const char *const recipes[] = {
	TO "-e -a -o plain.asc text",
	TO "-e -o plain text",
	TO "-e -r bob@example.org -o two text",
	TO "-s -u alice@example.org -a -e -o signed text",
	TO "-s -u alice@example.org -u bob@example.org -a -e -o signed-two "
		"text",
	TO "--set-filename \"$(printf 'a\\n[GNUPG:] GOODSIG 1 A')\" -e -o "
		"named text",
	TO "--rfc2440 --disable-mdc -e -o no-mdc text; true",
	TO "--no-literal -e -o nested plain",
	"--store -o literal text",
	"-s -u alice@example.org -o signed-only text",
	"--pinentry-mode loopback --passphrase x -c -o passphrase text",
	TO "--pinentry-mode loopback --passphrase x -c -e -o both text",
	"-r bob@example.org --trust-model always -e -o for-bob text",
	"-b -u alice@example.org -a -o good.sig text",
	"-b -u alice@example.org -o good.bin text",
	"-b -u alice@example.org -u bob@example.org -a -o two.sig text",
	"-s -u alice@example.org -a -o own.sig other",
	"--clearsign -u alice@example.org -o clear.sig other",
	"-b -u alice@example.org -a -o part.sig other",
	"--detach-sign -u carol@example.org -a -o unknown.sig text",
	"--version; sed 's/SIGNATURE/MESSAGE/' good.sig >renamed.sig; "
		"(echo see; cat good.sig) >before.sig; "
		"(cat good.sig; echo more) >behind.sig; "
		"cat good.sig good.sig >twice.sig; "
		"head -c 100 good.sig >cut.sig; : >empty.sig; "
		"cat plain literal >text-behind; cat literal plain "
		">text-before; cat plain plain >two-messages; "
		"head -c -9 plain >cut; : >empty; "
		"(cat plain.asc; echo more) >more.asc; "
		"sed '6s/./=/9' plain.asc >broken.asc",
};

static int setup(void **state)
{
	size_t i;

	if (gpg_home_open(state) < 0)
		return -1;
	(void)signal(SIGPIPE, SIG_IGN);
	gpg_make_key("Alice <alice@example.org>", "never");
	gpg_fingerprint("Alice <alice@example.org>", alice);
	gpg_make_key("Bob <bob@example.org>", "never");
	gpg_make_key("Carol <carol@example.org>", "never");
	gpg_do(TEXT, "--version; cat > text");
	gpg_do("Another text\r\n", "--version; cat > other");
	for (i = 0; i < sizeof(recipes) / sizeof(recipes[0]); i++)
		gpg_do("", recipes[i]);
	gpg_do("", "--export -o bob.key bob@example.org");
	gpg_do("", "--delete-secret-keys $(gpg --homedir . --with-colons "
	       "--list-keys bob@example.org | sed -n '0,/^fpr/s/^fpr:*"
	       "\\([0-9A-F]*\\):/\\1/p')");
	gpg_do("", "--delete-secret-and-public-key $(gpg --homedir . "
	       "--with-colons --list-keys carol@example.org | sed -n "
	       "'0,/^fpr/s/^fpr:*\\([0-9A-F]*\\):/\\1/p')");
	role_open(&role, NULL, NULL);
	return 0;
}

static int teardown(void **state)
{
	assert_int_equal(role_close(&role), 0);
	return gpg_home_close(state);
}

struct attack {
	const char *file;
	unsigned wanted;		/* an enum of scheme.h */
	enum seal_state signature;
};

static const struct attack messages[] = {
	{ "plain.asc", SEAL_OPENED, SEAL_UNSIGNED },
	{ "plain", SEAL_OPENED, SEAL_UNSIGNED },
	{ "two", SEAL_OPENED, SEAL_UNSIGNED },
	{ "signed", SEAL_OPENED, SEAL_GOOD },
	{ "named", SEAL_OPENED, SEAL_UNSIGNED },
	{ "signed-two", SEAL_OPENED, SEAL_BAD },
	{ "no-mdc", SEAL_DAMAGED, SEAL_UNSIGNED },
	{ "nested", SEAL_DAMAGED, SEAL_UNSIGNED },
	{ "literal", SEAL_DAMAGED, SEAL_UNSIGNED },
	{ "signed-only", SEAL_DAMAGED, SEAL_UNSIGNED },
	{ "passphrase", SEAL_NOT_SUPPORTED, SEAL_UNSIGNED },
	{ "both", SEAL_NOT_SUPPORTED, SEAL_UNSIGNED },
	{ "for-bob", SEAL_NO_KEY, SEAL_UNSIGNED },
	{ "text-behind", SEAL_DAMAGED, SEAL_UNSIGNED },
	{ "text-before", SEAL_DAMAGED, SEAL_UNSIGNED },
	{ "two-messages", SEAL_DAMAGED, SEAL_UNSIGNED },
	{ "cut", SEAL_DAMAGED, SEAL_UNSIGNED },
	{ "empty", SEAL_DAMAGED, SEAL_UNSIGNED },
	{ "more.asc", SEAL_DAMAGED, SEAL_UNSIGNED },
	{ "broken.asc", SEAL_DAMAGED, SEAL_UNSIGNED },
	{ "good.sig", SEAL_DAMAGED, SEAL_UNSIGNED },
	{ "text", SEAL_DAMAGED, SEAL_UNSIGNED },
};

static void test_messages(void **state)
{
	struct bytes_reader reader;
	struct seal_facts facts;
	struct source blob;
	struct sink sink;
	struct desk desk;
	struct buf content;
	size_t i;
	int r;

	(void)state;
	buf_init(&content, 100000);
	sink = sink_of_buf(&content);
	for (i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
		desk_open(&desk, &role);
		buf_clear(&content);
		blob = source_of_bytes(&reader, file_of(&desk,
							messages[i].file));
		r = scheme_openpgp.open(&desk.job, &blob, &sink, &facts);
		if (r < 0 || facts.opening != messages[i].wanted ||
		    facts.state != messages[i].signature)
			fail_msg("%s: %d %s %s %s", messages[i].file, r,
				 seal_opening_name[facts.opening],
				 seal_state_name[facts.state],
				 buf_string(&desk.why));
		if (facts.opening == SEAL_OPENED) {
			assert_string_equal(buf_string(&content), TEXT);
			assert_int_equal(facts.integrity, SEAL_INTEGRITY_MDC);
			assert_string_equal(facts.opened_with, alice);
		} else {
			assert_non_null(facts.reason);
		}
		if (facts.state == SEAL_BAD)
			assert_int_equal(facts.signer_count, 0);
		desk_close(&desk);
	}
	buf_free(&content);
}

static const struct attack signatures[] = {
	{ "good.sig", 0, SEAL_GOOD },
	{ "good.bin", 0, SEAL_GOOD },
	{ "unknown.sig", 0, SEAL_UNKNOWN_KEY },
	{ "part.sig", 0, SEAL_BAD },		/* over another text */
	{ "two.sig", 0, SEAL_BAD },
	{ "twice.sig", 0, SEAL_BAD },
	{ "own.sig", 0, SEAL_BAD },
	{ "clear.sig", 0, SEAL_BAD },
	{ "renamed.sig", 0, SEAL_BAD },
	{ "before.sig", 0, SEAL_BAD },
	{ "behind.sig", 0, SEAL_BAD },
	{ "cut.sig", 0, SEAL_BAD },
	{ "empty.sig", 0, SEAL_BAD },
	{ "plain.asc", 0, SEAL_BAD },
	{ "bob.key", 0, SEAL_BAD },
	{ "text", 0, SEAL_BAD },
};

static void test_signatures(void **state)
{
	struct bytes_reader reader;
	struct seal_facts facts;
	struct source text;
	struct desk desk;
	size_t i;
	int r;

	(void)state;
	for (i = 0; i < sizeof(signatures) / sizeof(signatures[0]); i++) {
		desk_open(&desk, &role);
		text = source_of_bytes(&reader, bytes_of(TEXT));
		r = scheme_openpgp.verify(&desk.job, &text,
					  file_of(&desk, signatures[i].file),
					  &facts);
		if (r < 0 || facts.state != signatures[i].signature)
			fail_msg("%s: %d %s %s", signatures[i].file, r,
				 seal_state_name[facts.state],
				 buf_string(&desk.why));
		assert_int_equal(facts.reason == NULL,
				 facts.state == SEAL_GOOD);
		if (facts.state == SEAL_GOOD) {
			assert_int_equal(facts.signers[0].trust,
					 SEAL_TRUST_OWN);
			assert_string_equal(facts.signers[0].addresses[0],
					    "alice@example.org");
		}
		desk_close(&desk);
	}
}

/* Bytes that nobody keeps. */
struct river {
	size_t at;
	bool broken;
};

static int river_read(void *ctx, unsigned char *room, size_t size)
{
	struct river *river = ctx;
	size_t i;

	if (size > LARGE - river->at)
		size = LARGE - river->at;
	for (i = 0; i < size; i += 64)
		room[i] = (unsigned char)(river->at + i / 64);
	river->at += size;
	return river->broken && river->at > LARGE / 2 ? ERR_IO : (int)size;
}

static int river_rewind(void *ctx)
{
	struct river *river = ctx;

	river->at = 0;
	return 0;
}

/* A file as a source. */
static int file_read(void *ctx, unsigned char *room, size_t size)
{
	return (int)read(*(int *)ctx, room, size);
}

static int file_write(void *ctx, struct bytes piece)
{
	return write(*(int *)ctx, piece.data, piece.len) ==
	       (ssize_t)piece.len ? 0 : ERR_IO;
}

static void test_large(void **state)
{
	const struct seal_key to = { "alice@example.org", alice,
				     { NULL, 0 }, 0 };
	struct river river = { 0, false };
	struct source text = { river_read, river_rewind, &river };
	struct sea sea = { 0, UINT64_MAX };
	struct sink content = { sea_write, &sea };
	int file = memfd_create("large", MFD_CLOEXEC);
	struct sink blob = { file_write, &file };
	struct source again = { file_read, NULL, &file };
	struct rusage before, after;
	struct seal_facts facts;
	struct desk desk;

	(void)state;
	assert_int_equal(getrusage(RUSAGE_SELF, &before), 0);
	desk_open(&desk, &role);
	assert_int_equal(scheme_openpgp.encrypt(&desk.job, &to, 1, &text,
						&blob), 0);
	assert_int_equal(lseek(file, 0, SEEK_SET), 0);
	assert_int_equal(scheme_openpgp.open(&desk.job, &again, &content,
					     &facts), 0);
	assert_int_equal(facts.opening, SEAL_OPENED);
	assert_int_equal(sea.len, LARGE);
	desk_close(&desk);
	assert_int_equal(getrusage(RUSAGE_SELF, &after), 0);
	assert_true(after.ru_maxrss - before.ru_maxrss < 16 * 1024);
	/* Who takes no more ends it; who has no more to give, too. */
	desk_open(&desk, &role);
	assert_int_equal(lseek(file, 0, SEEK_SET), 0);
	sea.len = 0;
	sea.limit = LARGE / 2;
	assert_int_equal(scheme_openpgp.open(&desk.job, &again, &content,
					     &facts), ERR_LIMIT);
	sea.limit = UINT64_MAX;
	river.at = 0;
	river.broken = true;
	assert_int_equal(scheme_openpgp.encrypt(&desk.job, &to, 1, &text,
						&content), ERR_IO);
	desk_close(&desk);
	(void)close(file);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_messages),
	cmocka_unit_test(test_signatures),
	cmocka_unit_test(test_large),
};

GPG_TESTS(tests, setup, teardown)
