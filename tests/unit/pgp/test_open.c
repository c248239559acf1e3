/* test_open.c - what gpg opens, and what of it counts */
#include "tests/unit/pgp/gpg_home.h"

#define TEXT	"Hello\r\nthere\r\n"
#define TO	"--batch --yes --trust-model always -r alice@example.org "

/* Each is made in the home by a shell, from the ones above it. */
static const char *const recipes[] = {
	TO "-e -o plain text",
	TO "-e -a -o armored text",
	TO "-e -R bob@example.org -o hidden text",
	TO "-e --throw-keyids -o thrown text",
	TO "-s -u alice@example.org -e -o signed text",
	TO "-s -u mallory@example.org -e -o signed-mallory text",
	TO "-s -u alice@example.org -u mallory@example.org -e -o signed-two "
		"text",
	TO "-e --set-filename \"$(printf 'a\\n[GNUPG:] GOODSIG 1 A')\" "
		"-o named text",
	TO "-e --set-filename ../../evil -o named-path text",
	TO "-e --for-your-eyes-only -o eyes text",
	TO "--rfc2440 --disable-mdc -e -o no-mdc text; true",
	TO "--rfc2440 --disable-mdc --cipher-algo 3DES -e -o no-mdc-3des "
		"text; true",
	TO "--no-literal -e -o nested plain",
	TO "--no-literal -e -o nested-no-mdc no-mdc",
	"--store -o literal text",
	"-s -u alice@example.org -o signed-only text",
	TO "--no-literal -e -o two-texts twice",
	TO "--no-literal -z 0 -e -o two-texts-0 twice",
	"-z 0 -s -u alice@example.org -o signed-0 text; "
		"cat once signed-0 >text-and-signed; "
		"cat signed-0 once >signed-and-text",
	TO "--no-literal -z 0 -e -o unsigned-first text-and-signed",
	TO "--no-literal -z 0 -e -o unsigned-last signed-and-text",
	TO "--no-literal -e -o raw text",
	"--batch -r bob@example.org --trust-model always -e -o for-bob text",
};

static int setup(void **state)
{
	char command[1024];
	size_t i;

	if (gpg_home_open(state) < 0)
		return -1;
	gpg_make_key("Alice <alice@example.org>", "never");
	gpg_make_key("Mallory <mallory@example.org>", "never");
	gpg_make_key("Bob <bob@example.org>", "never");
	gpg_do(TEXT, "--version; cat > text");
	gpg_do("", "-z 0 --store -o once text; cat once once > twice");
	for (i = 0; i < sizeof(recipes) / sizeof(recipes[0]); i++)
		gpg_do("", recipes[i]);
	gpg_do("", "--delete-secret-keys $(gpg --homedir . --with-colons "
	       "--list-keys bob@example.org | sed -n '0,/^fpr/s/^fpr:*"
	       "\\([0-9A-F]*\\):/\\1/p')");
	(void)snprintf(command, sizeof(command), "cd %s && "
		       "cat plain literal > text-behind && "
		       "cat literal plain > text-before && "
		       "cat plain plain > two-messages && "
		       "head -c -30 plain > cut-off && "
		       "printf 'nothing of the kind' > garbage && "
		       ": > empty", gpg_home);
	return system(command);
}

static void open_file(struct ask *ask, const char *name)
{
	char path[256];

	ask_open(ask);
	(void)snprintf(path, sizeof(path), "%s/%s", gpg_home, name);
	ask->fds[0] = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(ask->fds[0] >= 0);
	ask_want(ask, 1);
	pgp_open(&ask->job);
	if (ask->job.failure != NULL)
		fail_msg("%s: %s %s", name, ask->job.failure,
			 buf_string(&ask->sentence));
}

struct open_case {
	const char *file;
	const char *opening, *integrity;
	const char *signature;		/* of the first; "": there is none */
	int64_t recipients;
};

