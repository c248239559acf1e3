/* scheme.h - S/MIME and OpenPGP: two tables of one type
 *
 * What flow/ signs, encrypts and opens with; it names no scheme but in its
 * table of tables.  A scheme works on blobs: a detached signature, a
 * ciphertext.  MIME around them (multipart/signed, RFC 1847; RFC 8551;
 * RFC 3156) is the caller's, told by the table's texts.
 * Fails closed: what `open` and `verify` wrote or judged counts only when
 * they answered 0 and the facts say so; until then it stays in a spool.
 * Does not do: compare signer and From, say what covers the whole message,
 * choose keys, look anything up. */
#ifndef MAILSEAL_CRYPTO_SCHEME_H
#define MAILSEAL_CRYPTO_SCHEME_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/base/bytes.h"

#define SEAL_SIGNERS_MAX	8	/* more are SEAL_BAD, none is listed */
#define SEAL_RECIPIENTS_MAX	1000
#define SEAL_ADDRESSES_MAX	32	/* of one certificate or key */

struct arena;
struct buf;
struct sink;
struct source;
struct openpgp_client;		/* crypto/openpgp_client.h */
struct smime_world;		/* crypto/smime.h */

/* How a signature fares; seal_state_name[] has the words of the reports. */
enum seal_state {
	SEAL_UNSIGNED,
	SEAL_GOOD,		/* and somebody trusted vouches for the key */
	SEAL_UNTRUSTED,		/* right, but nobody vouches for the key */
	SEAL_EXPIRED,		/* right, but the key or signature expired */
	SEAL_REVOKED,		/* right, but the key was revoked */
	SEAL_WEAK,		/* by a digest or key that proves nothing */
	SEAL_UNKNOWN_KEY,	/* nothing to verify it with */
	SEAL_UNSUPPORTED,	/* an algorithm that this machine lacks */
	SEAL_BAD,		/* wrong, malformed, empty, or several */
	SEAL_STATES
};

/* Who says that the key belongs to its addresses; the strongest. */
enum seal_trust {
	SEAL_TRUST_NONE,
	SEAL_TRUST_SEEN,	/* it came with earlier mail from there */
	SEAL_TRUST_DANE,	/* DNSSEC: SMIMEA, OPENPGPKEY */
	SEAL_TRUST_WEB,		/* OpenPGP keys that the user trusts */
	SEAL_TRUST_PKIX,	/* a certification authority for e-mail */
	SEAL_TRUST_OWN,		/* the user's own, or accepted by the user */
	SEAL_TRUST_REFUSED,	/* the user distrusts it */
	SEAL_TRUSTS
};

/* Whether a change of the ciphertext would have been seen. */
enum seal_integrity {
	SEAL_INTEGRITY_NONE, SEAL_INTEGRITY_MDC, SEAL_INTEGRITY_AEAD,
	SEAL_INTEGRITIES
};

/* What became of `open`. One word for all that an attacker could tell apart
 * by trying: SEAL_DAMAGED. */
enum seal_opening {
	SEAL_NOT_ENCRYPTED,
	SEAL_OPENED,
	SEAL_NO_KEY,		/* for none of the user's keys */
	SEAL_LOCKED,		/* the user did not unlock the key */
	SEAL_NOT_SUPPORTED,	/* an algorithm that this machine lacks */
	SEAL_DAMAGED,		/* changed on the way, or never right */
	SEAL_OPENINGS
};

extern const char *const seal_state_name[SEAL_STATES];
extern const char *const seal_trust_name[SEAL_TRUSTS];
extern const char *const seal_integrity_name[SEAL_INTEGRITIES];
extern const char *const seal_opening_name[SEAL_OPENINGS];

/* Texts live in the job's arena; NULL: not known.  They are data of
 * strangers: whoever shows them makes them harmless. */
struct seal_signer {
	enum seal_state state;
	enum seal_trust trust;
	const char *fingerprint;	/* hex, upper case */
	const char *name;		/* user id or subject */
	const char *const *addresses;	/* those that `trust` speaks of */
	size_t address_count;
	bool address_in_subject;	/* S/MIME: they stand where they did
					 * of old, RFC 8550 section 3 */
	const char *algorithm;		/* "rsa", "ecdsa-p256", "ed25519" */
	unsigned key_bits;
	const char *digest;		/* "sha256" */
	int64_t signed_at;		/* as the signer claims; 0: no claim */
	int64_t expires_at;		/* of the key; 0: never, or unknown */
	const char *reason;		/* a sentence, where not SEAL_GOOD */
	struct bytes blob;		/* S/MIME: the certificate, DER, for
					 * whoever keeps it; empty: none */
	struct bytes companion;		/* S/MIME: the signer's other one, to
					 * encrypt to, where `blob` is not;
					 * vouched for by an authority */
	unsigned reads;			/* S/MIME: SMIME_READS_ bits that the
					 * signer claims (crypto/smime.h) */
};

