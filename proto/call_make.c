/* call_make.c - a call's arguments by its signature */
#include <stdarg.h>
#include <string.h>

#include "proto/call.h"

static bool append_text(DBusMessageIter *iter, const char *text)
{
	return dbus_validate_utf8(text, NULL) &&
	       dbus_message_iter_append_basic(iter, DBUS_TYPE_STRING, &text);
}

static bool append_texts(DBusMessageIter *iter, const char *const *texts)
{
	DBusMessageIter list;
	bool fine = dbus_message_iter_open_container(iter, DBUS_TYPE_ARRAY,
						     "s", &list);

	for (; fine && *texts != NULL; texts++)
		fine = append_text(&list, *texts);
	return fine && dbus_message_iter_close_container(iter, &list);
}

static bool append_number(DBusMessageIter *iter, char type, unsigned number)
{
	dbus_uint16_t narrow = (dbus_uint16_t)number;
	dbus_bool_t truth = number != 0;
	dbus_uint32_t wide = number;

	switch (type) {
	case 'q':
		return number <= UINT16_MAX &&
		       dbus_message_iter_append_basic(iter, DBUS_TYPE_UINT16,
						      &narrow);
	case 'b':
		return dbus_message_iter_append_basic(iter, DBUS_TYPE_BOOLEAN,
						      &truth);
	default:
		return dbus_message_iter_append_basic(iter, DBUS_TYPE_UINT32,
						      &wide);
	}
}

static bool append_all(DBusMessageIter *iter, const char *signature,
		       va_list args)
{
	bool fine = true;
	int fd;

	while (fine && signature[0] != 0) {
		if (strncmp(signature, "a{sv}", 5) == 0) {
			fine = call_options(iter, va_arg(args,
					const struct mailseal_option *));
			signature += 5;
		} else if (strncmp(signature, "as", 2) == 0) {
			fine = append_texts(iter, va_arg(args,
					const char *const *));
			signature += 2;
		} else if (signature[0] == 's') {
			fine = append_text(iter, va_arg(args, const char *));
			signature++;
		} else if (signature[0] == 'h') {
			fd = va_arg(args, int);
			fine = dbus_message_iter_append_basic(
					iter, DBUS_TYPE_UNIX_FD, &fd);
			signature++;
		} else {
			fine = append_number(iter, signature[0],
					     va_arg(args, unsigned));
			signature++;
		}
	}
	return fine;
}

DBusMessage *call_make(const char *interface, const char *method,
		       const char *signature, ...)
{
	DBusMessage *call = call_new(interface, method);
	DBusMessageIter iter;
	va_list args;
	bool fine;

	if (call == NULL)
		return NULL;
	dbus_message_iter_init_append(call, &iter);
	va_start(args, signature);
	fine = append_all(&iter, signature, args);
	va_end(args);
	if (fine)
		return call;
	dbus_message_unref(call);
	return NULL;
}
