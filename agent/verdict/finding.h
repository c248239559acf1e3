/* finding.h - what the witnesses say, as plain values
 *
 * DKIM, SPF, DMARC, trace and contacts each fill in what they found, without
 * knowing of each other or of the verdict.  Result words are RFC 8601's. */
#ifndef MAILSEAL_VERDICT_FINDING_H
#define MAILSEAL_VERDICT_FINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/dns/dns.h"

enum result {
	RESULT_NONE, RESULT_PASS, RESULT_FAIL, RESULT_SOFTFAIL,
	RESULT_NEUTRAL, RESULT_POLICY, RESULT_TEMPERROR, RESULT_PERMERROR
};
const char *result_word(enum result result);	/* "none", "pass", ... */

enum policy { POLICY_UNSET, POLICY_NONE, POLICY_QUARANTINE, POLICY_REJECT };
const char *policy_word(enum policy policy);	/* NULL for POLICY_UNSET */

#define DKIM_SIGNATURES_MAX 10	/* signatures verified, design 8 */

/* What a DKIM signature leaves uncovered (design 7, "integrity"). */
enum integrity { INTEGRITY_UNKNOWN, INTEGRITY_WHOLE, INTEGRITY_PARTLY,
		 INTEGRITY_TAMPERED };
const char *integrity_word(enum integrity integrity);	/* NULL: unknown */

/* One DKIM-Signature field (RFC 6376). Strings live in the request's arena. */
struct dkim_finding {
	enum result result;
	const char *domain;		/* d=, A-labels; NULL: unreadable */
	const char *selector;		/* s=; NULL: unreadable */
	const char *identity_domain;	/* the domain of i=; d= without one */
	const char *algorithm;		/* "rsa-sha256"; NULL: unreadable */
	unsigned key_bits;		/* 0: no key was seen */
	bool aligned;			/* set by whoever evaluates DMARC */
	const char *organizational_domain;	/* of d=, where alignment took
						 * a walk; else NULL */
	enum dns_security dnssec;	/* of the key; UNKNOWN: none seen */
	const char *code;		/* a reason code: "body-hash-mismatch";
					 * NULL for a plain pass, but not with
					 * an archived key */
	const char *text;		/* the sentence that goes with it */
	bool key_unavailable;		/* NXDOMAIN or NODATA for the key, and
					 * no archived one */
	int64_t key_archived;		/* verified with a key that is no
					 * longer in DNS: when it was last
					 * seen there; 0: DNS has it */
	bool header_only;		/* b= verifies, the body hash does
					 * not: "altered on the way" */
	bool covers_autocrypt;		/* every Autocrypt field there is */
	enum integrity integrity;	/* of a passing signature */
	const char *integrity_text;	/* what is not covered; NULL: nothing */
	uint64_t body_beyond;		/* canonical bytes behind l= */
	uint64_t body_signed;		/* canonical bytes hashed */
	int64_t signed_at;		/* t=; -1: none */
	int64_t expires;		/* x=; -1: none */
	const char *key_text;		/* the record, to be kept; or NULL */
	const char *signature_sum;	/* SHA-256 of b=, of a signature whose
					 * b= verifies: 64 hex digits; NULL */
	const char *body_sum;		/* and of the body it then covers */
};

struct dkim_findings {
	struct dkim_finding list[DKIM_SIGNATURES_MAX];
	size_t count;
	size_t ignored;			/* signatures over the limit */
};

enum spf_scope { SPF_NO_SCOPE, SPF_MFROM, SPF_HELO };

/* One question that SPF asked, for people who want to see it. */
#define SPF_STEPS_MAX 24
struct spf_step {
	const char *name;
	const char *type;		/* "TXT", "A", ... */
	const char *found;		/* "records", "nothing", "bogus", ... */
	enum dns_security dnssec;
};

