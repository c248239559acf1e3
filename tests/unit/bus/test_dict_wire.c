/* test_dict_wire.c - the wire straight into D-Bus is what the values between
 * would be */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/value.h"
#include "agent/bus/dict.h"
#include "agent/bus/dict_wire.h"

#define CAP (1024 * 1024)

static struct arena *arena;

static int make(void **state)
{
	(void)state;
	arena = arena_new(CAP);
	return arena == NULL;
}

static int take_away(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static DBusMessage *message_of(const struct value *dict, struct bytes wire)
{
	DBusMessage *message = dbus_message_new_signal("/x", "x.y", "z");
	DBusMessageIter iter;

	dbus_message_iter_init_append(message, &iter);
	if (dict != NULL)
		assert_true(dict_append(&iter, dict));
	else
		assert_true(dict_append_wire(&iter, wire));
	dbus_message_set_serial(message, 1);
	return message;
}

/* Both ways give the same bytes. */
static void same(const struct value *dict)
{
	DBusMessage *by_value, *by_wire;
	char *one, *other;
	int one_len, other_len;
	struct buf wire;

	buf_init(&wire, CAP);
	assert_int_equal(value_encode(dict, &wire), 0);
	by_value = message_of(dict, buf_bytes(&wire));
	by_wire = message_of(NULL, buf_bytes(&wire));
	assert_true(dbus_message_marshal(by_value, &one, &one_len));
	assert_true(dbus_message_marshal(by_wire, &other, &other_len));
	assert_int_equal(one_len, other_len);
	assert_memory_equal(one, other, (size_t)one_len);
	dbus_free(one);
	dbus_free(other);
	dbus_message_unref(by_value);
	dbus_message_unref(by_wire);
	buf_free(&wire);
}

static void every_kind(void **state)
{
	struct value *dict = value_dict(arena), *list, *inner;

	(void)state;
	same(dict);
	value_put_text(arena, dict, "text", "Gr\xC3\xBC\xC3\x9F" "e");
	value_put_text(arena, dict, "nothing", "");
	value_put_number(arena, dict, "number", INT64_MIN);
	value_put_truth(arena, dict, "truth", true);
	list = value_put_list(arena, dict, "texts");
	value_put_text(arena, list, NULL, "one");
	value_put_text(arena, list, NULL, "two");
	(void)value_put_list(arena, dict, "none");
	list = value_put_list(arena, dict, "dicts");
	inner = value_put_dict(arena, list, NULL);
	value_put_text(arena, inner, "a", "b");
	inner = value_put_dict(arena, list, NULL);
	inner = value_put_list(arena, inner, "deep");
	value_put_text(arena, inner, NULL, "x");
	inner = value_put_dict(arena, dict, "dict");
	value_put_number(arena, inner, "n", 7);
	same(dict);
}

static bool taken(const char *data, size_t len)
{
	DBusMessage *message = dbus_message_new_signal("/x", "x.y", "z");
	struct bytes wire = { (const unsigned char *)data, len };
	DBusMessageIter iter;
	bool fine;

	dbus_message_iter_init_append(message, &iter);
	fine = dict_append_wire(&iter, wire);
	dbus_message_unref(message);
	return fine;
}
#define TAKEN(text) taken(text, sizeof(text) - 1)

static void broken_wire_is_refused(void **state)
{
	(void)state;
	assert_true(TAKEN("d\0\0\0\0"));
	assert_false(TAKEN(""));
	assert_false(TAKEN("d"));
	assert_false(TAKEN("d\0\0\0\0x"));
	assert_false(TAKEN("t\0\0\0\1a"));
	assert_false(TAKEN("l\0\0\0\0"));
	assert_false(TAKEN("d\0\0\0\1"));
	assert_false(TAKEN("d\0\0\0\1\0\0\0\1k"));
	assert_false(TAKEN("d\0\0\0\1\0\0\0\1kz"));
	assert_false(TAKEN("d\0\0\0\1\0\0\0\1kb\2"));
	assert_false(TAKEN("d\0\0\0\1\0\0\0\1kn1234567"));
	assert_false(TAKEN("d\0\0\0\1\0\0\0\1kt\0\0\0\1\xFF"));
	assert_false(TAKEN("d\0\0\0\1\0\0\0\1\xFFt\0\0\0\1a"));
	assert_false(TAKEN("d\0\0\0\1\0\0\0\1kt\0\0\0\2a"));
	assert_false(TAKEN("d\0\0\0\1\0\0\0\1kt\0\0\x40\1"));
	assert_false(TAKEN("d\0\0\0\1\0\0\0\1kt\0\0\0\1\0"));
	/* A list of two kinds, and one of numbers. */
	assert_false(TAKEN("d\0\0\0\1\0\0\0\1kl\0\0\0\2t\0\0\0\1ab\1"));
	assert_false(TAKEN("d\0\0\0\1\0\0\0\1kl\0\0\0\1n12345678"));
	assert_false(TAKEN("d\0\0\1\1"));
}

static void too_deep_is_refused(void **state)
{
	struct buf wire;
	int i;

	(void)state;
	buf_init(&wire, CAP);
	for (i = 0; i < 20; i++) {
		buf_byte(&wire, 'd');
		buf_u32(&wire, 1);
		buf_u32(&wire, 1);
		buf_byte(&wire, 'k');
	}
	buf_byte(&wire, 'd');
	buf_u32(&wire, 0);
	assert_false(taken((const char *)wire.data, wire.len));
	buf_free(&wire);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define WITH(test) cmocka_unit_test_setup_teardown(test, make, take_away)
		WITH(every_kind),
		WITH(broken_wire_is_refused),
		WITH(too_deep_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
