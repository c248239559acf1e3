/* value.h - texts, numbers, truths, lists and dictionaries
 *
 * The one shape of what goes over the bus and the channel: a D-Bus a{sv} and
 * a JSON object say the same.  Lives in an arena.
 * Wire form: a tag byte (t, n, b, l, d), then u32 length and bytes, or the
 * 64-bit number, or one byte, or u32 count and members; a dictionary's member
 * is u32 length and bytes of the key, then the value. */
#ifndef MAILSEAL_BASE_VALUE_H
#define MAILSEAL_BASE_VALUE_H

#include <stdint.h>

#include "agent/base/bytes.h"

struct arena;
struct buf;

#define VALUE_DEPTH_MAX		4
#define VALUE_MEMBERS_MAX	256	/* of one list or dictionary in a
					 * frame, and of any dictionary */
#define VALUE_LIST_MAX		200000	/* of a list for the bus */
#define VALUE_TEXT_MAX		16384	/* bytes of one text */

enum value_kind { VALUE_TEXT, VALUE_NUMBER, VALUE_TRUTH, VALUE_LIST,
		  VALUE_DICT };

struct value {
	enum value_kind kind;
	const char *key;		/* in a dictionary; else NULL */
	const char *text;
	int64_t number;
	bool truth;
	struct value *first, *last;	/* members */
	struct value *next;		/* the parent's */
	size_t count;
};

/* NULL: the arena is full.  Every function below takes NULL for a parent and
 * answers NULL, so that one check at the end is enough: value_encode(NULL)
 * fails. */
struct value *value_dict(struct arena *arena);

/* `key` NULL: `parent` is a list.  The key is kept, not copied; a text is
 * copied, made valid UTF-8 (U+FFFD) and cut at VALUE_TEXT_MAX.  text NULL
 * adds nothing: a key that does not apply is absent. */
void value_put_text(struct arena *arena, struct value *parent,
		    const char *key, const char *text);
void value_put_number(struct arena *arena, struct value *parent,
		      const char *key, int64_t number);
void value_put_truth(struct arena *arena, struct value *parent,
		     const char *key, bool truth);
struct value *value_put_list(struct arena *arena, struct value *parent,
			     const char *key);
struct value *value_put_dict(struct arena *arena, struct value *parent,
			     const char *key);

/* NULL: no such key, or not of that kind. */
const struct value *value_find(const struct value *dict, const char *key,
			       enum value_kind kind);
const char *value_text(const struct value *dict, const char *key);
/* The same of a number; 0: none. */
int64_t value_number(const struct value *dict, const char *key);

/* Everything of it, in `arena`; NULL: it is full. */
struct value *value_copy(struct arena *arena, const struct value *from);

/* Takes a member out of `dict`; NULL: there is none of that key and kind. */
struct value *value_take(struct value *dict, const char *key,
			 enum value_kind kind);

/* 0; ERR_LIMIT (also for NULL, deeper than VALUE_DEPTH_MAX). */
int value_encode(const struct value *value, struct buf *to);

/* Takes one value from the whole of `from`; texts and keys must be UTF-8
 * without NUL.  0; ERR_PROTOCOL; ERR_LIMIT. */
int value_decode(struct arena *arena, struct bytes from, struct value **out);

/* UTF-8 by RFC 3629 without NUL, and without what D-Bus refuses. */
bool utf8_is_valid(struct bytes text);

/* Bytes of the one character in front; 0: no valid one (NUL is none). */
size_t utf8_step(struct bytes text);

#endif
