/* taken.h - what a parser handed out, as lines of text to compare with
 *
 * "address|name|person" a line. */
#ifndef MAILSEAL_TESTS_UNIT_CONTACTS_TAKEN_H
#define MAILSEAL_TESTS_UNIT_CONTACTS_TAKEN_H

#include <stdio.h>

#include "agent/base/buf.h"
#include "agent/contacts/contacts.h"
#include "agent/contacts/parse.h"

#define TAKEN_MAX (4 * 1024 * 1024)	/* bytes */

static inline void taken_add(void *ctx, const struct contact *contact)
{
	buf_print(ctx, "%s|%s|%u\n", contact->address, contact->name,
		  (unsigned)contact->person);
}

/* Parses, and demands this format, these entries and so many broken ones,
 * the first in that line. */
static inline void takes(const char *file, const char *format,
			 const char *entries, size_t broken,
			 size_t first_broken)
{
	struct contacts_parsed parsed;
	struct buf taken;

	buf_init(&taken, TAKEN_MAX);
	assert_int_equal(contacts_parse(bytes_of(file), taken_add, &taken,
					&parsed), 0);
	assert_string_equal(parsed.format, format);
	assert_string_equal(buf_string(&taken), entries);
	assert_int_equal(parsed.broken, broken);
	assert_int_equal(parsed.first_broken, first_broken);
	buf_free(&taken);
}

#endif
