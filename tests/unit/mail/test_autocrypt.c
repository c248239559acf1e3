/* test_autocrypt.c - which keys count */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "agent/base/arena.h"
#include "agent/mail/autocrypt.h"
#include "agent/mail/message.h"

static struct arena *arena;
static struct autocrypt out;

static int setup(void **state)
{
	(void)state;
	arena = arena_new(1024 * 1024);
	return arena == NULL;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static int read_of(const char *fields)
{
	struct message *message;
	const char *text = arena_print(arena, "From: alice@example.org\r\n"
				       "%s\r\n\r\n", fields);

	assert_int_equal(message_parse(arena, bytes_of(text), &message), 0);
	return autocrypt_read(arena, message, "alice@example.org", &out);
}

static void counts(void **state)
{
	(void)state;
	assert_int_equal(read_of("Autocrypt: addr=alice@example.org; "
				 "prefer-encrypt=mutual; keydata=aGVs\r\n "
				 "bG8="), 1);
	assert_string_equal(out.address, "alice@example.org");
	assert_true(out.mutual);
	assert_true(bytes_is(out.key, "hello"));
	assert_int_equal(read_of("Autocrypt: _x=y; addr=Alice@EXAMPLE.org;"
				 " prefer-encrypt=nopreference; "
				 "keydata=aGVsbG8="), 1);
	assert_false(out.mutual);
	/* One that counts beside one that does not. */
	assert_int_equal(read_of("Autocrypt: addr=alice@example.org; "
				 "keydata=aGVsbG8=\r\nAutocrypt: x=y"), 1);
}

static void counts_not(void **state)
{
	static const char *const fields[] = {
		"Subject: x",
		"Autocrypt: addr=bob@example.org; keydata=aGVsbG8=",
		"Autocrypt: addr=alice@example.org",
		"Autocrypt: keydata=aGVsbG8=",
		"Autocrypt: addr=alice@example.org; other=1; keydata=aGVsbG8=",
		"Autocrypt: addr=alice@example.org; keydata=aGVsbG8=; x",
		"Autocrypt: keydata=aGVsbG8=; addr=alice@example.org",
		"Autocrypt: addr=alice@example.org; keydata=a!b",
		"Autocrypt: addr=alice@example.org; keydata=",
		"Autocrypt: addr=alice@example.org; keydata=aGVsb",
		"Autocrypt: addr=alice@example.org; addr=alice@example.org;"
		" keydata=aGVsbG8=",
		"Autocrypt: addr=alice@example.org; keydata=aGVsbG8=\r\n"
		"Autocrypt: addr=alice@example.org; keydata=aGVsbG8=",
		"Content-Type: multipart/report; boundary=b\r\n"
		"Autocrypt: addr=alice@example.org; keydata=aGVsbG8=",
		"Auto-Submitted: auto-replied\r\n"
		"Autocrypt: addr=alice@example.org; keydata=aGVsbG8=",
	};
	struct message *message;
	char *large;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (read_of(fields[i]) != 0)
			fail_msg("counts: %s", fields[i]);
		assert_null(out.address);
	}
	large = malloc(AUTOCRYPT_MAX + 1);
	assert_non_null(large);
	memset(large, 'A', AUTOCRYPT_MAX);
	large[AUTOCRYPT_MAX] = 0;
	assert_int_equal(read_of(arena_print(arena, "Autocrypt: "
			 "addr=alice@example.org; keydata=%s", large)), 0);
	free(large);
	assert_int_equal(message_parse(arena, bytes_of("From: alice@example"
			 ".org\nAutocrypt: addr=alice@example.org; "
			 "keydata=aGVsbG8=\n\n"), &message), 0);
	assert_int_equal(autocrypt_read(arena, message, NULL, &out), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(counts, setup, teardown),
		cmocka_unit_test_setup_teardown(counts_not, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
