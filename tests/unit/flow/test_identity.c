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

#define CAP	(1024 * 1024)
#define ROOM	30000
#define ROUNDS	400

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

#define OWN	"X-Mailseal-0123456789abcdef: "
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
	assert_string_equal(id, id_of(arena, OWN "genuine\r\n\tfolded\r\n"
				      PLAIN));
	assert_string_equal(id, id_of(arena, OWN "genuine; display=name;\n"
				      "\tjudged=2026-03-02T10:00:00Z;\n"
				      "\treason=\"a: b\"\n" PLAIN));
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
		/* not as ours is written: what it hides would be judged by
		 * what was seen without it */
		OWN "a\r\n From: eve@evil.example\r\n" PLAIN,
		OWN "a\r\n\tSubject : pay\r\n" PLAIN,
		OWN "a\rSubject: pay\r\n" PLAIN,
		OWN "a\r\n b\rFrom=: x\r\n" PLAIN,
		OWN "a\x0B" "From: x\r\n" PLAIN,
		OWN "a\xE2\x80\xA8" "From: x\r\n" PLAIN,
		OWN "a\r\r\n" PLAIN,
	};
	struct arena *arena = arena_new(CAP);
	const char *id = id_of(arena, PLAIN);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_string_not_equal(id, id_of(arena, others[i]));
	arena_free(arena);
}

static size_t head_put(char *text)
{
	memcpy(text, "From: a@b.example\n\n", 20);
	return 19;
}

/* An id does not tell how its lines end, one octet after the other. */
static void line_ends_do_not_matter(void **state)
{
	static const char letters[] = "aaaaaaaabbbbcccc \r\n\n";
	static char text[ROOM], wired[2 * ROOM];
	struct arena *arena;
	uint32_t number = 1;
	size_t i, used, len;
	int round;

	(void)state;
	for (round = 0; round < ROUNDS; round++) {
		number = number * 1103515245u + 12345u;
		len = head_put(text) +
		      (number >> 12) % (round % 8 == 0 ? ROOM - 64 : 300);
		for (i = strlen(text); i < len; i++) {
			number = number * 1103515245u + 12345u;
			text[i] = letters[(number >> 16) %
					  (sizeof(letters) - 1)];
			if (round % 4 == 0 && (number >> 27) > 2)
				text[i] = 'x';
		}
		text[len] = 0;
		for (i = used = 0; i < len; i++) {
			if (text[i] == '\n' && text[i - 1] != '\r')
				wired[used++] = '\r';
			wired[used++] = text[i];
		}
		wired[used] = 0;
		arena = arena_new(CAP);
		assert_string_equal(id_of(arena, text), id_of(arena, wired));
		arena_free(arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_in_every_format),
		cmocka_unit_test(another_for_every_change),
		cmocka_unit_test(line_ends_do_not_matter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
