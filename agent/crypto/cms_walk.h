/* cms_walk.h - a CMS object of any size: its frame here, its content there
 *
 * RFC 5652 section 3 (ContentInfo), 5.1 (SignedData), 6.1 (EnvelopedData), RFC
 * 5083 section 2.1 (AuthEnvelopedData); BER of X.690, definite or not.  What
 * frames the content (recipients, certificates, signers) is copied, without
 * the content, into a small object that OpenSSL reads as one whose content is
 * detached; the content's octets are handed out by the piece, in one pass.
 * Low tag numbers only; nothing is read twice.
 * Does not do: know algorithms, check anything that is inside the frame. */
#ifndef MAILSEAL_CRYPTO_CMS_WALK_H
#define MAILSEAL_CRYPTO_CMS_WALK_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/base/bytes.h"

struct source;
struct buf;

#define CMS_WALK_FRAME_MAX	(1024 * 1024)	/* octets of the frame */
#define CMS_WALK_NAME_MAX	32	/* octets of an object identifier */
#define CMS_WALK_MAC_MAX	64
#define CMS_WALK_DIGESTS_MAX	4	/* different ones that are listed */

enum cms_walk_kind {
	CMS_WALK_SIGNED, CMS_WALK_ENVELOPED, CMS_WALK_AUTH_ENVELOPED,
	/* Read no further than their names: */
	CMS_WALK_CLEAR,		/* bare, with a digest, compressed */
	CMS_WALK_OTHER
};

/* An object identifier as it is encoded, without tag and length. */
struct cms_walk_name {
	unsigned char octets[CMS_WALK_NAME_MAX];
	size_t len;
};

struct cms_walk_facts {
	enum cms_walk_kind kind;
	struct cms_walk_name content_type;	/* of what is inside */
	/* Signed: the digests that it is said to need, each once. */
	struct cms_walk_name digests[CMS_WALK_DIGESTS_MAX];
	size_t digest_count;
	struct cms_walk_name cipher;	/* enveloped: its content's */
	size_t tag_len;			/* AuthEnvelopedData: octets of the MAC
					 * as the cipher's parameters have it
					 * (RFC 5084 section 3.2); 0: they do
					 * not say */
	bool has_content;
	/* Once the end was read: */
	bool has_attributes;		/* authenticated beside the content */
	unsigned char mac[CMS_WALK_MAC_MAX];	/* AuthEnvelopedData */
	size_t mac_len;
	bool has_more;			/* octets behind the object */
};

struct cms_walk;

/* `from` is copied; what it reads must live.  NULL: no memory. */
struct cms_walk *cms_walk_new(const struct source *from);
void cms_walk_free(struct cms_walk *walk);	/* NULL is allowed */

/* Each: 0; ERR_SYNTAX: no BER, or not this object; ERR_LIMIT: the frame is
 * over its limit, or too deep; or what the source answered. */

/* Reads up to the content. */
int cms_walk_head(struct cms_walk *walk);
/* Octets of the content into `room`: how many; 0: there is no more. */
int cms_walk_content(struct cms_walk *walk, unsigned char *room, size_t size);
/* Reads what is behind the content, all of which was taken. */
int cms_walk_tail(struct cms_walk *walk);

const struct cms_walk_facts *cms_walk_facts(const struct cms_walk *walk);

/* The frame as an object of its own.  Before the tail was read: what comes
 * behind the content is missing, and a MAC is of zeros.  0; ERR_LIMIT. */
int cms_walk_frame(const struct cms_walk *walk, struct buf *out);

#endif
