/* test_prepare_policy.c - what may leave as it is, and what may not */
#include "prepare_scene.h"

#define SEALED	"From: alice@sealed.example\n"
#define OPEN	"From: alice@example.org\n"
#define TYPE	"Content-Type: "
#define PKCS7	TYPE "application/pkcs7-mime; smime-type="

static const struct {
	const char *header, *sender, *require, *error;
} cases[] = {
	/* An account with encrypt = always. */
	{ SEALED, "", NULL, "CannotProtect" },
	{ SEALED TYPE "text/plain\n", "", NULL, "CannotProtect" },
	{ SEALED TYPE "multipart/encrypted; protocol=x\n", "", NULL, NULL },
	{ SEALED PKCS7 "enveloped-data\n", "", NULL, NULL },
	{ SEALED PKCS7 "\"authEnveloped-Data\"\n", "", NULL, NULL },
	{ SEALED "Content-Type:\n application/x-pkcs7-mime;\n"
	  " smime-type=enveloped-data\n", "", NULL, NULL },
	{ SEALED TYPE "multipart/signed; protocol=x\n", "", NULL,
	  "CannotProtect" },
	{ SEALED PKCS7 "signed-data\n", "", NULL, "CannotProtect" },
	{ SEALED TYPE "application/pkcs7-mime\n", "", NULL,
	  "CannotProtect" },
	/* Two types: readers differ. */
	{ SEALED TYPE "multipart/encrypted\n" TYPE "text/plain\n", "", NULL,
	  "CannotProtect" },
	{ SEALED TYPE "multipart/encryptedx\n", "", NULL, "CannotProtect" },
	{ SEALED TYPE "text/plain (multipart/encrypted)\n", "", NULL,
	  "CannotProtect" },
	/* Bounces and what is resent. */
	{ SEALED, "<>", NULL, NULL },
	{ "Resent-From: alice@sealed.example\n" OPEN, "", NULL, NULL },
	/* What the caller wants, by any account. */
	{ OPEN, "", NULL, NULL },
	{ OPEN, "", "encrypt", "CannotProtect" },
	{ OPEN, "", "sign", "CannotProtect" },
	{ OPEN, "", "answer", "CannotProtect" },
	{ OPEN, "", "sign,answer", "CannotProtect" },
	{ OPEN TYPE "multipart/signed; protocol=x\n", "", "answer",
	  "CannotProtect" },
	{ OPEN TYPE "multipart/encrypted; protocol=x\n", "", "answer", NULL },
	{ "Resent-To: x@y.example\n" OPEN, "", "answer", NULL },
	{ OPEN, "", "answers", "InvalidOption" },
	{ OPEN, "", "seal", "InvalidOption" },
	{ OPEN, "", "", "InvalidOption" },
	{ OPEN TYPE "multipart/signed; protocol=x\n", "", "sign", NULL },
	{ OPEN TYPE "multipart/signed; protocol=x\n", "", "sign,encrypt",
	  "CannotProtect" },
	{ OPEN TYPE "multipart/encrypted; protocol=x\n", "", "encrypt, sign",
	  NULL },
	{ "Resent-To: x@y.example\n" OPEN, "", "encrypt", "CannotProtect" },
};

static void test_all(void **state)
{
	struct scene scene;
	char text[400];
	size_t i;
	int r;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		scene_open(&scene);
		scene.question.sender = cases[i].sender;
		scene.question.require = cases[i].require;
		(void)snprintf(text, sizeof(text), "%s\nbody\n",
			       cases[i].header);
		r = scene_prepare(&scene, bytes_of(text), "bob@example.net");
		if ((r == 0) != (cases[i].error == NULL))
			fail_msg("case %zu: %d", i, r);
		if (cases[i].error != NULL)
			assert_string_equal(scene.name, cases[i].error);
		else
			assert_non_null(strstr(buf_string(&scene.mail),
					       "\r\n\r\nbody\r\n"));
		scene_close(&scene);
	}
}

/* An encrypted mail is answered: no account's policy sends that in clear. */
static void test_answers(void **state)
{
	static const struct {
		const char *header, *sender;
		bool leaves;
	} answers[] = {
		{ OPEN, "", false }, { SEALED, "", false },
		{ OPEN TYPE "multipart/signed; protocol=x\n", "", false },
		{ OPEN TYPE "multipart/encrypted; protocol=x\n", "", true },
		{ OPEN, "<>", true },
		{ "Resent-From: alice@example.org\n" OPEN, "", true },
	};
	struct scene scene;
	char text[400];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		scene_open(&scene);
		scene.question.sender = answers[i].sender;
		scene.question.answers_sealed = true;
		(void)snprintf(text, sizeof(text), "%s\nbody\n",
			       answers[i].header);
		assert_int_equal(scene_prepare(&scene, bytes_of(text),
					       "bob@example.net") == 0,
				 answers[i].leaves);
		if (!answers[i].leaves)
			assert_string_equal(scene.name, "CannotProtect");
		scene_close(&scene);
	}
}

/* A client encrypts once, for all of them: whom the header does not show, the
 * ids of the keys do. */
static void test_hidden(void **state)
{
#define SHOWN	OPEN "To: bob@example.net\n" TYPE
	static const struct {
		const char *header, *recipients;
		bool leaves;
	} mails[] = {
		{ SHOWN "multipart/encrypted; a=b\n", "bob@example.net", true },
		{ SHOWN "multipart/encrypted; a=b\n",
		  "bob@example.net\ncarol@example.net", false },
		{ SHOWN "application/pkcs7-mime; smime-type=enveloped-data\n"
		  "Bcc: carol@example.net\n",
		  "bob@example.net\ncarol@example.net", false },
		/* The user himself, one alone, and what is sent on. */
		{ SHOWN "multipart/encrypted; a=b\n",
		  "bob@example.net\nAlice@work.example", true },
		{ SHOWN "multipart/encrypted; a=b\n", "carol@example.net",
		  true },
		{ SHOWN "multipart/encrypted; a=b\n",
		  "carol@example.net\ndave@example.net", false },
		{ "Resent-To: carol@example.net\n" SHOWN
		  "multipart/encrypted; a=b\n",
		  "carol@example.net\ndave@example.net", true },
		{ SHOWN "multipart/signed; a=b\n",
		  "bob@example.net\ncarol@example.net", true },
	};
	struct scene scene;
	char text[400];
	size_t i;
	int r;

	(void)state;
	for (i = 0; i < sizeof(mails) / sizeof(mails[0]); i++) {
		scene_open(&scene);
		(void)snprintf(text, sizeof(text), "%s\nbody\n",
			       mails[i].header);
		r = scene_prepare(&scene, bytes_of(text), mails[i].recipients);
		if ((r == 0) != mails[i].leaves)
			fail_msg("case %zu: %d", i, r);
		if (r != 0)
			assert_string_equal(scene.name, "HiddenRecipients");
		scene_close(&scene);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hidden),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
