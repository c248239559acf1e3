/* test_prepare.c - what becomes of messages that programs hand over */
#include "prepare_scene.h"

#define FROM "From: Alice <alice@example.org>\n"
#define WHOLE FROM "Date: x\nMessage-ID: <1@x>\n"

static void test_plain(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene);
	assert_int_equal(scene_prepare(&scene, bytes_of(
		WHOLE "Subject: hi\n\none\n.\ntwo"), "bob@example.net"), 0);
	assert_string_equal(buf_string(&scene.mail),
		"From: Alice <alice@example.org>\r\nDate: x\r\n"
		"Message-ID: <1@x>\r\nSubject: hi\r\n\r\n"
		"one\r\n.\r\ntwo\r\n");
	assert_string_equal(scene.answer.account->name, "home");
	assert_string_equal(scene.file.job.account, "home");
	assert_string_equal(scene.file.job.message_id, "<1@x>");
	assert_string_equal(scene.file.job.envelopes[0].sender,
			    "alice@example.org");
	assert_int_equal(scene.file.job.order, 7);
	assert_int_equal(scene.file.job.created, 1000000000);
	assert_int_equal(scene.answer.size, scene.mail.len);
	assert_string_equal(scene_recipients(&scene), "bob@example.net");
	scene_close(&scene);
}

/* Line ends of every kind, a line of mbox, no line end, no header, nothing. */
static void test_forms(void **state)
{
	static const struct { const char *in, *out; } cases[] = {
		{ WHOLE "\r\nbody\r\n", "\r\n\r\nbody\r\n" },
		{ "From alice Thu Jan  1\n" WHOLE "\nx\n", "\r\n\r\nx\r\n" },
		{ WHOLE "\na\rb\r\nc\nd\n\r", "\r\n\r\na\r\nb\r\nc\r\nd\r\n"
		  "\r\n" },
		{ WHOLE, "<1@x>\r\n\r\n" },
		{ WHOLE "\n", "<1@x>\r\n\r\n" },
		{ WHOLE "no empty line\n", "<1@x>\r\n\r\nno empty line\r\n" },
		{ WHOLE "X: folded\n\tonce\n twice\n\nb\n",
		  "X: folded\r\n\tonce\r\n twice\r\n\r\nb\r\n" },
		{ "hello\nworld\n", "\r\n\r\nhello\r\nworld\r\n" },
		{ "", "\r\n\r\n" },
		{ "\nonly a body", "\r\n\r\nonly a body\r\n" },
	};
	struct scene scene;
	const char *mail;
	size_t i, len;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		scene_open(&scene);
		assert_int_equal(scene_prepare(&scene, bytes_of(cases[i].in),
					       "bob@example.net"), 0);
		mail = buf_string(&scene.mail);
		len = strlen(cases[i].out);
		assert_true(scene.mail.len >= len);
		assert_string_equal(mail + scene.mail.len - len,
				    cases[i].out);
		assert_non_null(strstr(mail, "Date: "));
		assert_non_null(strstr(mail, "Message-ID: <"));
		assert_non_null(strstr(mail, "From: "));
		scene_close(&scene);
	}
}

static void test_added(void **state)
{
	struct scene scene;
	const char *mail;

	(void)state;
	scene_open(&scene);
	scene.question.full_name = "Al \"X\" Harper";
	assert_int_equal(scene_prepare(&scene, bytes_of("Subject: x\n\nb\n"),
				       "bob@example.net"), 0);
	mail = buf_string(&scene.mail);
	assert_non_null(strstr(mail, "From: \"Al \\\"X\\\" Harper\" "
			       "<alice@example.org>\r\n"));
	assert_non_null(strstr(mail, "Sep 2001 "));
	assert_non_null(strstr(mail, "@example.org>\r\n"));
	assert_non_null(scene.answer.message_id);
	scene_close(&scene);

	scene_open(&scene);
	scene.question.sender = "a@example.org";
	scene.question.full_name = "Zo\303\253";
	assert_int_equal(scene_prepare(&scene, bytes_of("Subject: x\n\nb\n"),
				       "bob@example.net"), 0);
	assert_non_null(strstr(buf_string(&scene.mail),
		"From: =?UTF-8?B?Wm/Dqw==?= <a@example.org>\r\n"));
	assert_string_equal(scene.answer.sender, "a@example.org");
	scene_close(&scene);
}

/* A blank in front of a colon does not go out: who writes the sealed header
 * would see no field there. */
