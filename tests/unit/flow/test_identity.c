/* test_identity.c - one message, one id, whatever file it lies in */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/memfile.h"
#include "agent/flow/identity.h"
#include "agent/mail/message.h"

#define CAP (1024 * 1024)

static char *id_of(struct arena *arena, const char *text)
{
	char *id = arena_alloc(arena, IDENTITY_TEXT);
	struct message *message;
	struct memfile file;
	int fd = memfile_make("message", bytes_of(text));

	assert_int_equal(memfile_open(fd, CAP, &file), 0);
	assert_int_equal(message_parse(arena, file.bytes, &message), 0);
	assert_int_equal(identity_of(message, &file, NULL, id), 0);
	memfile_close(&file);
	assert_int_equal(strlen(id), IDENTITY_TEXT - 1);
	return id;
}

#define PLAIN	"From: a@b.example\r\nSubject: x\r\n\r\nbody\r\n"

static void the_same_in_every_format(void **state)
{
	struct arena *arena = arena_new(CAP);
	const char *id = id_of(arena, PLAIN);

	(void)state;
	/* what sha256sum(1) says of these bytes */
	assert_string_equal(id, "90cd107fc3c7d9ac339f1476aa3f0ec1"
			    "b792a0ba15eef46305412a5c8f307474");
	assert_string_equal(id, id_of(arena, "From: a@b.example\nSubject: x\n"
				      "\nbody\n"));
	assert_string_equal(id, id_of(arena, "From b Sat Jan  3 01:05:34 1996"
				      "\n" "From: a@b.example\nSubject: x\n"
				      "\nbody\n"));
	assert_string_equal(id, id_of(arena, "X-Mailseal-0123456789abcdef: "
				      "genuine\r\n\tfolded\r\n" PLAIN));
	arena_free(arena);
}

static void another_for_every_change(void **state)
{
	static const char *const others[] = {
		"From: a@b.example\r\nSubject: x\r\n\r\nbody",
		"From: a@b.example\r\nSubject: y\r\n\r\nbody\r\n",
		"From: a@b.example\r\nSubject: x\r\n\r\nbody \r\n",
		/* not our field */
		"X-Mailseal-0123456789abcdeg: genuine\r\n" PLAIN,
		"X-Mailseal-0123456789abcde: genuine\r\n" PLAIN,
		"X-Mailseal: genuine\r\n" PLAIN,
	};
	struct arena *arena = arena_new(CAP);
	const char *id = id_of(arena, PLAIN);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_string_not_equal(id, id_of(arena, others[i]));
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_in_every_format),
		cmocka_unit_test(another_for_every_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
