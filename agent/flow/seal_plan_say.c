/* seal_plan_say.c - which keys are missing, in sentences */
#include <stdarg.h>
#include <stdio.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/base/value.h"
#include "agent/flow/seal_plan_inside.h"

#define SENTENCE_MAX	12000	/* recipients over that are counted */
#define REASON_ROOM	300	/* of one reason */
#define ADDRESS_ROOM	320	/* of one address */
#define SENTENCE_END	2000	/* for what stands behind the names */

int plan_refuse(struct planning *planning, int error, const char *name,
		const char *format, ...)
{
	va_list args;
	char text[800];

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	planning->out->error = name;
	if (planning->job->why != NULL) {
		buf_clear(planning->job->why);
		buf_text(planning->job->why, text);
	}
	return error;
}

/* Without its full stop. */
static int reason_len(const char *reason)
{
	size_t len = strlen(reason);

	return (int)(len > 0 && reason[len - 1] == '.' ? len - 1 : len);
}

static const char *thing(const struct attempt *attempt)
{
	return attempt->scheme == &scheme_smime ? "S/MIME certificate" :
						  "OpenPGP key";
}

/* NULL where it says nothing of this one: why there is no key of the user's own
 * either is told already. */
static const char *reason_of(const struct attempt *attempt,
			     const struct missing *one)
{
	return one->reason != NULL && attempt->own_reason != NULL &&
	       strcmp(one->reason, attempt->own_reason) == 0 ? NULL :
	       one->reason;
}

/* "bob@example.org (it has expired), carol@example.org" */
static void list_missing(struct buf *to, const struct attempt *attempt)
{
	const struct missing *one;
	const char *reason;
	size_t i;

	for (i = 0; i < attempt->missing_count; i++) {
		one = &attempt->missing[i];
		if (to->len > to->max - SENTENCE_END) {
			buf_print(to, " and %zu more",
				  attempt->missing_count - i);
			return;
		}
		buf_print(to, "%s%.*s", i == 0 ? "" : ", ", ADDRESS_ROOM,
			  one->address);
		reason = reason_of(attempt, one);
		if (reason != NULL)
			buf_print(to, " (%.*s)",
				  reason_len(reason) < REASON_ROOM ?
				  reason_len(reason) : REASON_ROOM, reason);
	}
}

static bool lacks_own(const struct planning *planning,
		      const struct attempt *attempt)
{
	return (planning->sign && !attempt->has_signer) ||
	       (planning->encrypt != WISH_NO && !attempt->has_self);
}

static void say_own(const struct planning *planning, struct buf *to,
		    const struct attempt *attempt)
{
	const char *author = planning->question->author;

	buf_print(to, "There is no %s of your own", attempt->scheme ==
		  &scheme_smime ? "S/MIME key" : "OpenPGP key");
	if (planning->print != NULL)
		buf_print(to, " with the fingerprint %s", planning->print);
	else if (author != NULL)
		buf_print(to, " for %.*s", ADDRESS_ROOM, author);
	if (attempt->own_reason != NULL)
		buf_print(to, " (%.*s)", reason_len(attempt->own_reason) <
			  REASON_ROOM ? reason_len(attempt->own_reason) :
			  REASON_ROOM, attempt->own_reason);
	buf_text(to, planning->sign && !attempt->has_signer ? " to sign with" :
		 " to read it with later");
	buf_text(to, ". ");
}

/* One sentence for each scheme that was tried. */
static void say_missing(const struct planning *planning, struct buf *to)
{
	const struct attempt *attempt;
	size_t i;

	for (i = 0; i < planning->attempt_count; i++) {
		attempt = &planning->attempts[i];
		if (lacks_own(planning, attempt))
			say_own(planning, to, attempt);
		if (attempt->missing_count == 0)
			continue;
		buf_print(to, "No %s was found for ", thing(attempt));
		list_missing(to, attempt);
		buf_text(to, ". ");
	}
}

static void say_remedy(const struct planning *planning, struct buf *to)
{
	bool own = true, others = false;
	size_t i;

	for (i = 0; i < planning->attempt_count; i++) {
		own = own && lacks_own(planning, &planning->attempts[i]);
		others = others || planning->attempts[i].missing_count > 0;
	}
	if (own)
		buf_text(to, "Make a key with mailseal keys generate (S/MIME) "
			 "or gpg --quick-generate-key (OpenPGP). ");
	if (others)
		buf_print(to, "mailseal keys find ADDRESS tells what was "
			 "looked at; ask for a signed mail, whose certificate "
			 "is remembered, or for the key, or %s. ",
			  planning->question->wishes.answers_sealed ?
			  "write a new mail that quotes nothing" :
			  "send it without encryption");
}

/* In the arena, without a blank at the end. */
static const char *sentence_of(struct planning *planning)
{
	struct bytes text;
	char *out;
	struct buf to;

	buf_init(&to, SENTENCE_MAX);
	if (planning->question->wishes.answers_sealed)
		buf_text(&to, "It answers a mail that came encrypted, and is "
			 "to be encrypted as well. ");
	say_missing(planning, &to);
	say_remedy(planning, &to);
	text = bytes_trim(buf_bytes(&to));
	out = arena_text(planning->job->arena, text);
	buf_free(&to);
	return out;
}

int plan_refuse_keys(struct planning *planning)
{
	const char *text = sentence_of(planning);

	planning->out->error = "NoKey";
	if (planning->job->why != NULL) {
		buf_clear(planning->job->why);
		buf_text(planning->job->why, text == NULL ? "A key is missing."
							  : text);
	}
	return ERR_REFUSED;
}

int plan_refuse_undecided(struct planning *planning)
{
	struct buf *why = planning->job->why, to;
	const char *who = plan_undecided(planning);

	planning->out->error = "CannotTell";
	if (why == NULL)
		return ERR_REFUSED;
	buf_init(&to, SENTENCE_MAX);
	buf_print(&to, "The message is encrypted if everybody has a key, and "
		  "%s does not tell now who has one. ", who);
	say_missing(planning, &to);
	buf_print(&to, "Try again in a while%s; with \"encrypt = never\" "
		  "nobody is asked.",
		  strcmp(who, "DNS") == 0 ? ", or in another network" : "");
	buf_clear(why);
	buf_add(why, buf_bytes(&to));
	buf_free(&to);
	return ERR_REFUSED;
}

void plan_tell(struct planning *planning, const char *code, const char *text)
{
	struct arena *arena = planning->job->arena;
	struct value *dict = value_put_dict(arena, planning->out->reasons,
					    NULL);

	value_put_text(arena, dict, "code", code);
	value_put_text(arena, dict, "text", text);
}

void plan_tell_keys(struct planning *planning)
{
	plan_tell(planning, "not-encrypted", sentence_of(planning));
}
