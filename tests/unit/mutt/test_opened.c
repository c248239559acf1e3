/* test_opened.c - the note of a Mutt that decrypted something */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plugins/mutt/opened.h"

#define ONE	"0123456789abcdef"
#define OTHER	"fedcba9876543210"

static char folder[] = "/tmp/mailseal-opened-XXXXXX";

static int folder_make(void **state)
{
	(void)state;
	return mkdtemp(folder) != NULL &&
	       setenv("XDG_RUNTIME_DIR", folder, 1) == 0 ? 0 : -1;
}

static int folder_remove(void **state)
{
	char path[64];

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/mailseal", folder);
	(void)rmdir(path);
	return rmdir(folder);
}

static void a_note_is_one_mutts(void **state)
{
	(void)state;
	assert_false(opened_is_noted(ONE));
	assert_int_equal(opened_put(ONE), OPENED_FIRST);
	assert_int_equal(opened_put(ONE), OPENED_AGAIN);
	assert_true(opened_is_noted(ONE));
	assert_false(opened_is_noted(OTHER));
	opened_forget(OTHER);
	assert_true(opened_is_noted(ONE));
	opened_forget(ONE);
	assert_false(opened_is_noted(ONE));
	assert_int_equal(opened_put(ONE), OPENED_FIRST);
	opened_forget(ONE);
}

static void others_have_none(void **state)
{
	static const char *const names[] = {
		NULL, "", "../../../../etc/x", "0123456789ABCDEF",
		"0123456789abcde", "0123456789abcdef0"
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_int_equal(opened_put(names[i]), OPENED_NONE);
		assert_false(opened_is_noted(names[i]));
		opened_forget(names[i]);
		assert_int_equal(opened_line(names[i], "x\n", 2),
				 OPENED_NONE);
	}
}

static void what_cannot_be_noted_is_told(void **state)
{
	(void)state;
	assert_int_equal(setenv("XDG_RUNTIME_DIR", "/nowhere/at/all", 1), 0);
	assert_int_equal(opened_put(ONE), OPENED_FAILED);
	assert_false(opened_is_noted(ONE));
	assert_int_equal(setenv("XDG_RUNTIME_DIR", folder, 1), 0);
}

static void lines_are_read_as_written(void **state)
{
	enum opened_note note;
	char *line = NULL;
	size_t len = 0;
	FILE *to;

	(void)state;
	for (note = OPENED_NONE; note <= OPENED_FAILED; note++) {
		to = open_memstream(&line, &len);
		assert_non_null(to);
		opened_line_put(ONE, note, to);
		(void)fclose(to);
		if (note == OPENED_FIRST || note == OPENED_AGAIN) {
			assert_int_equal(opened_line(ONE, line, len), note);
			assert_int_equal(opened_line(OTHER, line, len),
					 OPENED_NONE);
			assert_int_equal(opened_line(NULL, line, len),
					 OPENED_NONE);
			while (--len > 0)
				assert_int_equal(opened_line(ONE, line, len),
						 OPENED_NONE);
		} else {
			assert_int_equal(len, 0);
		}
		free(line);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_note_is_one_mutts),
		cmocka_unit_test(others_have_none),
		cmocka_unit_test(what_cannot_be_noted_is_told),
		cmocka_unit_test(lines_are_read_as_written),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
