/* report_json.c - an answer as one JSON object (RFC 8259) */
#include "proto/report.h"

#include "proto/mailseal.h"

#define DEPTH_MAX 8	/* of nested containers */

/* Writes it; its last byte. */
static const unsigned char *turned(const unsigned char *at, FILE *to)
{
	(void)fprintf(to, "\\u%04x", text_turning(at));
	return at + (*at == 0xD8 ? 1 : 2);
}

/* Bytes of `text` that stand for themselves: up to a control character, a
 * quote, a backslash, what turns the direction, or what may begin one of C1
 * (U+0080 to U+009F). */
static size_t plain_run(const unsigned char *text)
{
	size_t len = 0;

	while (text[len] >= 32 && text[len] != '"' && text[len] != '\\' &&
	       text[len] != 127 && text[len] != 0xC2 &&
	       text_turning(text + len) == 0)
		len++;
	return len;
}

void mailseal_json_text(const char *text, FILE *to)
{
	const unsigned char *at = (const unsigned char *)text;
	size_t run;

	(void)fputc('"', to);
	while (*at != 0) {
		run = plain_run(at);
		if (run > 0)
			(void)fwrite(at, 1, run, to);
		at += run;
		if (*at == 0)
			break;
		if (*at == '"' || *at == '\\')
			(void)fprintf(to, "\\%c", *at);
		else if (*at == '\n')
			(void)fputs("\\n", to);
		else if (*at < 32 || *at == 127)
			(void)fprintf(to, "\\u%04x", *at);
		else if (text_turning(at) != 0)
			at = turned(at, to);
		else if (at[1] >= 0x80 && at[1] < 0xA0)
			(void)fprintf(to, "\\u%04x", *++at);	/* C1 */
		else
			(void)fputc(*at, to);
		at++;
	}
	(void)fputc('"', to);
}

static void json_value(DBusMessageIter *iter, FILE *to, unsigned depth);

/* Members of an array, or of a dictionary. */
static void json_members(DBusMessageIter *array, FILE *to, unsigned depth)
{
	DBusMessageIter list, entry;
	const char *between = "", *key;
	bool dict = dbus_message_iter_get_element_type(array) ==
		    DBUS_TYPE_DICT_ENTRY;

	(void)fputc(dict ? '{' : '[', to);
	dbus_message_iter_recurse(array, &list);
	for (; dbus_message_iter_get_arg_type(&list) != DBUS_TYPE_INVALID;
	     (void)dbus_message_iter_next(&list)) {
		(void)fputs(between, to);
		between = ", ";
		entry = list;
		if (dict) {
			dbus_message_iter_recurse(&list, &entry);
			dbus_message_iter_get_basic(&entry, &key);
			mailseal_json_text(key, to);
			(void)fputs(": ", to);
			(void)dbus_message_iter_next(&entry);
		}
		json_value(&entry, to, depth + 1);
	}
	(void)fputc(dict ? '}' : ']', to);
}

static void json_value(DBusMessageIter *iter, FILE *to, unsigned depth)
{
	DBusMessageIter value = *iter;
	dbus_bool_t truth;
	dbus_int64_t number;
	const char *text;

	report_unwrap(&value);
	switch (dbus_message_iter_get_arg_type(&value)) {
	case DBUS_TYPE_STRING:
		dbus_message_iter_get_basic(&value, &text);
		mailseal_json_text(text, to);
		return;
	case DBUS_TYPE_BOOLEAN:
		dbus_message_iter_get_basic(&value, &truth);
		(void)fputs(truth != FALSE ? "true" : "false", to);
		return;
	case DBUS_TYPE_INT64:
		dbus_message_iter_get_basic(&value, &number);
		(void)fprintf(to, "%lld", (long long)number);
		return;
	case DBUS_TYPE_ARRAY:
		if (depth < DEPTH_MAX) {
			json_members(&value, to, depth);
			return;
		}
		break;
	default:
		break;
	}
	(void)fputs("null", to);
}

void mailseal_report_json(const struct mailseal_report *report,
			  const char *file, FILE *to)
{
	DBusMessageIter iter, list, entry;
	const char *between = "", *key;

	(void)fputc('{', to);
	if (file != NULL) {
		(void)fputs("\"file\": ", to);
		mailseal_json_text(file, to);
		between = ", ";
	}
	iter = report->at;
	dbus_message_iter_recurse(&iter, &list);
	for (; dbus_message_iter_get_arg_type(&list) == DBUS_TYPE_DICT_ENTRY;
	     (void)dbus_message_iter_next(&list)) {
		(void)fputs(between, to);
		between = ", ";
		dbus_message_iter_recurse(&list, &entry);
		dbus_message_iter_get_basic(&entry, &key);
		mailseal_json_text(key, to);
		(void)fputs(": ", to);
		(void)dbus_message_iter_next(&entry);
		json_value(&entry, to, 1);
	}
	(void)fputc('}', to);
}
