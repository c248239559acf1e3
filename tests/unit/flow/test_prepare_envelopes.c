/* test_prepare_envelopes.c - hidden recipients and those who are not */
#include "prepare_scene.h"

#define FROM "From: Alice <alice@example.org>\n"
#define WHOLE FROM "Date: x\nMessage-ID: <1@x>\n"

/* A hidden copy's address leaves in no message; with -t it gets one. */
static void test_bcc(void **state)
{
	static const char text[] = WHOLE "To: Bob <bob@example.net>, "
		"friends: eve@example.net, \"d e\"@example.net;\n"
		"Bcc: carol@example.net,\n dave@example.net\nCc:\n"
		"bCC : x@example.net\nResent-Bccx: y\n\nb\n";
	struct scene scene;
	size_t i;

	(void)state;
	scene_open(&scene);
	scene.question.read_recipients = true;
	assert_int_equal(scene_prepare(&scene, bytes_of(
		WHOLE "To: Bob <bob@example.net>, friends: eve@example.net, "
		"\"d e\"@example.net;\nBcc: carol@example.net,\n "
		"dave@example.net\nCc:\nbCC : x@example.net\n\nb\n"),
		"bob@example.net\nzoe@example.net\n"), 0);
	assert_string_equal(scene_recipients(&scene), "bob@example.net "
		"eve@example.net \"d e\"@example.net "
		"zoe@example.net carol@example.net dave@example.net "
		"x@example.net");
	assert_int_equal(scene.file.job.envelope_count, 5);
	assert_int_equal(scene.file.job.envelopes[0].count, 3);
	for (i = 0; i < 5; i++) {
		assert_int_equal(scene.file.job.envelopes[i].offset, 0);
		assert_int_equal(scene.file.job.envelopes[i].size,
				 scene.answer.size);
		assert_string_equal(scene.file.job.envelopes[i].sender,
				    "alice@example.org");
	}
	assert_null(strcasestr(buf_string(&scene.mail), "bcc"));
	assert_null(strstr(buf_string(&scene.mail), "carol"));
	assert_null(strstr(buf_string(&scene.mail), "dave"));
	scene_close(&scene);
	/* Without -t the header names nobody. */
	scene_open(&scene);
	assert_int_equal(scene_prepare(&scene, bytes_of(text),
				       "bob@example.net"), 0);
	assert_string_equal(scene_recipients(&scene), "bob@example.net");
	assert_null(strcasestr(buf_string(&scene.mail), "carol"));
	scene_close(&scene);
}

/* Many hidden ones are a circular: together in one envelope. */
static void test_circular(void **state)
{
	struct scene scene;
	struct buf to;
	size_t i;

	(void)state;
	buf_init(&to, 10000);
	for (i = 0; i < 60; i++)
		buf_print(&to, "r%zu@example.net\n", i);
	scene_open(&scene);
	assert_int_equal(scene_prepare(&scene, bytes_of(
		WHOLE "To: r7@example.net\n\nb\n"), buf_string(&to)), 0);
	assert_int_equal(scene.file.job.recipient_count, 60);
	assert_int_equal(scene.file.job.envelope_count, 2);
	assert_int_equal(scene.file.job.envelopes[0].count, 1);
	assert_string_equal(scene.file.job.recipients[0].address,
			    "r7@example.net");
	assert_int_equal(scene.file.job.envelopes[1].count, 59);
	scene_close(&scene);
	buf_free(&to);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bcc),
		cmocka_unit_test(test_circular),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
