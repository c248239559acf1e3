/* queue_log.c - writing records, and what they come to */
#include "agent/desk/queue_log.h"

#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"

/* --- writing */

static void text_print(struct buf *to, const char *text)
{
	unsigned char c;
	size_t i;

	for (i = 0; text != NULL && text[i] != 0 && i < QUEUE_WHY_MAX; i++) {
		c = (unsigned char)text[i];
		buf_byte(to, c < ' ' || c > '~' ? '?' : c);
	}
}

void queue_log_mark(struct buf *to, const char *word, int64_t when,
		    const char *text)
{
	buf_print(to, "\n%s %lld ", word, (long long)when);
	text_print(to, text);
	buf_byte(to, '\n');
}

static void members_print(struct buf *to, const bool *members, size_t count)
{
	const char *comma = "";
	size_t i, end;

	for (i = 0; i < count; i = end) {
		end = i + 1;
		if (!members[i])
			continue;
		while (end < count && members[end])
			end++;
		buf_print(to, "%s%zu", comma, i);
		if (end - i > 1)
			buf_print(to, "-%zu", end - 1);
		comma = ",";
	}
	if (comma[0] == 0)
		buf_byte(to, '-');
}

void queue_log_ending(struct buf *to, int64_t when, const bool *members,
		      size_t count)
{
	buf_print(to, "\nending %lld ", (long long)when);
	members_print(to, members, count);
	buf_byte(to, '\n');
}

static void status_print(struct buf *to, int code, const char *status)
{
	buf_print(to, " %d %s ", code, status[0] == 0 ? "-" : status);
}

void queue_log_fate(struct buf *to, int64_t when, enum smtp_fate fate,
		    int code, const char *status, const bool *members,
		    size_t count, const char *text)
{
	buf_print(to, "\nfate %lld %s", (long long)when,
		  smtp_fate_name[fate]);
	status_print(to, code, status);
	members_print(to, members, count);
	buf_byte(to, ' ');
	text_print(to, text);
	buf_byte(to, '\n');
}

void queue_log_left(struct buf *to, int64_t when,
		    const struct smtp_outcome *outcome)
{
	buf_print(to, "\nleft %lld %s", (long long)when,
		  smtp_fate_name[outcome->fate]);
	status_print(to, outcome->code, outcome->status);
	buf_text(to, "- ");
	text_print(to, outcome->text);
	buf_byte(to, '\n');
}

/* --- reading */

struct reading {
	struct arena *arena;
	struct queue_state *out;
};

static bool word_take(struct bytes *rest, struct bytes *word)
{
	(void)bytes_cut(*rest, ' ', word, rest);
	return word->len > 0;
}

/* A number below `end`; false: it is none. */
static bool index_take(struct bytes text, size_t end, size_t *to)
{
	long long number = bytes_number(text);

	if (number < 0 || (unsigned long long)number >= end)
		return false;
	*to = (size_t)number;
	return true;
}

/* What a server took is never open again. */
static void fate_set(struct queue_fate *fate, const struct queue_fate *like)
{
	if (fate->standing != QUEUE_TAKEN)
		*fate = *like;
}

/* Each member of "0-3,7"; nothing is changed when any of it is wrong. */
static bool members_each(struct reading *reading, struct bytes list,
			 const struct queue_fate *like)
{
	struct queue_state *out = reading->out;
	struct bytes rest = list, item, from, to;
	size_t first, last, pass;
	bool range;

	if (bytes_is(list, "-"))
		return true;
	for (pass = 0; pass < 2; pass++, rest = list)
		while (rest.len > 0) {
			(void)bytes_cut(rest, ',', &item, &rest);
			range = bytes_cut(item, '-', &from, &to);
			if (!index_take(from, out->count, &first) ||
			    !index_take(range ? to : from, out->count,
					&last) || last < first)
				return false;
			for (; pass == 1 && first <= last; first++)
				fate_set(&out->fates[first], like);
		}
	return true;
}

static bool fate_take(struct bytes word, enum smtp_fate *fate)
{
	int i;

	for (i = 0; i < SMTP_FATES; i++)
		if (bytes_is(word, smtp_fate_name[i])) {
			*fate = (enum smtp_fate)i;
			return true;
		}
	return false;
}