struct seal_facts {
	enum seal_state state;		/* the worst of all signers' */
	struct seal_signer signers[SEAL_SIGNERS_MAX];
	size_t signer_count;
	enum seal_opening opening;
	enum seal_integrity integrity;
	const char *cipher;		/* "aes256-gcm", "aes256-ocb" */
	size_t recipient_count;
	const char *opened_with;	/* the user's key: its fingerprint */
	const char *key_sum;		/* the same for the same ciphertext in
					 * another message: 64 hex digits;
					 * NULL: not known */
	const char *reason;		/* a sentence, where it was not opened
					 * or state is not SEAL_GOOD */
};

/* A key to sign with, or a recipient's.  Either is enough for OpenPGP. */
struct seal_key {
	const char *address;		/* for sentences; NULL: none */
	const char *fingerprint;	/* hex; NULL: blob alone */
	struct bytes blob;		/* certificate (DER), or transferable
					 * public key (RFC 4880, binary) */
	unsigned reads;			/* SMIME_READS_ bits that its owner is
					 * known for */
};

/* What a signature came out as. */
struct seal_signed {
	const char *digest;		/* for micalg: "sha256"; S/MIME's names
					 * are others: "sha-256" */
	const char *fingerprint;
};

/* What the schemes work with; a role makes it once. Handed in const. */
struct seal_world {
	struct openpgp_client *openpgp;	/* NULL: not served here */
	struct smime_world *smime;	/* NULL: not served here */
	int64_t (*now)(void);		/* seconds since 1970 */
};

/* One call; everything made lives in `arena`.  tty, display: or NULL. */
struct seal_job {
	const struct seal_world *world;
	struct arena *arena;
	struct buf *why;		/* an error's sentence */
	int64_t deadline;		/* clock_now_ms() */
	uint32_t caller;		/* callers take turns */
	const int *cancel;		/* a descriptor, readable when nobody
					 * waits any more; NULL: none */
	const char *tty, *display;	/* where a key may be unlocked */
};

/* Content-Type of an entity, as the MIME reader found it. */
struct seal_type {
	const char *type;		/* "multipart/signed", lower case */
	const char *protocol;		/* parameters; NULL: absent */
	const char *smime_type;
	const char *name;
};

enum seal_kind {
	SEAL_KIND_NONE,
	SEAL_KIND_DETACHED,	/* multipart/signed: text, signature */
	SEAL_KIND_ENVELOPE,	/* the entity is the blob for `open` */
	SEAL_KIND_CONTROLLED	/* multipart/encrypted: control, blob */
};

struct seal_pass;		/* a signature that is being made */

struct scheme {
	const char *name;		/* "S/MIME" */
	const char *word;		/* "smime": options and reports */
	const char *signature_type;	/* Content-Type of a signature part,
					 * with its parameters */
	const char *signature_protocol;	/* of multipart/signed */
	const char *micalg_prefix;	/* "", "pgp-" */
	bool armored;			/* blobs are text of their own, not to
					 * be put in base64 */
	const char *control_type;	/* what stands in front of an encrypted
					 * blob in a multipart/encrypted, ... */
	const char *control_text;	/* ... and its text; NULL: the blob is
					 * an entity alone */
	/* Content-Type of an encrypted blob, by its first octets. */
	const char *(*blob_type)(struct bytes start);

	enum seal_kind (*knows)(const struct seal_type *type);

	/* Every function: 0, and `facts` or `out` is whole; or ERR_* with a
	 * sentence in job->why (ours: a role is down, time is up, a limit; for
	 * sign and encrypt also what keeps it from being done). A signature
	 * that is bad and a blob that does not open are facts, not errors. */

	/* Over canonical text: line ends CRLF (RFC 8551 section 3.1.1,
	 * RFC 3156 section 5). */
	int (*sign)(struct seal_job *job, const struct seal_key *signer,
		    const struct source *text, const struct sink *signature,
		    struct seal_signed *out);
	/* The same over a text that passes by on its way elsewhere: *out is
	 * there before its first octet, *pass is freed by its caller. */
	int (*sign_start)(struct seal_job *job, const struct seal_key *signer,
			  struct seal_signed *out, struct seal_pass **pass);
	int (*sign_more)(struct seal_pass *pass, struct bytes text);
	int (*sign_end)(struct seal_pass *pass, const struct sink *signature);
	void (*sign_free)(struct seal_pass *pass);	/* NULL is allowed */
	int (*verify)(struct seal_job *job, const struct source *text,
		      struct bytes signature, struct seal_facts *facts);
	int (*encrypt)(struct seal_job *job, const struct seal_key *recipients,
		       size_t count, const struct source *text,
		       const struct sink *blob);
	/* Takes one layer off: what was encrypted, or signed with the content
	 * inside, or (OpenPGP) both at once. */
	int (*open)(struct seal_job *job, const struct source *blob,
		    const struct sink *content, struct seal_facts *facts);
};

extern const struct scheme scheme_smime, scheme_openpgp;

#endif
