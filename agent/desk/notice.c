/* notice.c - counting, pacing and wording of notices */
#include "agent/desk/notice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/base/value.h"

/* The words for each kind; a number stands in front of `many`. */
static const struct wording {
	const char *one, *many;
	bool urgent, can_trust;
} wordings[] = {
	{ "Spoofed mail", "spoofed messages", true, false },
	{ "Suspicious mail", "suspicious messages", false, true },
	{ "Mail waits to be sent", "messages wait to be sent", false,
	  false },
	{ "Mail could not be sent", "messages could not be sent", true,
	  false },
	{ "mailseal", "reports of mailseal", false, false },
};
_Static_assert(sizeof(wordings) / sizeof(wordings[0]) == NOTICE_KINDS,
	       "a kind of notice has no words");

struct pile {
	unsigned count;			/* since the popup was last closed */
	bool news;			/* not shown yet */
	int64_t shown_at;		/* 0: never */
	char id[NOTICE_ID_MAX];		/* of the newest */
	char who[NOTICE_NAMED][NOTICE_TEXT_MAX];	/* newest first */
	char subject[NOTICE_TEXT_MAX], sentence[NOTICE_TEXT_MAX * 2];
};

struct notice_board {
	struct pile piles[NOTICE_KINDS];
};

struct notice_board *notice_board_new(void)
{
	return calloc(1, sizeof(struct notice_board));
}

void notice_board_free(struct notice_board *board)
{
	free(board);
}

/* Copies whole characters that fit; controls become blanks. */
static void text_take(char *to, size_t size, const char *from)
{
	struct bytes rest = bytes_of(from);
	size_t len = 0, step;

	while (rest.len > 0) {
		step = utf8_step(rest);
		if (step == 0 || rest.data[0] < 32 || rest.data[0] == 127) {
			if (len + 1 >= size)
				break;
			to[len++] = step == 0 ? '?' : ' ';
			step = step == 0 ? 1 : step;
		} else if (len + step >= size) {
			break;
		} else {
			memcpy(to + len, rest.data, step);
			len += step;
		}
		rest = bytes_slice(rest, step, rest.len);
	}
	to[len] = 0;
}

static void who_add(struct pile *pile, const char *who)
{
	char text[NOTICE_TEXT_MAX];
	size_t i;

	text_take(text, sizeof(text), who);
	if (text[0] == 0)
		return;
	for (i = 0; i < NOTICE_NAMED - 1; i++)
		if (strcmp(pile->who[i], text) == 0)
			break;
	memmove(pile->who[1], pile->who[0], i * sizeof(pile->who[0]));
	memcpy(pile->who[0], text, sizeof(text));
}

void notice_board_add(struct notice_board *board, const struct notice *notice)
{
	struct pile *pile = &board->piles[notice->kind];

	if (pile->count < UINT32_MAX)
		pile->count++;
	pile->news = true;
	text_take(pile->id, sizeof(pile->id), notice->id);
	who_add(pile, notice->who);
	text_take(pile->subject, sizeof(pile->subject), notice->subject);
	text_take(pile->sentence, sizeof(pile->sentence), notice->sentence);
}

static void popup_one(const struct pile *pile, const struct wording *words,
		      struct notice_popup *out)
{
	if (pile->who[0][0] != 0)
		(void)snprintf(out->summary, sizeof(out->summary), "%s: %s",
			       words->one, pile->who[0]);
	else
		(void)snprintf(out->summary, sizeof(out->summary), "%s",
			       words->one);
	(void)snprintf(out->body, sizeof(out->body), "%s%s%s", pile->sentence,
		       pile->subject[0] == 0 ? "" : "\nSubject: ",
		       pile->subject);
	memcpy(out->id, pile->id, sizeof(out->id));
	memcpy(out->who, pile->who[0], sizeof(out->who));
	out->can_explain = pile->id[0] != 0;
	out->can_trust = words->can_trust && pile->who[0][0] != 0;
}

static void popup_many(const struct pile *pile, const struct wording *words,
		       struct notice_popup *out)
{
	size_t len = 0, i;
	int added;

	(void)snprintf(out->summary, sizeof(out->summary), "%u %s",
		       pile->count, words->many);
	for (i = 0; i < NOTICE_NAMED && pile->who[i][0] != 0; i++) {
		added = snprintf(out->body + len, sizeof(out->body) - len,
				 "%s%s", i == 0 ? "Among them: " : ", ",
				 pile->who[i]);
		len += added < 0 ? 0 : (size_t)added;
		if (len >= sizeof(out->body))
			len = sizeof(out->body) - 1;
	}
	if (len < sizeof(out->body))
		(void)snprintf(out->body + len, sizeof(out->body) - len,
			       "%s%s", len == 0 ? "" : "\n", pile->sentence);
}

static bool is_due(const struct pile *pile, int64_t now)
{
	return pile->news && (pile->shown_at == 0 ||
			      now - pile->shown_at >= NOTICE_PACE_MS);
}

bool notice_board_take(struct notice_board *board, enum notice_kind kind,
		       int64_t now, struct notice_popup *out)
{
	struct pile *pile = &board->piles[kind];

	if (!is_due(pile, now))
		return false;
	memset(out, 0, sizeof(*out));
	out->count = pile->count;
	out->urgent = wordings[kind].urgent;
	if (pile->count == 1)
		popup_one(pile, &wordings[kind], out);
	else
		popup_many(pile, &wordings[kind], out);
	pile->news = false;
	pile->shown_at = now;
	return true;
}

void notice_board_back(struct notice_board *board, enum notice_kind kind)
{
	board->piles[kind].news = board->piles[kind].count > 0;
}

void notice_board_closed(struct notice_board *board, enum notice_kind kind)
{
	struct pile *pile = &board->piles[kind];
	int64_t shown_at = pile->shown_at;

	if (pile->news)
		return;			/* something came meanwhile */
	memset(pile, 0, sizeof(*pile));
	pile->shown_at = shown_at;	/* the pace goes on */
}

int64_t notice_board_next(const struct notice_board *board, int64_t now)
{
	const struct pile *pile;
	int64_t next = -1, at;
	int kind;

	for (kind = 0; kind < NOTICE_KINDS; kind++) {
		pile = &board->piles[kind];
		if (!pile->news)
			continue;
		at = pile->shown_at == 0 ? now :
		     pile->shown_at + NOTICE_PACE_MS;
		if (at < now)
			at = now;
		if (next < 0 || at < next)
			next = at;
	}
	return next;
}