static void test_blank_names(void **state)
{
	struct scene scene;
	const char *mail;

	(void)state;
	scene_open(&scene);
	assert_int_equal(scene_prepare(&scene, bytes_of("From : a@example.org\n"
			 "Subject\t:x\n y\n"
			 "Bcc : d@example.net\n\nb\n"), "bob@example.net"),
			 0);
	mail = buf_string(&scene.mail);
	assert_non_null(strstr(mail, "From: a@example.org\r\n"
			       "Subject:x\r\n y\r\n\r\nb\r\n"));
	assert_null(strstr(mail, "d@example.net"));
	scene_close(&scene);
}

/* A bounced message stays as it is but for its hidden copies. */
static void test_resent(void **state)
{
	static const char text[] =
		"Resent-From: alice@work.example\n"
		"Resent-To: carol@example.net\n"
		"Resent-Bcc: dave@example.net\n"
		"Resent-To: older@example.net\n"
		"Received: by x\n"
		"From: bob@example.net\nTo: alice@work.example\n\nb\n";
	struct scene scene;

	(void)state;
	scene_open(&scene);
	scene.question.read_recipients = true;
	assert_int_equal(scene_prepare(&scene, bytes_of(text), ""), 0);
	assert_string_equal(scene_recipients(&scene),
			    "carol@example.net dave@example.net");
	assert_string_equal(scene.answer.account->name, "work");
	assert_string_equal(scene.answer.sender, "alice@work.example");
	assert_string_equal(buf_string(&scene.mail),
		"Resent-From: alice@work.example\r\n"
		"Resent-To: carol@example.net\r\n"
		"Resent-To: older@example.net\r\nReceived: by x\r\n"
		"From: bob@example.net\r\nTo: alice@work.example\r\n\r\n"
		"b\r\n");
	scene_close(&scene);
}

static void test_whose(void **state)
{
	static const struct {
		const char *sender, *account, *from, *chosen, *envelope;
		const char *error;
	} cases[] = {
		{ "", NULL, "a@Example.ORG", "home", "a@example.org", NULL },
		{ "", NULL, "alice@work.example", "work",
		  "alice@work.example", NULL },
		{ "alice@work.example", NULL, "a@example.org", "home",
		  "alice@work.example", NULL },
		{ "alice@work.example", NULL, "else@where.example", "work",
		  "alice@work.example", NULL },
		{ "", "work", "a@example.org", "work", "a@example.org", NULL },
		{ "<>", NULL, "a@example.org", "home", "", NULL },
		{ "root", NULL, "root (Cron Daemon)", "home",
		  "alice@example.org", NULL },
		{ "", NULL, "else@where.example", NULL, NULL, "NoAccount" },
		{ "else@where.example", NULL, "root", NULL, NULL,
		  "NoAccount" },
		{ "", "absent", "a@example.org", NULL, NULL, "NoAccount" },
		{ "a b@@", NULL, "a@example.org", NULL, NULL,
		  "InvalidAddress" },
		{ "", NULL, "alice@sealed.example", NULL, NULL,
		  "CannotProtect" },
	};
	struct scene scene;
	char text[200];
	size_t i;
	int r;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		scene_open(&scene);
		scene.question.sender = cases[i].sender;
		scene.question.account = cases[i].account;
		(void)snprintf(text, sizeof(text), "From: %s\n\nb\n",
			       cases[i].from);
		r = scene_prepare(&scene, bytes_of(text), "bob@example.net");
		if (cases[i].error != NULL) {
			assert_true(r < 0);
			assert_string_equal(scene.name, cases[i].error);
		} else {
			assert_int_equal(r, 0);
			assert_string_equal(scene.answer.account->name,
					    cases[i].chosen);
			assert_string_equal(scene.answer.sender,
					    cases[i].envelope);
		}
		scene_close(&scene);
	}
}