/* RFC 7208.  DMARC counts mfrom alone, and postmaster@HELO for a bounce. */
struct spf_finding {
	enum result result;
	const char *domain;		/* the identity checked; NULL: none */
	enum spf_scope scope;
	const char *client_ip;		/* NULL: not known */
	bool aligned;
	enum dns_security dnssec;	/* the least of all records used */
	const char *code;		/* "no-border", "too-many-lookups", ...
					 * NULL: plain */
	const char *text;		/* the sentence; NULL: plain */
	const char *explanation;	/* exp=, neutralised; NULL: none */
	unsigned lookups;
	const char *record;		/* the domain's own, as published */
	const char *organizational_domain;	/* as a signature's */
	struct spf_step steps[SPF_STEPS_MAX];	/* the first of them */
	size_t step_count;
};

/* Why the DMARC mechanism answered as it did. */
enum dmarc_proof { PROOF_NONE, PROOF_DKIM, PROOF_SPF, PROOF_SERVER };
const char *dmarc_proof_word(enum dmarc_proof proof);	/* NULL for none */

/* One name of a tree walk, for people who want to see it. */
#define DMARC_WALK_MAX 8
struct dmarc_step {
	const char *name;		/* "_dmarc.example.org" */
	const char *found;		/* "record", "nothing", "bogus", ... */
	enum dns_security dnssec;
};

/* Whether who gets reports agreed to it; asked when one is written. */
enum dmarc_consent { DMARC_CONSENT_NOT_ASKED, DMARC_CONSENT_GIVEN,
		     DMARC_CONSENT_DENIED, DMARC_CONSENT_NOT_TOLD };
struct dmarc_report_uri {
	const char *uri;
	const char *host;		/* where it leads; NULL: to no host */
	uint64_t limit;			/* "!10m" of RFC 7489, in bytes; 0:
					 * none, as always in RFC 9989 */
	bool external;			/* outside the organizational domain */
	enum dmarc_consent consent;	/* of an external one */
	const char *instead;		/* what that host wants used in place
					 * of `uri`; or NULL */
};
#define DMARC_URIS_MAX 10

/* RFC 9989, run for one domain. */
struct dmarc_finding {
	enum result result;		/* none, pass, fail, temp-, permerror */
	enum policy policy;		/* in force, t=y applied; UNSET: none */
	enum policy published;		/* before t=y */
	const char *domain;		/* of the policy record; or NULL */
	const char *organizational_domain;
	const char *psl_domain;		/* organizational by RFC 7489 */
	enum result psl_result;		/* what RFC 7489 would answer */
	enum policy psl_policy;
	enum dmarc_proof proof;		/* how it passed */
	enum dns_security dnssec;	/* the least of the records used */
	const char *code;
	const char *text;
	bool strict_dkim, strict_spf;
	bool nonexistent;		/* NXDOMAIN for the domain itself */
	struct dmarc_step walk[DMARC_WALK_MAX];
	size_t walk_count;
	struct dmarc_report_uri rua[DMARC_URIS_MAX];
	size_t rua_count;
	struct dmarc_report_uri ruf[DMARC_URIS_MAX];
	size_t ruf_count;
	const char *record;		/* as published; or NULL */
};

/* ARC (RFC 8617): what a forwarder whom the user trusts says about the mail
 * before it was forwarded. */
struct arc_finding {
	enum result result;		/* none: no chain, or of nobody whom
					 * the user trusts; then it was not
					 * verified */
	const char *sealer;		/* d= of the newest seal; NULL: none */
	unsigned sets;			/* how long the chain is */
	enum dns_security dnssec;	/* the least of the keys */
	const char *code, *text;	/* NULL: a plain pass, or no chain */
	enum integrity integrity;	/* of the newest message signature */
	const char *integrity_text;
	const char *believed;		/* what lifts a DMARC failure, such as
					 * "dkim=pass for example.org", set by
					 * whoever judges that; NULL: nothing */
};

#endif
