/* cms_walk.c - tags and lengths, one pass from the first to the last */
#include "agent/crypto/cms_walk.h"

#include <stdlib.h>

#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/base/stream.h"
#include "agent/crypto/ber.h"
#include "agent/crypto/cms_algorithm.h"

#define STRINGS_MAX	4	/* strings of strings of strings */

struct cms_walk {
	struct cms_walk_facts facts;
	struct buf frame;
	struct ber_object info, explicit, data, content_info;
	struct ber_object strings[STRINGS_MAX];	/* open around the content */
	size_t string_count;
	uint64_t string_left;		/* octets of the primitive one */
	bool explicit_content;		/* SignedData's [0] EXPLICIT */
	struct ber_object wrapper;
	bool content_ended;
	bool tail_read;
	struct ber_reader reader;
};

struct cms_walk *cms_walk_new(const struct source *from)
{
	struct cms_walk *walk = calloc(1, sizeof(*walk));

	if (walk == NULL)
		return NULL;
	walk->reader.from = *from;
	buf_init(&walk->frame, CMS_WALK_FRAME_MAX);
	return walk;
}

void cms_walk_free(struct cms_walk *walk)
{
	if (walk == NULL)
		return;
	buf_free(&walk->frame);
	explicit_bzero(walk, sizeof(*walk));
	free(walk);
}

/* Opens it, and in the frame too, as one of indefinite length. */
static int enter(struct cms_walk *walk, const struct ber_object *parent,
		 unsigned char tag, struct ber_object *object)
{
	int r = ber_expect(&walk->reader, parent, tag, object);

	buf_byte(&walk->frame, tag);
	buf_byte(&walk->frame, 0x80);
	return r;
}

static int name_read(struct cms_walk *walk, const struct ber_object *parent,
		     struct cms_walk_name *out)
{
	struct ber_object object;
	struct bytes octets;
	size_t before = walk->frame.len;
	int r = ber_expect(&walk->reader, parent, BER_NAME, &object);

	if (r == 0 && (object.len == 0 || object.len > CMS_WALK_NAME_MAX))
		r = ERR_SYNTAX;
	if (r == 0)
		r = ber_copy(&walk->reader, &object, &walk->frame);
	if (r < 0)
		return r;
	octets = bytes_slice(buf_bytes(&walk->frame),
			     before + object.head_len, walk->frame.len);
	memcpy(out->octets, octets.data, octets.len);
	out->len = octets.len;
	return 0;
}

static bool name_is(const struct cms_walk_name *name, const char *octets,
		    size_t len)
{
	return name->len == len && memcmp(name->octets, octets, len) == 0;
}

static enum cms_walk_kind kind_of(const struct cms_walk_name *name)
{
	if (name_is(name, "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", 9))
		return CMS_WALK_SIGNED;
	if (name_is(name, "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03", 9))
		return CMS_WALK_ENVELOPED;
	if (name_is(name, "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17", 11))
		return CMS_WALK_AUTH_ENVELOPED;
	/* Data, DigestedData, CompressedData (RFC 3274) */
	if (name_is(name, "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01", 9) ||
	    name_is(name, "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x05", 9) ||
	    name_is(name, "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x09", 11))
		return CMS_WALK_CLEAR;
	return CMS_WALK_OTHER;
}

/* What was copied since. */
static struct bytes copied(const struct cms_walk *walk, size_t since)
{
	return bytes_slice(buf_bytes(&walk->frame), since, walk->frame.len);
}

/* `object` is the content: from here on octets are handed out. */
static int content_open(struct cms_walk *walk, const struct ber_object *object)
{
	int r = 0;

	walk->facts.has_content = true;
	walk->strings[0] = *object;
	if (walk->facts.kind == CMS_WALK_SIGNED) {
		walk->explicit_content = true;
		walk->wrapper = *object;
		r = ber_next(&walk->reader, object, &walk->strings[0]);
		if (r <= 0)
			return r < 0 ? r : ERR_SYNTAX;
		r = 0;
		if (walk->strings[0].tag != BER_OCTETS &&
		    walk->strings[0].tag != BER_STRINGS)
			return ERR_SYNTAX;
	}
	walk->string_count = 1;
	if ((walk->strings[0].tag & BER_CONSTRUCTED) == 0) {
		walk->string_left = walk->strings[0].len;
		walk->string_count = 0;
	}
	return r;
}

/* EncapsulatedContentInfo or EncryptedContentInfo, its head read, up to its
 * content. */
static int content_info(struct cms_walk *walk)
{
	bool is_signed = walk->facts.kind == CMS_WALK_SIGNED;
	size_t before;
	struct ber_object object;
	int r = name_read(walk, &walk->content_info,
			  &walk->facts.content_type);

	if (r == 0 && !is_signed) {
		r = ber_expect(&walk->reader, &walk->content_info,
			       BER_SEQUENCE, &object);
		before = walk->frame.len;
		if (r == 0)
			r = ber_copy(&walk->reader, &object, &walk->frame);
		if (r == 0)
			cms_cipher_read(copied(walk, before), &walk->facts);
	}
	if (r == 0)
		r = ber_next(&walk->reader, &walk->content_info, &object);
	if (r == 0) {				/* no content: it ended */
		walk->content_ended = true;
		return 0;
	}
	if (r < 0)
		return r;
	if (object.tag != BER_0_CONSTRUCTED &&
	    (is_signed || object.tag != BER_0))
		return ERR_SYNTAX;
	return content_open(walk, &object);
}

