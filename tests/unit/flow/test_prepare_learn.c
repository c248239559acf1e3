/* test_prepare_learn.c - whom a mail makes known, and whom not */
#include "prepare_scene.h"

#define FROM "From: Alice <alice@example.org>\n"
#define WHOLE FROM "Date: x\nMessage-ID: <1@x>\n"

/* Who is to be known: "address=beside" of each that is. */
static const char *learned(struct scene *scene)
{
	const struct queue_job *job = &scene->file.job;
	const char *out = "";
	size_t i;

	for (i = 0; i < job->recipient_count; i++)
		if (job->recipients[i].learn != NULL)
			out = arena_print(scene->arena, "%s%s=%s;", out,
					  job->recipients[i].address,
					  job->recipients[i].learn);
	return out;
}

static void test_learn(void **state)
{
	static const struct { const char *header, *sender, *learned; }
	cases[] = {
		{ "To: Bob <bob@b.example>\nCc: carol@b.example\n", "",
		  "bob@b.example=Bob;carol@b.example=;" },
		{ "To: bob@b.example\nBcc: carol@b.example\n", "",
		  "bob@b.example=;" },
		{ "To: =?UTF-8?Q?B=C3=B6b?= <bob@b.example>\n", "",
		  "bob@b.example==?UTF-8?Q?B=C3=B6b?=;" },
		{ "To: \"Bob, \303\266\" <bob@b.example>\n", "",
		  "bob@b.example=Bob, \303\266;" },
		/* Not who does not get it. */
		{ "To: Bob <bob@b.example>, dave@b.example\n", "",
		  "bob@b.example=Bob;" },
		/* A name that cannot be read. */
		{ "To: \"B\1b\" <bob@b.example>\n", "", "" },
		{ "To: B\366b <bob@b.example>\n", "", "" },
		{ "To: bob@b.example\n", "<>", "" },
		{ "Resent-To: bob@b.example\nTo: bob@b.example\n", "", "" },
		{ "To: bob@b.example\nAuto-Submitted: auto-replied\n", "",
		  "" },
		{ "To: bob@b.example\nAuto-Submitted: no\n", "",
		  "bob@b.example=;" },
		{ "To: bob@b.example\nPrecedence: bulk\n", "", "" },
		{ "To: bob@b.example\nPrecedence: first-class\n", "",
		  "bob@b.example=;" },
		{ "To: bob@b.example\nList-Id: <l.b.example>\n", "", "" },
		{ "To: bob@b.example\nMail-Followup-To: bob@b.example\n", "",
		  "" },
		/* Who stands behind what cannot be read counts as hidden. */
		{ "To: broken <bob@\nCc: carol@b.example\n", "", "" },
	};
	struct scene scene;
	char text[300];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		scene_open(&scene);
		scene.question.sender = cases[i].sender;
		(void)snprintf(text, sizeof(text), WHOLE "%s\nb\n",
			       cases[i].header);
		assert_int_equal(scene_prepare(&scene, bytes_of(text),
					       "bob@b.example\n"
					       "carol@b.example"), 0);
		assert_string_equal(learned(&scene), cases[i].learned);
		scene_close(&scene);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_learn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