static void test_refused(void **state)
{
	static const struct { const char *to, *error; } cases[] = {
		{ "", "NoRecipients" }, { "\n\n", "NoRecipients" },
		{ "bob", "InvalidAddress" }, { "bob@", "InvalidAddress" },
		{ "bob@exa mple.net", "InvalidAddress" },
		{ "bob@[192.0.2.1]", "InvalidAddress" },
		{ "-oi", "InvalidAddress" },
	};
	struct scene scene;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		scene_open(&scene);
		assert_true(scene_prepare(&scene, bytes_of(WHOLE "\nb\n"),
					  cases[i].to) < 0);
		assert_string_equal(scene.name, cases[i].error);
		scene_close(&scene);
	}
	scene_open(&scene);
	assert_true(scene_prepare(&scene, (struct bytes){
		(const unsigned char *)WHOLE "\nb\0c\n",
		sizeof(WHOLE) + 4 }, "bob@example.net") < 0);
	assert_string_equal(scene.name, "InvalidMessage");
	scene_close(&scene);
	scene_open(&scene);
	assert_true(scene_prepare(&scene, (struct bytes){
		(const unsigned char *)"X: \0\n\nb\n", 9 },
		"bob@example.net") < 0);
	assert_string_equal(scene.name, "InvalidMessage");
	scene_close(&scene);
}

/* Text with a line that mail does not allow is made quoted-printable; what
 * has a structure is not touched but refused. */
static void test_long_lines(void **state)
{
	struct scene scene;
	struct buf text;
	size_t i;

	(void)state;
	buf_init(&text, 10000);
	buf_text(&text, WHOLE "Content-Type: text/html; charset=utf-8\n"
		 "Content-Transfer-Encoding: 8bit\n\n");
	for (i = 0; i < 300; i++)
		buf_text(&text, "w\303\266rd ");
	scene_open(&scene);
	assert_int_equal(scene_prepare(&scene, buf_bytes(&text),
				       "bob@example.net"), 0);
	assert_non_null(strstr(buf_string(&scene.mail),
		"Content-Transfer-Encoding: quoted-printable\r\n"));
	assert_null(strstr(buf_string(&scene.mail), "8bit"));
	assert_non_null(strstr(buf_string(&scene.mail), "w=C3=B6rd"));
	assert_false(scene.file.job.envelopes[0].eight_bit);
	scene_close(&scene);
	buf_clear(&text);
	buf_text(&text, WHOLE "Content-Type: multipart/mixed; boundary=x\n\n");
	for (i = 0; i < 300; i++)
		buf_text(&text, "word ");
	scene_open(&scene);
	assert_true(scene_prepare(&scene, buf_bytes(&text),
				  "bob@example.net") < 0);
	assert_string_equal(scene.name, "InvalidMessage");
	scene_close(&scene);
	buf_free(&text);
}

static void test_needs(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene);
	scene.question.notify = "failure,Success";
	scene.question.ret = "hdrs";
	scene.question.envelope_id = "a b+";
	assert_int_equal(scene_prepare(&scene, bytes_of(
		WHOLE "Subject: \303\266\n\n\303\266\n"),
		"j\303\266rg@m\303\274nchen.example"), 0);
	assert_true(scene.file.job.envelopes[0].utf8);
	assert_true(scene.file.job.envelopes[0].utf8_header);
	assert_true(scene.file.job.envelopes[0].eight_bit);
	assert_string_equal(scene_recipients(&scene),
			    "j\303\266rg@xn--mnchen-3ya.example");
	assert_string_equal(scene.file.job.notify, "SUCCESS,FAILURE");
	assert_string_equal(scene.file.job.ret, "HDRS");
	assert_string_equal(scene.file.job.envelope_id, "a+20b+2B");
	scene_close(&scene);
	scene_open(&scene);
	scene.question.notify = "sometimes";
	assert_true(scene_prepare(&scene, bytes_of(WHOLE "\nb\n"),
				  "bob@example.net") < 0);
	assert_string_equal(scene.name, "InvalidOption");
	scene_close(&scene);
}

/* A body larger than what is held in memory goes through unharmed. */
static void test_large(void **state)
{
	struct scene scene;
	struct buf text;
	size_t i;

	(void)state;
	buf_init(&text, 16 << 20);
	buf_text(&text, WHOLE "\n");
	for (i = 0; i < 200000; i++)
		buf_print(&text, "line %zu\n", i);
	scene_open(&scene);
	assert_int_equal(scene_prepare(&scene, buf_bytes(&text),
				       "bob@example.net"), 0);
	assert_int_equal(scene.mail.len, text.len + 200000 + 4);
	assert_non_null(strstr(buf_string(&scene.mail),
			       "line 99999\r\nline 100000\r\n"));
	scene_close(&scene);
	buf_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain), cmocka_unit_test(test_forms),
		cmocka_unit_test(test_added),
		cmocka_unit_test(test_blank_names),
		cmocka_unit_test(test_resent), cmocka_unit_test(test_whose),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_long_lines),
		cmocka_unit_test(test_needs), cmocka_unit_test(test_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
