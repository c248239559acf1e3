/* suggest_facts.h - inside suggest: what is remembered of a message's trace */
#ifndef MAILSEAL_MAIL_SUGGEST_FACTS_H
#define MAILSEAL_MAIL_SUGGEST_FACTS_H

#include "agent/mail/suggest.h"

#define SUGGEST_HOPS	8	/* Received fields of a message, from the top */
#define SUGGEST_RESULTS	8	/* Authentication-Results of a message */

/* Names are interned: equal ones are the same pointer. */
struct suggest_hop {
	const char *by;		/* NULL: not told */
	const char *from;	/* the host looked up, or else HELO's word;
				 * NULL: nobody connected */
	bool claimed;		/* from is but HELO's word, of a stranger */
	bool inside;		/* loopback, private address, LMTP */
};

struct suggest_result {
	const char *id;		/* NULL: the server wrote none */
	unsigned above;		/* how many Received fields stand above it */
	bool in_block;		/* nothing but trace stands between it and the
				 * next Received below */
};

struct suggest_facts {
	const char *sender;	/* author domain; "" none */
	struct suggest_hop hops[SUGGEST_HOPS];
	unsigned hop_count;
	struct suggest_result results[SUGGEST_RESULTS];
	unsigned result_count;
};

struct suggest_name {
	struct suggest_name *next;	/* of its chain */
	const char *text;
};

#define SUGGEST_CHAINS	4096

struct suggest {
	struct arena *arena;
	struct suggest_name *chains[SUGGEST_CHAINS];
	struct suggest_facts **list;
	size_t count;
};

#endif
