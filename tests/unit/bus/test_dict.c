/* test_dict.c - values to a D-Bus message and back, without a bus */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dbus/dbus.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/base/value.h"
#include "agent/bus/dict.h"

#define CAP (1024 * 1024)

struct desk {
	struct arena *arena;
	DBusMessage *message;
	DBusMessageIter iter;
};

static int desk_open(void **state)
{
	static struct desk desk;

	*state = &desk;
	desk.arena = arena_new(CAP);
	desk.message = dbus_message_new_signal("/x", "x.y", "z");
	dbus_message_iter_init_append(desk.message, &desk.iter);
	return desk.arena == NULL || desk.message == NULL;
}

static int desk_close(void **state)
{
	struct desk *desk = *state;

	dbus_message_unref(desk->message);
	arena_free(desk->arena);
	return 0;
}

static void what_goes_out_comes_back(void **state)
{
	struct desk *desk = *state;
	struct value *dict = value_dict(desk->arena), *back = NULL;
	const char *bad;

	value_put_text(desk->arena, dict, "text", "x");
	value_put_number(desk->arena, dict, "number", -7);
	value_put_truth(desk->arena, dict, "truth", true);
	assert_true(dict_append(&desk->iter, dict));
	assert_string_equal(dbus_message_get_signature(desk->message),
			    "a{sv}");
	assert_true(dbus_message_iter_init(desk->message, &desk->iter));
	assert_int_equal(dict_read(desk->arena, &desk->iter, &back, &bad), 0);
	assert_string_equal(value_text(back, "text"), "x");
	assert_int_equal(value_find(back, "number", VALUE_NUMBER)->number, -7);
	assert_true(value_find(back, "truth", VALUE_TRUTH)->truth);
}

static void a_key_twice_is_refused(void **state)
{
	struct desk *desk = *state;
	struct value *dict = value_dict(desk->arena), *back = NULL;
	const char *bad = NULL;

	value_put_number(desk->arena, dict, "same", 1);
	value_put_number(desk->arena, dict, "same", 2);
	assert_true(dict_append(&desk->iter, dict));
	assert_true(dbus_message_iter_init(desk->message, &desk->iter));
	assert_int_equal(dict_read(desk->arena, &desk->iter, &back, &bad),
			 ERR_SYNTAX);
	assert_string_equal(bad, "same");
}

static void the_signature_decides(void **state)
{
	struct desk *desk = *state;
	struct value *dict = value_dict(desk->arena);
	struct value *list = value_put_list(desk->arena, dict, "list");

	assert_true(dict_append_as(&desk->iter, "as", list));
	assert_true(dict_append_as(&desk->iter, "aa{sv}", list));
	value_put_number(desk->arena, dict, "n", 65536);
	assert_true(dict_append_as(&desk->iter, "u", dict->last));
	assert_true(dict_append_as(&desk->iter, "x", dict->last));
	assert_string_equal(dbus_message_get_signature(desk->message),
			    "asaa{sv}ux");
	/* does not fit, or is another kind */
	assert_false(dict_append_as(&desk->iter, "q", dict->last));
	assert_false(dict_append_as(&desk->iter, "s", dict->last));
	assert_false(dict_append_as(&desk->iter, "as", dict));
	value_put_number(desk->arena, dict, "n", -1);
	assert_false(dict_append_as(&desk->iter, "u", dict->last));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_goes_out_comes_back,
						desk_open, desk_close),
		cmocka_unit_test_setup_teardown(a_key_twice_is_refused,
						desk_open, desk_close),
		cmocka_unit_test_setup_teardown(the_signature_decides,
						desk_open, desk_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
