/* openpgp_report.h - what the role that drives gpg reports, as facts
 *
 * The report is believed as far as it goes and no further: a word that is not
 * in the vocabulary, or a signature that is not the only one, is a bad
 * signature. */
#ifndef MAILSEAL_CRYPTO_OPENPGP_REPORT_H
#define MAILSEAL_CRYPTO_OPENPGP_REPORT_H

struct arena;
struct seal_facts;
struct value;

enum openpgp_wanted {
	OPENPGP_ONE_SIGNATURE,		/* there must be one */
	OPENPGP_AT_MOST_ONE
};

/* "signatures" into facts->state, signers and reason. */
void openpgp_report_signatures(struct arena *arena,
			       const struct value *report,
			       enum openpgp_wanted wanted,
			       struct seal_facts *facts);

/* "opening" and what goes with it.  `recipients`: how many stand before the
 * message. */
void openpgp_report_opening(struct arena *arena, const struct value *report,
			    unsigned recipients, struct seal_facts *facts);

/* One of the report's "keys", or of its signatures: whose it is. Addresses
 * come in normal form; those that are none are left out. */
struct seal_signer;
void openpgp_report_owner(struct arena *arena, const struct value *dict,
			  struct seal_signer *out);

#endif
