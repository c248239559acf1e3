/* test_charset.c - charsets of mail as UTF-8, with the file system gone */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/mail/author_gmime.h"
#include "agent/mail/charset.h"

struct row {
	const char *charset;
	const char *from;
	const char *to;		/* NULL: cannot be read */
};

static const struct row rows[] = {
	{ "utf-8", "\xc3\xa9", "\xc3\xa9" },
	{ "UTF-8", "", "" },
	{ "utf-8", "\xc3", NULL },
	{ "utf-8", "\xc0\x80", NULL },
	{ "us-ascii", "abc", "abc" },
	{ "us-ascii", "\xe9", NULL },
	{ "iso-8859-1", "\xe9\x92", "\xc3\xa9\xe2\x80\x99" },
	{ "ISO-8859-15", "\xa4", "\xe2\x82\xac" },
	{ "windows-1251", "\xcf", "\xd0\x9f" },
	{ "koi8-r", "\xf0", "\xd0\x9f" },
	{ "gb2312", "\xd6\xd0", "\xe4\xb8\xad" },
	{ "gb18030", "\xd6\xd0", "\xe4\xb8\xad" },
	{ "big5", "\xa4\xa4", "\xe4\xb8\xad" },
	{ "euc-jp", "\xbb\xb3", "\xe5\xb1\xb1" },
	{ "shift_jis", "\x8e\x52", "\xe5\xb1\xb1" },
	{ "iso-2022-jp", "\x1b$B;3\x1b(B", "\xe5\xb1\xb1" },
	{ "euc-kr", "\xb1\xe8", "\xea\xb9\x80" },
	{ "ks_c_5601-1987", "\xb1\xe8", "\xea\xb9\x80" },
	{ "tis-620", "\xa1", "\xe0\xb8\x81" },
	{ "utf-7", "a+AEA-b", "a@b" },
	{ "euc-jp", "\xbb", NULL },
	{ "x-none", "a", NULL },
	{ "", "a", NULL },
	{ "ibm037", "a", NULL },
};

static bool converts(const struct row *row)
{
	struct buf to;
	bool fine;

	buf_init(&to, 64);
	fine = charset_convert(&to, bytes_of(row->charset),
			       bytes_of(row->from));
	if (row->to == NULL)
		fine = !fine;
	else
		fine = fine && bytes_is(buf_bytes(&to), row->to);
	buf_free(&to);
	return fine;
}

static void every_row_reads_so(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		print_message("%s\n", rows[i].charset);
		assert_true(converts(&rows[i]));
	}
}

static void every_name_has_a_converter(void **state)
{
	struct bytes plain = bytes_of("abcd");
	struct buf to;
	size_t i;

	(void)state;
	for (i = 0; charset_name(i) != NULL; i++) {
		print_message("%s\n", charset_name(i));
		assert_true(charset_is_known(bytes_of(charset_name(i))));
		buf_init(&to, 64);
		assert_true(charset_convert(&to, bytes_of(charset_name(i)),
					    plain));
		buf_free(&to);
	}
	assert_false(charset_is_known(bytes_of("utf-8//IGNORE")));
}

static void output_has_a_limit(void **state)
{
	struct buf to;

	(void)state;
	buf_init(&to, 3);
	assert_false(charset_convert(&to, bytes_of("koi8-r"),
				     bytes_of("\xf0\xf0")));
	buf_free(&to);
}

/* No further descriptor, so no module: what is not loaded stays out. */
static int without_files(void)
{
	struct rlimit none = { 0, 0 };
	struct gmime_author author;
	struct arena *arena = arena_new(65536);
	const char *text = "=?euc-kr?B?seg=?= <k@example.org>";
	int status = 0;
	size_t i;

	if (arena == NULL || setrlimit(RLIMIT_NOFILE, &none) < 0)
		return 3;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!converts(&rows[i]))
			status = 1;
	if (gmime_author_read(arena, bytes_of(text), &author) < 0 ||
	    author.name == NULL || strcmp(author.name, "\xea\xb9\x80") != 0)
		status = 2;
	arena_free(arena);
	return status;
}

static void the_file_system_may_go(void **state)
{
	int status = 0;
	pid_t child;

	(void)state;
	gmime_author_prepare();
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(without_files());
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_file_system_may_go),
		cmocka_unit_test(every_row_reads_so),
		cmocka_unit_test(every_name_has_a_converter),
		cmocka_unit_test(output_has_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
