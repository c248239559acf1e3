/* parsed.h - a text as a message in the arena of tests/unit/arena.h */
#ifndef TESTS_UNIT_MAIL_PARSED_H
#define TESTS_UNIT_MAIL_PARSED_H

#include "agent/mail/message.h"
#include "tests/unit/arena.h"

static struct message *parsed(const char *text)
{
	struct message *message;

	assert_int_equal(message_parse(arena, bytes_of(text), &message), 0);
	return message;
}

#endif
