/* report_word.h - one word of a report, by its path */
#ifndef MAILSEAL_TEST_REPORT_WORD_H
#define MAILSEAL_TEST_REPORT_WORD_H

#include "agent/base/arena.h"
#include "agent/base/bytes.h"
#include "agent/base/value.h"

/* "signature.status", "parts.0.part": a text of the report; "" where there is
 * none; numbers and truths as text. */
static inline const char *report_word(struct arena *arena,
				      const struct value *report,
				      const char *path)
{
	const struct value *at = report;
	struct bytes rest = bytes_of(path), word;
	long long nth;

	while (at != NULL && rest.len > 0) {
		(void)bytes_cut(rest, '.', &word, &rest);
		nth = bytes_number(word);
		for (at = at->first; at != NULL; at = at->next)
			if (nth >= 0 ? nth-- == 0 : bytes_is(word, at->key))
				break;
	}
	if (at == NULL)
		return "";
	if (at->kind == VALUE_NUMBER)
		return arena_print(arena, "%lld", (long long)at->number);
	if (at->kind == VALUE_TRUTH)
		return at->truth ? "true" : "false";
	return at->kind == VALUE_TEXT ? at->text : "[...]";
}

#endif