int cms_walk_head(struct cms_walk *walk)
{
	struct cms_walk_name name;
	struct ber_object object;
	size_t before;
	int r = enter(walk, &ber_all, BER_SEQUENCE, &walk->info);

	if (r == 0)
		r = name_read(walk, &walk->info, &name);
	if (r < 0)
		return r;
	walk->facts.kind = kind_of(&name);
	if (walk->facts.kind >= CMS_WALK_CLEAR)
		return 0;
	r = enter(walk, &walk->info, BER_0_CONSTRUCTED, &walk->explicit);
	if (r == 0)
		r = enter(walk, &walk->explicit, BER_SEQUENCE, &walk->data);
	while (r == 0) {
		r = ber_next(&walk->reader, &walk->data, &object);
		if (r <= 0)
			return r < 0 ? r : ERR_SYNTAX;
		if (object.tag == BER_SEQUENCE)
			break;		/* the only one in front of content */
		before = walk->frame.len;
		r = ber_copy(&walk->reader, &object, &walk->frame);
		if (r == 0 && walk->facts.kind == CMS_WALK_SIGNED)
			cms_digests_read(copied(walk, before), &walk->facts);
	}
	if (r < 0)
		return r;
	walk->content_info = object;
	buf_byte(&walk->frame, BER_SEQUENCE);
	buf_byte(&walk->frame, 0x80);
	return content_info(walk);
}

/* The next string with octets.  1; 0: the content is at its end. */
static int next_string(struct cms_walk *walk)
{
	struct ber_object object;
	int r;

	while (walk->string_count > 0) {
		r = ber_next(&walk->reader,
			     &walk->strings[walk->string_count - 1], &object);
		if (r < 0)
			return r;
		if (r == 0) {
			walk->string_count--;
		} else if (object.tag == BER_OCTETS) {
			walk->string_left = object.len;
			if (object.len > 0)
				return 1;
		} else if (object.tag == BER_STRINGS &&
			   walk->string_count < STRINGS_MAX) {
			walk->strings[walk->string_count++] = object;
		} else {
			return ERR_SYNTAX;
		}
	}
	return 0;
}

/* Behind the content: the ends of what is around it. */
static int content_close(struct cms_walk *walk)
{
	struct ber_object object;
	int r = 0;

	walk->content_ended = true;
	if (walk->explicit_content)
		r = ber_next(&walk->reader, &walk->wrapper, &object);
	if (r == 0)
		r = ber_next(&walk->reader, &walk->content_info, &object);
	return r > 0 ? ERR_SYNTAX : r;
}

int cms_walk_content(struct cms_walk *walk, unsigned char *room, size_t size)
{
	struct bytes piece;
	int r = 1;

	if (walk->content_ended)
		return 0;
	if (walk->string_left == 0)
		r = next_string(walk);
	if (r == 0)
		r = content_close(walk);
	if (r <= 0)
		return r;
	if (size > walk->string_left)
		size = (size_t)walk->string_left;
	r = ber_take(&walk->reader, size, &piece);
	if (r < 0)
		return r;
	memcpy(room, piece.data, piece.len);
	walk->string_left -= piece.len;
	return (int)piece.len;
}

/* What of the objects behind the content is wanted here; there is one MAC. */
static int tail_look(struct cms_walk *walk, const struct ber_object *object,
		     size_t from)
{
	struct cms_walk_facts *facts = &walk->facts;
	struct bytes octets;

	if (facts->kind != CMS_WALK_AUTH_ENVELOPED)
		return 0;
	if (object->tag == BER_1_CONSTRUCTED)
		facts->has_attributes = true;
	if (object->tag != BER_OCTETS)
		return 0;
	if (object->len > CMS_WALK_MAC_MAX || facts->mac_len > 0)
		return ERR_SYNTAX;
	octets = bytes_slice(buf_bytes(&walk->frame),
			     from + object->head_len, walk->frame.len);
	if (octets.len > 0)
		memcpy(facts->mac, octets.data, octets.len);
	facts->mac_len = octets.len;
	return 0;
}

int cms_walk_tail(struct cms_walk *walk)
{
	struct ber_object object;
	size_t before;
	int r;

	buf_u16(&walk->frame, 0);	/* the content's object ends */
	while ((r = ber_next(&walk->reader, &walk->data, &object)) > 0) {
		before = walk->frame.len;
		r = ber_copy(&walk->reader, &object, &walk->frame);
		if (r == 0)
			r = tail_look(walk, &object, before);
		if (r < 0)
			return r;
	}
	if (r == 0)
		r = ber_next(&walk->reader, &walk->explicit, &object);
	if (r == 0)
		r = ber_next(&walk->reader, &walk->info, &object);
	if (r != 0)
		return r > 0 ? ERR_SYNTAX : r;
	buf_u16(&walk->frame, 0);
	buf_u32(&walk->frame, 0);
	r = ber_has_more(&walk->reader);
	walk->facts.has_more = r > 0;
	walk->tail_read = true;
	if (r < 0)
		return r;
	return walk->frame.full ? ERR_LIMIT : 0;
}

const struct cms_walk_facts *cms_walk_facts(const struct cms_walk *walk)
{
	return &walk->facts;
}

int cms_walk_frame(const struct cms_walk *walk, struct buf *out)
{
	static const unsigned char zeros[16];
	const struct bytes mac = { zeros, sizeof(zeros) };

	buf_add(out, buf_bytes(&walk->frame));
	if (!walk->tail_read) {
		buf_u16(out, 0);
		if (walk->facts.kind == CMS_WALK_AUTH_ENVELOPED) {
			buf_byte(out, BER_OCTETS);
			buf_byte(out, sizeof(zeros));
			buf_add(out, mac);
		} else if (walk->facts.kind == CMS_WALK_SIGNED) {
			buf_byte(out, BER_SET);		/* no signer yet */
			buf_byte(out, 0);
		}
		buf_u16(out, 0);
		buf_u32(out, 0);
	}
	return out->full ? ERR_LIMIT : 0;
}
