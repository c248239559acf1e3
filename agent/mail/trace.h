/* trace.h - what relays wrote on top: Received, Return-Path and
 * Authentication-Results
 *
 * RFC 5321 section 4.4, RFC 8601.  Which of it is believed is decided from
 * the user's trusted-relay and trusted-authserv lists alone (design 8).
 * Does not do: judge SPF or DKIM, ask anything. */
#ifndef MAILSEAL_MAIL_TRACE_H
#define MAILSEAL_MAIL_TRACE_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/base/bytes.h"

struct arena;
struct field;
struct message;

#define TRACE_RECEIVED_MAX	100	/* Received fields looked at */
#define TRACE_RESULTS_MAX	64	/* results of one A-R field */

/* One Received field; members are NULL when it does not say. */
struct received {
	const char *from_helo;	/* the name after "from", as sent in HELO */
	const char *from_host;	/* the name looked up by the receiver */
	const char *client_ip;	/* numeric, IPv4 or IPv6, checked */
	const char *by;		/* lower case */
	int64_t date;		/* seconds since 1970; -1: unreadable */
	bool by_lmtp;		/* delivery on one site (RFC 2033) */
	bool unclear;		/* it says of the client what cannot be read,
				 * or read in one way: host or address are
				 * left out */
};

/* 0, or ERR_SYNTAX when it cannot be read. */
int received_parse(struct arena *arena, struct bytes value,
		   struct received *out);

/* A list of names and "*.domain" patterns from the configuration. */
struct patterns {
	const char *const *names;
	size_t count;
};

struct trace {
	bool has_border;
	size_t border_index;	/* the field's index in message::fields */
	struct received border;
	const char *mail_from;	/* Return-Path above or at the border: "" for
				 * a bounce; NULL: none, or unreadable */
	bool mail_from_broken;	/* there was one that breaks the grammar */
	const char *no_border;	/* why there is none, or why it does not tell
				 * the client's address, a sentence; else
				 * NULL */
};

/* The border: the newest Received field whose `by` is a trusted relay and
 * whose `from` is not, if every Received field above it was written inside
 * (its `from` is a trusted relay or the same host, or it has none).  `from`
 * is the name that the receiver looked up; a HELO name alone is the sender's
 * word and makes nobody a relay, but where no stranger can connect (LMTP, a
 * private address, a line without any address). */
int trace_read(struct arena *arena, const struct message *message,
	       const struct patterns *relays, struct trace *out);

/* Loopback and private addresses: nobody outside connects from there. */
bool trace_ip_is_inside(const char *ip);

/* A field that an author wrote, or another server: no field above it is of
 * the border's own writing. */
bool trace_breaks_block(const struct field *field);

/* One "method=result" of an Authentication-Results field. */
struct authres_result {
	const char *method;	/* "dkim", "spf", "dmarc", ... lower case */
	const char *result;	/* "pass", ... lower case */
	const char *domain;	/* header.d, header.i's domain, the domain of
				 * smtp.mailfrom, or header.from; A-labels;
				 * NULL: none, or a value that could be read
				 * two ways (attack list 4 to 6) */
	const char *property;	/* which: "header.d", "smtp.mailfrom", ... */
};

struct authres {
	const char *authserv_id;	/* lower case; NULL: the server wrote
					 * none */
	bool id_is_late;		/* it stood between the results, as
					 * Outlook writes it: it tells no
					 * server */
	struct authres_result *results;
	size_t count;
};

/* RFC 8601 section 2.2, read strictly: 0 or ERR_SYNTAX. `none` gives no
 * results. */
int authres_parse(struct arena *arena, struct bytes value,
		  struct authres *out);

/* ARC-Authentication-Results: "i=1; " and the same (RFC 8617 section 4.1.1);
 * here an authserv-id must stand in front. */
int authres_parse_arc(struct arena *arena, struct bytes value,
		      unsigned *instance, struct authres *out);

struct authres_believed {
	struct authres *fields;	/* of a trusted id, in the unbroken block
				 * directly above the border */
	size_t count;
	size_t forged;		/* fields with a trusted id below the border,
				 * or without a border; those above the block
				 * were written inside and are ignored */
	size_t forged_below;	/* of these: with nothing of the author's or
				 * another server's between them and the
				 * border, where some servers write, too */
	const char *forged_id;	/* of the first; NULL: none */
};

/* A pass that another of these fields denies (same method, same domain, no
 * pass there) is left without a domain.  0 or ERR_LIMIT. */
int authres_believe(struct arena *arena, const struct message *message,
		    const struct trace *trace, const struct patterns *servers,
		    struct authres_believed *out);

#endif