/* Whatever was ending stays open: nobody can tell. */
static void attempt_close(struct queue_state *out)
{
	bool unknown = false;
	size_t i;

	for (i = 0; i < out->count; i++)
		if (out->fates[i].standing == QUEUE_ENDING) {
			out->fates[i].standing = QUEUE_OPEN;
			unknown = true;
		}
	if (unknown)
		out->unknowns++;
	out->in_hand = false;
}

/* "fate" and "left": FATE CODE STATUS MEMBERS TEXT */
static bool result_take(struct reading *reading, struct bytes rest,
			enum smtp_fate *fate)
{
	struct bytes word, code, status, members;
	struct queue_fate like;
	size_t number;

	memset(&like, 0, sizeof(like));
	if (!word_take(&rest, &word) || !fate_take(word, fate) ||
	    !word_take(&rest, &code) || !index_take(code, 1000, &number) ||
	    !word_take(&rest, &status) || status.len >= REPLY_STATUS_MAX ||
	    !word_take(&rest, &members))
		return false;
	like.code = (int)number;
	if (!bytes_is(status, "-"))
		memcpy(like.status, status.data, status.len);
	like.text = arena_text(reading->arena, rest);
	like.standing = *fate == SMTP_TAKEN ? QUEUE_TAKEN :
		*fate == SMTP_REFUSED ? QUEUE_REFUSED :
		*fate == SMTP_UNKNOWN ? QUEUE_ENDING : QUEUE_OPEN;
	if (like.text == NULL || !members_each(reading, members, &like))
		return false;
	if (*fate != SMTP_TAKEN)
		reading->out->why = like.text;
	return true;
}

static void text_keep(struct reading *reading, struct bytes rest,
		      const char **to)
{
	const char *text = arena_text(reading->arena, rest);

	if (text != NULL)
		*to = text;
}

static void mark_take(struct reading *reading, struct bytes word,
		      struct bytes rest, int64_t when)
{
	struct queue_state *out = reading->out;
	struct queue_fate like;
	enum smtp_fate fate;
	struct bytes reason;

	memset(&like, 0, sizeof(like));
	if (bytes_is(word, "attempt")) {
		attempt_close(out);
		out->attempts++;
		out->in_hand = true;
		out->last = when;
	} else if (bytes_is(word, "ending")) {
		like.standing = QUEUE_ENDING;
		(void)members_each(reading, rest, &like);
	} else if (bytes_is(word, "fate")) {
		(void)result_take(reading, rest, &fate);
	} else if (bytes_is(word, "left")) {
		if (!result_take(reading, rest, &fate))
			return;
		attempt_close(out);
		out->deaths = 0;
		out->last = when;
	} else if (bytes_is(word, "died") || bytes_is(word, "cut")) {
		if (bytes_is(word, "died"))
			out->deaths++;
		attempt_close(out);
		out->last = when;
	} else if (bytes_is(word, "held")) {
		out->held = true;
		(void)bytes_cut(rest, ' ', &reason, &rest);
		text_keep(reading, reason, &out->held_for);
		text_keep(reading, rest, &out->why);
	} else if (bytes_is(word, "freed")) {
		out->held = false;
		out->deaths = 0;
		out->held_for = NULL;
	} else if (bytes_is(word, "failed")) {
		out->failed = true;
		text_keep(reading, rest, &out->why);
	}
}

int queue_log_read(struct arena *arena, struct bytes log, size_t count,
		   struct queue_state *out)
{
	struct reading reading = { arena, out };
	struct bytes line, word, number;
	long long when;
	size_t i;

	memset(out, 0, sizeof(*out));
	if (log.len > QUEUE_LOG_MAX)
		return ERR_LIMIT;
	out->fates = arena_array(arena, count + 1, sizeof(*out->fates));
	if (out->fates == NULL)
		return ERR_LIMIT;
	out->count = count;
	while (bytes_cut(log, '\n', &line, &log)) {
		if (!word_take(&line, &word) || !word_take(&line, &number))
			continue;
		when = bytes_number(number);
		if (when >= 0)
			mark_take(&reading, word, line, when);
	}
	for (i = 0; i < count; i++)
		switch (out->fates[i].standing) {
		case QUEUE_TAKEN:
			out->taken++;
			break;
		case QUEUE_REFUSED:
			out->refused++;
			break;
		case QUEUE_OPEN:
		case QUEUE_ENDING:
		default:
			out->open++;
			break;
		}
	return 0;
}
