/* report.c - finding things in an answer, and printing it as JSON */
#include "proto/report.h"

#include <stdlib.h>
#include <string.h>

#include "proto/mailseal.h"

#define DEPTH_MAX 8	/* of nested containers */

struct mailseal_report {
	DBusMessage *message;
};

struct mailseal_report *report_of(DBusMessage *reply)
{
	struct mailseal_report *report = calloc(1, sizeof(*report));

	if (report != NULL &&
	    strcmp(dbus_message_get_signature(reply), "a{sv}") == 0) {
		report->message = reply;
		return report;
	}
	dbus_message_unref(reply);
	free(report);
	return NULL;
}

void mailseal_report_free(struct mailseal_report *report)
{
	if (report == NULL)
		return;
	dbus_message_unref(report->message);
	free(report);
}

static void unwrap(DBusMessageIter *iter)
{
	DBusMessageIter inner;

	if (dbus_message_iter_get_arg_type(iter) != DBUS_TYPE_VARIANT)
		return;
	dbus_message_iter_recurse(iter, &inner);
	*iter = inner;
}

/* `iter` at an a{sv}: afterwards at the value of `key`. */
static bool descend(DBusMessageIter *iter, const char *key, size_t len)
{
	DBusMessageIter list, entry;
	const char *name;

	if (dbus_message_iter_get_arg_type(iter) != DBUS_TYPE_ARRAY ||
	    dbus_message_iter_get_element_type(iter) != DBUS_TYPE_DICT_ENTRY)
		return false;
	dbus_message_iter_recurse(iter, &list);
	for (; dbus_message_iter_get_arg_type(&list) == DBUS_TYPE_DICT_ENTRY;
	     (void)dbus_message_iter_next(&list)) {
		dbus_message_iter_recurse(&list, &entry);
		dbus_message_iter_get_basic(&entry, &name);
		if (strlen(name) != len || memcmp(name, key, len) != 0)
			continue;
		(void)dbus_message_iter_next(&entry);
		unwrap(&entry);
		*iter = entry;
		return true;
	}
	return false;
}

/* "a.b": the value of b in the dictionary a. */
static bool find(const struct mailseal_report *report, const char *key,
		 DBusMessageIter *iter)
{
	size_t len;

	if (!dbus_message_iter_init(report->message, iter))
		return false;
	while (key[0] != 0) {
		len = strcspn(key, ".");
		if (!descend(iter, key, len))
			return false;
		key += len;
		if (key[0] == '.')
			key++;
	}
	return true;
}

static const char *text_at(DBusMessageIter *iter)
{
	const char *text = NULL;

	if (dbus_message_iter_get_arg_type(iter) == DBUS_TYPE_STRING)
		dbus_message_iter_get_basic(iter, &text);
	return text;
}

const char *mailseal_report_text(const struct mailseal_report *report,
				 const char *key)
{
	DBusMessageIter iter;

	return find(report, key, &iter) ? text_at(&iter) : NULL;
}

bool mailseal_report_truth(const struct mailseal_report *report,
			   const char *key)
{
	dbus_bool_t truth = FALSE;
	DBusMessageIter iter;

	if (find(report, key, &iter) &&
	    dbus_message_iter_get_arg_type(&iter) == DBUS_TYPE_BOOLEAN)
		dbus_message_iter_get_basic(&iter, &truth);
	return truth != FALSE;
}

int64_t mailseal_report_number(const struct mailseal_report *report,
			       const char *key, int64_t otherwise)
{
	dbus_int64_t number = otherwise;
	DBusMessageIter iter;

	if (find(report, key, &iter) &&
	    dbus_message_iter_get_arg_type(&iter) == DBUS_TYPE_INT64)
		dbus_message_iter_get_basic(&iter, &number);
	return number;
}

/* `iter` at a list: afterwards at its nth member. */
static bool nth_of(DBusMessageIter *iter, unsigned nth)
{
	DBusMessageIter list;

	if (dbus_message_iter_get_arg_type(iter) != DBUS_TYPE_ARRAY)
		return false;
	dbus_message_iter_recurse(iter, &list);
	for (; nth > 0; nth--)
		if (!dbus_message_iter_next(&list))
			return false;
	*iter = list;
	return dbus_message_iter_get_arg_type(iter) != DBUS_TYPE_INVALID;
}

const char *mailseal_report_member(const struct mailseal_report *report,
				   const char *list, unsigned nth,
				   const char *key)
{
	DBusMessageIter iter;

	if (!find(report, list, &iter) || !nth_of(&iter, nth))
		return NULL;
	if (key == NULL)
		return text_at(&iter);
	return descend(&iter, key, strlen(key)) ? text_at(&iter) : NULL;
}

const char *mailseal_report_key(const struct mailseal_report *report,
				const char *dict, unsigned nth)
{
	DBusMessageIter iter, entry;

	if (!find(report, dict, &iter) || !nth_of(&iter, nth) ||
	    dbus_message_iter_get_arg_type(&iter) != DBUS_TYPE_DICT_ENTRY)
		return NULL;
	dbus_message_iter_recurse(&iter, &entry);
	return text_at(&entry);
}

void mailseal_json_text(const char *text, FILE *to)
{
	const unsigned char *at;

	(void)fputc('"', to);
	for (at = (const unsigned char *)text; *at != 0; at++) {
		if (*at == '"' || *at == '\\')
			(void)fprintf(to, "\\%c", *at);
		else if (*at == '\n')
			(void)fputs("\\n", to);
		else if (*at < 32 || *at == 127)
			(void)fprintf(to, "\\u%04x", *at);
		else if (at[0] == 0xC2 && at[1] >= 0x80 && at[1] < 0xA0)
			(void)fprintf(to, "\\u%04x", *++at);	/* C1 */
		else
			(void)fputc(*at, to);
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

	unwrap(&value);
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
	if (dbus_message_iter_init(report->message, &iter)) {
		dbus_message_iter_recurse(&iter, &list);
		for (; dbus_message_iter_get_arg_type(&list) ==
		       DBUS_TYPE_DICT_ENTRY;
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
	}
	(void)fputc('}', to);
}
