/* report.c - finding things in an answer */
#include "proto/report.h"

#include <stdlib.h>
#include <string.h>

#include "proto/mailseal.h"

#define PATH_DIGITS_MAX 6

/* Takes a reference of its own. */
static struct mailseal_report *report_new(DBusMessage *message,
					  const DBusMessageIter *at)
{
	struct mailseal_report *report = calloc(1, sizeof(*report));

	if (report == NULL)
		return NULL;
	report->message = dbus_message_ref(message);
	report->at = *at;
	return report;
}

static bool is_dict(DBusMessageIter *iter)
{
	return dbus_message_iter_get_arg_type(iter) == DBUS_TYPE_ARRAY &&
	       dbus_message_iter_get_element_type(iter) ==
	       DBUS_TYPE_DICT_ENTRY;
}

struct mailseal_report *report_of(DBusMessage *reply)
{
	struct mailseal_report *report = NULL;
	DBusMessageIter iter;

	if (dbus_message_iter_init(reply, &iter)) {
		report_unwrap(&iter);
		if (is_dict(&iter))
			report = report_new(reply, &iter);
	}
	dbus_message_unref(reply);
	return report;
}

struct mailseal_report *report_behind(DBusMessage *reply)
{
	struct mailseal_report *report = NULL;
	DBusMessageIter iter;

	if (dbus_message_iter_init(reply, &iter) &&
	    dbus_message_iter_next(&iter) && is_dict(&iter))
		report = report_new(reply, &iter);
	dbus_message_unref(reply);
	return report;
}

bool reports_of(DBusMessage *reply, struct mailseal_report **reports,
		size_t room, size_t *count)
{
	DBusMessageIter iter, list;
	bool fine = true;

	*count = 0;
	if (strcmp(dbus_message_get_signature(reply), "aa{sv}") != 0 ||
	    !dbus_message_iter_init(reply, &iter))
		return false;
	dbus_message_iter_recurse(&iter, &list);
	while (*count < room && fine && is_dict(&list)) {
		reports[*count] = report_new(reply, &list);
		fine = reports[*count] != NULL;
		if (fine)
			(*count)++;
		(void)dbus_message_iter_next(&list);
	}
	while (!fine && *count > 0)
		mailseal_report_free(reports[--*count]);
	return fine;
}

void mailseal_report_free(struct mailseal_report *report)
{
	if (report == NULL)
		return;
	dbus_message_unref(report->message);
	free(report);
}

void report_unwrap(DBusMessageIter *iter)
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
		report_unwrap(&entry);
		*iter = entry;
		return true;
	}
	return false;
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

/* "a.b": the value of b in the dictionary a; "a.0": the first of the list. */
static bool step(DBusMessageIter *iter, const char *key, size_t len)
{
	unsigned nth = 0;
	size_t i;

	for (i = 0; i < len && key[i] >= '0' && key[i] <= '9'; i++)
		nth = nth * 10 + (unsigned)(key[i] - '0');
	if (i < len || len == 0 || len > PATH_DIGITS_MAX)
		return descend(iter, key, len);
	return !is_dict(iter) && nth_of(iter, nth);
}

static bool find(const struct mailseal_report *report, const char *key,
		 DBusMessageIter *iter)
{
	size_t len;

	*iter = report->at;
	while (key[0] != 0) {
		len = strcspn(key, ".");
		if (!step(iter, key, len))
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

bool mailseal_report_has(const struct mailseal_report *report,
			 const char *key)
{
	DBusMessageIter iter;

	return find(report, key, &iter);
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
