/* openpgp_packet.c - which packets an OpenPGP object is made of */
#include "agent/crypto/openpgp_packet.h"

#include "agent/base/err.h"
#include "agent/crypto/scheme.h"

/* RFC 4880 section 4.3; 20 and 21 of RFC 9580 and GnuPG. */
enum tag {
	TAG_PKESK = 1, TAG_SIGNATURE = 2, TAG_SKESK = 3, TAG_SECRET_KEY = 5,
	TAG_PUBLIC_KEY = 6, TAG_SECRET_SUBKEY = 7, TAG_ENCRYPTED = 9,
	TAG_MARKER = 10, TAG_TRUST = 12, TAG_USER_ID = 13,
	TAG_PUBLIC_SUBKEY = 14, TAG_ATTRIBUTE = 17, TAG_PROTECTED = 18,
	TAG_AEAD = 20, TAG_PADDING = 21
};

/* Where the walk stands. */
enum state {
	STATE_TAG,
	STATE_LENGTH,		/* new format: its first byte */
	STATE_LENGTH_TWO,	/* new format: the second of two */
	STATE_LENGTH_BYTES,	/* a number of `length_bytes` */
	STATE_BODY
};

#define OLD_INDETERMINATE 3	/* RFC 4880 section 4.2.1 */

const char *const packet_fault_sentence[] = {
	"it is as it should be",
	"it is no OpenPGP data, or was cut off",
	"it holds OpenPGP data of another kind",
	"it goes on behind its end",
	"it is encrypted without integrity protection",
	"it is encrypted with a passphrase, not for a key",
	"it holds a private key",
	"it holds several, where only one may be",
	"it has a form that is too new or too old for this GnuPG",
	"it is for more recipients than any mail of a person's"
};
_Static_assert(sizeof(packet_fault_sentence) /
	       sizeof(packet_fault_sentence[0]) == PACKET_FAULTS,
	       "a fault has no sentence");

void packet_start(struct packet_walk *walk, enum packet_shape shape)
{
	memset(walk, 0, sizeof(*walk));
	walk->shape = shape;
}

static enum packet_fault message_tag(struct packet_walk *walk)
{
	if (walk->encrypted)
		return PACKET_BEHIND;
	switch (walk->tag) {
	case TAG_PKESK:
		/* gpg tries each that may be for a key of the user's. */
		return ++walk->recipients <= SEAL_RECIPIENTS_MAX ?
		       PACKET_FINE : PACKET_CROWDED;
	case TAG_PROTECTED:
	case TAG_AEAD:
		walk->encrypted = true;
		return walk->recipients > 0 ? PACKET_FINE : PACKET_STRANGE;
	case TAG_SKESK:
		return PACKET_PASSPHRASE;
	case TAG_ENCRYPTED:
		return PACKET_UNPROTECTED;
	case TAG_MARKER:
	case TAG_PADDING:
		return PACKET_FINE;
	default:
		return PACKET_STRANGE;
	}
}

static enum packet_fault signature_tag(struct packet_walk *walk)
{
	if (walk->tag == TAG_MARKER || walk->tag == TAG_PADDING)
		return PACKET_FINE;
	if (walk->tag != TAG_SIGNATURE)
		return PACKET_STRANGE;
	return ++walk->signatures == 1 ? PACKET_FINE : PACKET_SEVERAL;
}

static enum packet_fault key_tag(struct packet_walk *walk)
{
	switch (walk->tag) {
	case TAG_PUBLIC_KEY:
		if (walk->key)
			return PACKET_SEVERAL;
		walk->key = true;
		return PACKET_FINE;
	case TAG_SECRET_KEY:
	case TAG_SECRET_SUBKEY:
		return PACKET_SECRET;
	case TAG_SIGNATURE:
	case TAG_USER_ID:
	case TAG_ATTRIBUTE:
	case TAG_PUBLIC_SUBKEY:
	case TAG_TRUST:
		return walk->key ? PACKET_FINE : PACKET_STRANGE;
	case TAG_MARKER:
	case TAG_PADDING:
		return PACKET_FINE;
	default:
		return PACKET_STRANGE;
	}
}

static enum packet_fault tag_judge(struct packet_walk *walk)
{
	if (++walk->count > PACKETS_MAX)
		return PACKET_STRANGE;
	switch (walk->shape) {
	case PACKETS_MESSAGE:
		return message_tag(walk);
	case PACKETS_SIGNATURE:
		return signature_tag(walk);
	default:
		return key_tag(walk);
	}
}

/* The first bytes of a packet, once it ends or PACKET_HEAD are there. */
static enum packet_fault head_judge(struct packet_walk *walk)
{
	unsigned version = walk->head_len > 0 ? walk->head[0] : 0;

	if (walk->encrypted && walk->head_len == PACKET_HEAD &&
	    (walk->tag == TAG_PROTECTED || walk->tag == TAG_AEAD)) {
		memcpy(walk->mark, walk->head, PACKET_HEAD);
		walk->marked = true;
	}
	if (walk->shape == PACKETS_MESSAGE && walk->tag == TAG_PROTECTED)
		return version == 1 ? PACKET_FINE : PACKET_NEWER;
	if (walk->shape != PACKETS_SIGNATURE || walk->tag != TAG_SIGNATURE)
		return PACKET_FINE;
	if (version == 4 && walk->head_len > 1)
		walk->signature_type = walk->head[1];
	else if (version == 3 && walk->head_len > 2)
		walk->signature_type = walk->head[2];	/* after a length */
	else
		return version < 3 ? PACKET_BROKEN : PACKET_NEWER;
	/* Of a document, binary or text; all else signs keys. */
	return walk->signature_type <= 1 ? PACKET_FINE : PACKET_STRANGE;
}

