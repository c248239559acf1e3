/* suggest_search.h - inside suggest: what its conclusions share */
#ifndef MAILSEAL_MAIL_SUGGEST_SEARCH_H
#define MAILSEAL_MAIL_SUGGEST_SEARCH_H

#include "agent/mail/suggest.h"

struct suggest_facts;

#define SEARCH_RELAYS_MAX 256	/* names of the user's own servers */
#define TALLY_SENDERS	SUGGEST_SENDERS_MIN	/* told apart, no more */

/* What bears one name. */
struct tally_row {
	const char *name;
	size_t messages;
	const char *senders[TALLY_SENDERS];
	size_t sender_count;
};

struct tally {
	struct tally_row *list;
	size_t count, room;
};

struct search {
	const struct suggest *suggest;
	struct arena *arena;
	const char *relays[SEARCH_RELAYS_MAX];
	size_t relay_count;
	struct suggest_lines *out;
};

bool search_is_relay(const struct search *search, const char *name);

/* The first hop whose connection came from outside; hop_count: none. */
unsigned search_border(const struct search *search,
		       const struct suggest_facts *facts);

/* The part of a host's name that its owner registered; a name without a dot
 * is its own. */
const char *name_owner(const char *name);
bool names_same_owner(const char *a, const char *b);
/* Whether one before it has the owner of names[before]. */
bool names_owner_is_done(const char *const *names, size_t before);

/* 0 or ERR_LIMIT. */
int tally_start(struct search *search, struct tally *tally);
/* `sender` is interned; "" is nobody. */
void tally_add(struct tally *tally, const char *name, const char *sender);
/* Whether enough messages of enough senders bear the owner of `name`: large
 * providers have hundreds of servers. */
bool tally_bears(const struct search *search, const struct tally *tally,
		 const char *name, size_t *messages);

/* The same for one name alone, whatever its share is. */
bool tally_row_bears(const struct tally_row *row);

/* One line, or two, for all of the names that have that owner. */
void search_tell(struct search *search, enum suggest_kind kind,
		 const char *const *names, size_t count, const char *owner,
		 size_t messages, const char *doubt);

/* suggest_results.c: the trusted-authserv lines.  0 or ERR_LIMIT. */
int results_tell(struct search *search);

#endif
