/* find.h - the keys and certificates of a correspondent
 *
 * From the user's own keys, ring and book, from mail that was verified before,
 * from the header of mail (Autocrypt), and from DNS (RFC 8162, RFC 7929; only
 * where DNSSEC says that the answer is the domain's).  Every candidate comes
 * with where it was found, how far it is trusted, and why it cannot be used.
 * One of each scheme is chosen: a key that somebody verified is never replaced
 * by one that merely turned up.
 * Does not do: write anything down, ask DNS unless told so (a question tells
 * the domain that somebody writes to it; a look at mail is no reason). */
#ifndef MAILSEAL_FLOW_FIND_H
#define MAILSEAL_FLOW_FIND_H

#include "agent/crypto/scheme.h"
#include "agent/dns/dns.h"

struct value;

#define FIND_KEPT_MAX	64	/* handed in */
#define FIND_FOUND_MAX	64	/* candidates of one address */
#define FIND_DNS_MS	8000	/* a good deadline of the DNS request */

enum find_source {
	FIND_OWN,		/* its key is in the keeper */
	FIND_KEYRING,		/* the user's GnuPG */
	FIND_CONTACT,		/* the user gave it */
	FIND_SEEN,		/* of verified signed mail */
	FIND_AUTOCRYPT,		/* of a mail's header */
	FIND_SMIMEA, FIND_OPENPGPKEY,
	FIND_SOURCES
};
extern const char *const find_source_name[FIND_SOURCES];

/* What the store keeps of an address: a certificate (DER), or a transferable
 * public key (binary). */
struct find_kept {
	enum find_source source;
	struct bytes blob;
	int64_t first_seen, last_seen;
	unsigned reads;			/* SMIME_READS_ bits of its owner */
};

struct found_key {
	const struct scheme *scheme;
	enum find_source source;
	struct seal_signer owner;	/* fingerprint, name, addresses, trust,
					 * algorithm... */
	struct seal_key key;		/* to encrypt with */
	enum dns_security dnssec;	/* of what DNS said; UNKNOWN: it was
					 * not asked, or did not answer */
	int64_t first_seen;		/* 0: not known */
	bool usable;
	bool chosen;			/* to this one is encrypted */
	bool silent;			/* gpg could not be asked, now */
	const char *reason;		/* why it is not usable or chosen; or a
					 * remark; NULL */
};

enum find_dns {
	FIND_WITHOUT_DNS, FIND_WITH_DNS,
	FIND_DNS_LAST		/* only where nobody verified what is at hand */
};

struct find_question {
	const char *address;		/* normal */
	enum find_dns dns;
	const struct find_kept *kept;
	size_t kept_count;
	const struct scheme *scheme;	/* of this one alone; NULL: of both */
};

/* Candidates, those that are chosen first.  How many; ERR_LIMIT: the arena is
 * full.  That gpg or DNS could not be asked is told by a candidate without a
 * key. */
int find_keys(struct seal_job *job, struct dns_request *request,
	      const struct find_question *question, struct found_key *out,
	      size_t room);

/* The one of that scheme; NULL: there is none. */
const struct found_key *find_chosen(const struct found_key *found,
				    size_t count,
				    const struct scheme *scheme);

/* For the store: the certificates that a secured answer of DNS brought, a list
 * of dictionaries of the text "certificate" (hex). */
void find_proven(struct arena *arena, const struct found_key *found,
		 size_t count, struct value *list);

/* As the caller of Keys1.Find gets it: a list of dictionaries. */
void find_report(struct arena *arena, const struct found_key *found,
		 size_t count, struct value *list);

#endif
