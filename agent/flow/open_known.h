/* open_known.h - what the store knows of who signed, and what it learns
 *
 * Certificates seen before with an address (store/certificate.h) are asked for
 * while a message is opened, for two things: who vouches (the user's own word,
 * a secured answer of DNS that is not older than OPEN_PROVEN_S, or merely that
 * it was seen before), and whether the author signs with another certificate
 * than before.  No look-up is made because mail was read: what DNS says is
 * asked when a key is searched (find.h), and kept.
 * OpenPGP keys are gpg's to keep and to trust; of who signed by them the
 * fingerprints alone are kept (store/signer.h), for the second question.
 * The same ciphertext in a message of another sender's, or with answers going
 * elsewhere, was taken from the first: whoever sent it wants it decrypted and
 * quoted ("Re: what's up Johnny?", 2019).
 * What the message leaves is the dictionary `learn` of the report, for the
 * store alone, taken off before it goes to anybody:
 *   "address"		text	the author's, whom the signature fits
 *   "certificate"	text	the signer's, DER in hexadecimal; of S/MIME
 *   "signer"		text	the key's fingerprint; of OpenPGP, in its place
 *   "companion"	text	the signer's other one, to encrypt to, likewise
 *   "reads"		number	SMIME_READS_ bits
 *   "good"		truth	somebody vouches for it; else it is to be kept
 *				only if the domain does so for the message
 *   "sum", "body"	texts	of what was encrypted: seal_facts::key_sum, and
 *				who is answered, 64 hex digits each
 *   "opened"		list of texts: of encrypted mail that was opened, the
 *				sums of its Message-IDs (answers.h), likewise
 * Does not do: write, decide which certificate is used. */
#ifndef MAILSEAL_FLOW_OPEN_KNOWN_H
#define MAILSEAL_FLOW_OPEN_KNOWN_H

#include <stddef.h>
#include <stdint.h>

#include "agent/crypto/scheme.h"

struct open_summary;
struct opening;
struct value;

#define OPEN_KNOWN_MAX	33	/* of one address, of both schemes */
#define OPEN_LEARN_MAX	8000	/* octets of a certificate */
#define OPEN_PROVEN_S	(30 * 86400)

struct open_known {
	const char *scheme;		/* scheme::word; NULL: S/MIME */
	const char *fingerprint;	/* hex: SHA-256 of a certificate; an
					 * OpenPGP key's own */
	enum seal_trust trust;		/* OWN, DANE, SEEN */
	int64_t first_seen, last_seen;	/* seconds since 1970 */
};

struct open_memory {
	/* Those of a normal address, of each scheme the first seen in front,
	 * in `arena`.  How many; negative: it cannot be told now. */
	int (*certificates)(void *ctx, struct arena *arena,
			    const char *address, struct open_known *out,
			    size_t room);
	/* Whether `sum` was seen with another `body`: 1, 0; negative: it
	 * cannot be told now. */
	int (*repeated)(void *ctx, const char *sum, const char *body);
	void *ctx;
};

/* The best that is known of this certificate with one of these addresses.
 * memory NULL: nothing is. */
enum seal_trust open_known_trust(const struct open_memory *memory,
				 struct arena *arena, const char *fingerprint,
				 const char *const *addresses, size_t count);

/* Reasons of the report. */
void open_known_reasons(struct opening *opening,
			const struct open_summary *summary,
			struct value *list);

/* Adds "learn" where there is something. */
void open_learn(struct opening *opening, const struct open_summary *summary,
		struct value *report);

#endif