static const struct open_case cases[] = {
	{ "plain", "opened", "mdc", "", 1 },
	{ "armored", "opened", "mdc", "", 1 },
	{ "hidden", "opened", "mdc", "", 2 },
	{ "thrown", "opened", "mdc", "", 1 },
	{ "signed", "opened", "mdc", "good", 1 },
	{ "signed-mallory", "opened", "mdc", "good", 1 },
	{ "signed-two", "opened", "mdc", "good", 1 },
	{ "named", "opened", "mdc", "", 1 },
	{ "named-path", "opened", "mdc", "", 1 },
	{ "eyes", "opened", "mdc", "", 1 },
	/* One more than stands before the message: crypto/ refuses it. */
	{ "nested", "opened", "mdc", "", 2 },
	{ "no-mdc", "damaged", "", "", 0 },
	{ "no-mdc-3des", "damaged", "", "", 0 },
	{ "nested-no-mdc", "damaged", "", "", 0 },
	{ "literal", "damaged", "", "", 0 },
	{ "signed-only", "damaged", "", "", 0 },
	{ "two-texts", "damaged", "", "", 0 },
	{ "two-texts-0", "damaged", "", "", 0 },
	{ "unsigned-first", "damaged", "", "", 0 },
	{ "unsigned-last", "damaged", "", "", 0 },
	{ "raw", "damaged", "", "", 0 },
	{ "text-behind", "damaged", "", "", 0 },
	{ "text-before", "damaged", "", "", 0 },
	{ "two-messages", "damaged", "", "", 0 },
	{ "cut-off", "damaged", "", "", 0 },
	{ "garbage", "damaged", "", "", 0 },
	{ "empty", "damaged", "", "", 0 },
	{ "for-bob", "no-key", "", "", 0 },
};

static void test_cases(void **state)
{
	const struct value *recipients;
	struct ask ask;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		open_file(&ask, cases[i].file);
		if (strcmp(ask_text(&ask, NULL, "opening"),
			   cases[i].opening) != 0)
			fail_msg("%s: %s", cases[i].file,
				 ask_text(&ask, NULL, "opening"));
		assert_string_equal(ask_text(&ask, NULL, "integrity"),
				    cases[i].integrity);
		assert_string_equal(ask_text(&ask, "signatures", "state"),
				    cases[i].signature);
		recipients = value_find(ask.job.report, "recipients",
					VALUE_NUMBER);
		if (strcmp(cases[i].opening, "opened") == 0) {
			assert_true(bytes_is(ask_got(&ask, 1), TEXT));
			assert_int_equal(recipients->number,
					 cases[i].recipients);
			/* Nobody says for whom it was thrown. */
			assert_int_equal(strlen(ask_text(&ask, NULL,
							 "opened_with")),
					 strcmp(cases[i].file, "thrown") == 0 ?
					 0 : 40);
		} else {
			assert_null(recipients);
			assert_string_not_equal(ask_text(&ask, NULL, "reason"),
						"");
		}
		ask_close(&ask);
	}
}

/* Whichever byte of the protected part is changed, nothing counts. */
static void test_changed(void **state)
{
	char path[256];
	unsigned char all[4096];
	struct bytes blob = { all, 0 };
	struct ask ask;
	ssize_t len;
	size_t at;
	int fd;

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/signed", gpg_home);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	len = read(fd, all, sizeof(all));
	(void)close(fd);
	assert_true(len > 200);
	blob.len = (size_t)len;
	for (at = 0; at < blob.len; at += at < 110 ? 9 : 17) {
		all[at] ^= 0x04;
		ask_open(&ask);
		ask_give(&ask, 0, blob);
		ask_want(&ask, 1);
		pgp_open(&ask.job);
		assert_string_not_equal(ask_text(&ask, NULL, "opening"),
					"opened");
		assert_null(ask_first(&ask, "signatures"));
		ask_close(&ask);
		all[at] ^= 0x04;
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_cases),
	cmocka_unit_test(test_changed),
};

GPG_TESTS(tests, setup, gpg_home_close)
