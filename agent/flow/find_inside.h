/* find_inside.h - what the files of find.h share */
#ifndef MAILSEAL_FLOW_FIND_INSIDE_H
#define MAILSEAL_FLOW_FIND_INSIDE_H

#include "agent/dane/smimea.h"
#include "agent/flow/find.h"

/* A search under way. */
struct find {
	struct seal_job *job;
	const struct find_question *question;
	struct found_key *found;
	size_t count, room;
	/* SMIMEA records that are proven, for certificates from anywhere. */
	const struct bytes *pins;
	size_t pin_count;
};

/* Whether keys of that scheme are looked for. */
static inline bool find_wants(const struct find *find,
			      const struct scheme *scheme)
{
	return find->question->scheme == NULL ||
	       find->question->scheme == scheme;
}

/* find_found.c: one more candidate, zeroed; NULL: enough of them. */
struct found_key *find_add(struct find *find, const struct scheme *scheme,
			   enum find_source source);

/* find_own.c */
void find_own(struct find *find);

/* find_openpgp.c */
void find_openpgp_ring(struct find *find);
void find_openpgp_blob(struct find *find, enum find_source source,
		       struct bytes blob, int64_t first_seen,
		       enum dns_security dnssec);

/* find_smime.c */
void find_smime_blob(struct find *find, enum find_source source,
		     struct bytes der, int64_t first_seen,
		     enum dns_security dnssec);

/* find_dns.c: asks at once, awaits late. */
struct find_names;
struct find_names *find_names_ask(struct find *find,
				  struct dns_request *request);
void find_names_await(struct find *find, struct find_names *names);

/* find_reads.c: what the owner said to read goes for the certificate wherever
 * else it was found. */
void find_reads(struct find *find);

/* find_choose.c: ranks, chooses, sorts. */
void find_choose(struct find *find);
/* Whether a verified key is among the candidates, of every scheme that is
 * wanted. */
bool find_is_settled(struct find *find);

#endif
