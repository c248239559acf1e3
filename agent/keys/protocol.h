/* protocol.h - what is said to the keeper, and what it answers
 *
 * One datagram of a SOCK_SEQPACKET socket a request, one a reply, both of one
 * fixed size, in the machine's own byte order; agent/keys/PROTOCOL.md has
 * them in words.  Many requests may be under way on one socket; `id` joins a
 * reply to its request.
 * There is no raw RSA: the keeper pads, derives and checks by itself. */
#ifndef MAILSEAL_KEYS_PROTOCOL_H
#define MAILSEAL_KEYS_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KEYS_VERSION	1
#define KEYS_ID_SIZE	32	/* SHA-256 of the SubjectPublicKeyInfo, DER */
#define KEYS_DATA_MAX	1024	/* bytes: RSA of 8192 bits */
#define KEYS_SECRET_MAX	64	/* bytes of a content key, or one that wraps */
#define KEYS_DIGEST_MAX	64
#define KEYS_POINT_MAX	97	/* bytes: P-384, uncompressed */
#define KEYS_SHARED_MAX	512	/* bytes of SharedInfo, RFC 5753 section 7.2 */

enum keys_verb {
	KEYS_STATE = 1,		/* is it here, locked, and for what */
	KEYS_SIGN = 2,		/* this digest */
	KEYS_UNWRAP = 3,	/* this content key */
	KEYS_DERIVE = 4		/* a key-encryption key with this point */
};

enum keys_scheme {
	KEYS_SCHEME_NONE = 0,
	KEYS_RSA_PKCS1 = 1,	/* RFC 8017 sections 7.2 and 8.2 */
	KEYS_RSA_PSS = 2,	/* section 8.1; salt as long as the hash */
	KEYS_RSA_OAEP = 3,	/* section 7.1; the empty label */
	KEYS_ECDSA = 4,
	KEYS_ECDH_X963 = 5	/* RFC 5753 section 7.1: SEC 1 with X9.63 */
};

enum keys_hash {
	KEYS_HASH_NONE = 0, KEYS_SHA256 = 1, KEYS_SHA384 = 2, KEYS_SHA512 = 3,
	KEYS_SHA1 = 4		/* OAEP and X9.63 of older mail; never signs */
};

/* What a key is for: bits, by its certificate's keyUsage. */
#define KEYS_FOR_SIGNING	1
#define KEYS_FOR_OPENING	2	/* unwrap and derive */

/* How a request ended: one for each thing that an asker does differently. */
enum keys_answer {
	KEYS_DONE = 0,
	KEYS_LOCKED = 1,	/* the front can unlock it; then try again */
	KEYS_CONFIRM = 2,	/* the user has to allow it; then try again */
	KEYS_UNKNOWN = 3,	/* no such key here */
	KEYS_WRONG_USE = 4,	/* a signing key was to open, or the reverse */
	KEYS_UNSUPPORTED = 5,	/* this scheme with this key */
	KEYS_FAILED = 6,	/* what was to be opened does not open */
	KEYS_REFUSED = 7,	/* too many failures within the hour */
	KEYS_GONE = 8		/* never sent: there is no keeper (any more) */
};

struct keys_request {
	uint8_t version;
	uint8_t verb;
	uint8_t scheme;
	uint8_t hash;		/* of the digest, OAEP, or the derivation */
	uint8_t mask_hash;	/* of MGF1, for OAEP */
	uint8_t zero;
	uint16_t want;		/* bytes of the secret that is to come out */
	uint32_t id;
	uint16_t len;		/* of the first part of data */
	uint16_t more;		/* of what follows it: SharedInfo */
	uint8_t key[KEYS_ID_SIZE];
	uint8_t data[KEYS_DATA_MAX];
};
_Static_assert(sizeof(struct keys_request) == 48 + KEYS_DATA_MAX,
	       "a request has no holes");

struct keys_reply {
	uint8_t version;
	uint8_t answer;
	uint8_t usage;		/* of KEYS_STATE: KEYS_FOR_... */
	uint8_t unlocked;	/* of KEYS_STATE: 0 or 1 */
	uint32_t id;
	uint16_t len;		/* of data; 0 unless KEYS_DONE */
	uint16_t zero[3];
	uint8_t data[KEYS_DATA_MAX];
};
_Static_assert(sizeof(struct keys_reply) == 16 + KEYS_DATA_MAX,
	       "a reply has no holes");

/* Whether these bytes are a request that a keeper may answer: size, version,
 * a verb of the table, and its fields within the verb's limits.  Anything
 * else ends the conversation. */
bool keys_request_fits(const void *bytes, size_t len);

/* The same for what comes back to an asker. */
bool keys_reply_fits(const void *bytes, size_t len);

/* Bytes of a digest; 0 for KEYS_HASH_NONE and what is none. */
size_t keys_hash_size(unsigned hash);

/* Never NULL: a sentence without its full stop. */
const char *keys_answer_sentence(enum keys_answer answer);

#endif