static enum packet_fault tag_take(struct packet_walk *walk, unsigned char c)
{
	if ((c & 0x80) == 0)
		return PACKET_BROKEN;
	walk->partial = walk->endless = false;
	walk->left = 0;
	walk->head_len = 0;
	walk->state = STATE_LENGTH;
	walk->tag = c & 0x3fU;
	if ((c & 0x40) == 0) {
		walk->tag = c >> 2 & 0x0fU;
		walk->length_bytes = 1U << (c & 3);
		walk->endless = (c & 3) == OLD_INDETERMINATE;
		walk->state = walk->endless ? STATE_BODY : STATE_LENGTH_BYTES;
	}
	return tag_judge(walk);
}

/* Only data may come in parts (section 4.2.2.4). */
static bool may_be_partial(unsigned tag)
{
	return tag == TAG_PROTECTED || tag == TAG_AEAD;
}

static enum packet_fault length_take(struct packet_walk *walk,
				     unsigned char c)
{
	walk->partial = c >= 224 && c < 255;
	if (walk->partial && !may_be_partial(walk->tag))
		return PACKET_BROKEN;
	walk->state = STATE_BODY;
	if (c < 192) {
		walk->left = c;
	} else if (c < 224) {
		walk->left = c - 192U;
		walk->state = STATE_LENGTH_TWO;
	} else if (walk->partial) {
		walk->left = 1ULL << (c & 0x1f);
	} else {
		walk->left = 0;
		walk->length_bytes = 4;
		walk->state = STATE_LENGTH_BYTES;
	}
	return PACKET_FINE;
}

static enum packet_fault header_take(struct packet_walk *walk,
				     unsigned char c)
{
	switch (walk->state) {
	case STATE_TAG:
		return tag_take(walk, c);
	case STATE_LENGTH:
		return length_take(walk, c);
	case STATE_LENGTH_TWO:
		walk->left = (walk->left << 8) + c + 192;
		walk->state = STATE_BODY;
		return PACKET_FINE;
	default:
		walk->left = walk->left << 8 | c;
		if (--walk->length_bytes == 0)
			walk->state = STATE_BODY;
		return PACKET_FINE;
	}
}

/* Takes what `piece` has of the body; true: the head was just completed. */
static bool body_take(struct packet_walk *walk, struct bytes *piece)
{
	size_t take = piece->len, room = PACKET_HEAD - walk->head_len;
	size_t before = walk->head_len;

	if (!walk->endless && take > walk->left)
		take = (size_t)walk->left;
	if (room > take)
		room = take;
	if (room > 0)
		memcpy(walk->head + before, piece->data, room);
	walk->head_len += room;
	if (!walk->endless)
		walk->left -= take;
	*piece = bytes_slice(*piece, take, piece->len);
	return before < PACKET_HEAD && walk->head_len == PACKET_HEAD;
}

/* A packet, or a part of one, ends here. */
static enum packet_fault body_end(struct packet_walk *walk)
{
	if (walk->partial) {
		walk->state = STATE_LENGTH;
		return PACKET_FINE;
	}
	walk->state = STATE_TAG;
	return walk->head_len < PACKET_HEAD ? head_judge(walk) : PACKET_FINE;
}

int packet_push(struct packet_walk *walk, struct bytes piece)
{
	while (walk->fault == PACKET_FINE) {
		if (walk->state == STATE_BODY) {
			if (body_take(walk, &piece))
				walk->fault = head_judge(walk);
			if (walk->fault != PACKET_FINE)
				break;
			if (!walk->endless && walk->left == 0) {
				walk->fault = body_end(walk);
				continue;
			}
		}
		if (piece.len == 0)
			break;
		walk->fault = header_take(walk, piece.data[0]);
		piece = bytes_slice(piece, 1, piece.len);
	}
	return walk->fault == PACKET_FINE ? 0 : ERR_SYNTAX;
}

/* What has to have come by the end. */
static bool is_whole(const struct packet_walk *walk)
{
	switch (walk->shape) {
	case PACKETS_MESSAGE:
		return walk->encrypted;
	case PACKETS_SIGNATURE:
		return walk->signatures > 0;
	default:
		return walk->key;
	}
}

int packet_end(struct packet_walk *walk)
{
	if (walk->fault == PACKET_FINE && walk->endless &&
	    walk->state == STATE_BODY) {
		walk->state = STATE_TAG;
		if (walk->head_len < PACKET_HEAD)
			walk->fault = head_judge(walk);
	}
	if (walk->fault == PACKET_FINE &&
	    (walk->state != STATE_TAG || !is_whole(walk)))
		walk->fault = PACKET_BROKEN;
	return walk->fault == PACKET_FINE ? 0 : ERR_SYNTAX;
}
