/* ber.h - tags and lengths out of a source, one behind the other
 *
 * X.690 section 8.1: objects of definite and of indefinite length; tag
 * numbers under 31 only.  Nothing is read twice and nothing is held.
 * Does not do: know what an object means. */
#ifndef MAILSEAL_CRYPTO_BER_H
#define MAILSEAL_CRYPTO_BER_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/base/stream.h"

struct buf;

#define BER_ROOM	65536	/* octets read from the source at once */
#define BER_DEPTH_MAX	16	/* objects of indefinite length, nested */

/* Tags as they stand in front of an object. */
enum {
	BER_END = 0x00, BER_NUMBER = 0x02, BER_OCTETS = 0x04,
	BER_NAME = 0x06,
	BER_STRINGS = 0x24,	/* OCTET STRING, constructed */
	BER_SEQUENCE = 0x30, BER_SET = 0x31, BER_CONSTRUCTED = 0x20,
	BER_0 = 0x80, BER_0_CONSTRUCTED = 0xa0, BER_1_CONSTRUCTED = 0xa1
};

struct ber_object {
	unsigned char tag;
	bool indefinite;
	uint64_t len;			/* definite: octets of its content */
	uint64_t end;			/* where they end */
	unsigned char head[12];		/* tag and length as they stand */
	size_t head_len;
};

struct ber_reader {
	struct source from;
	uint64_t at;			/* octets taken */
	struct bytes in;
	unsigned char room[BER_ROOM];
};

/* Every function: ERR_SYNTAX: this is no BER; or what the source answered. */

/* What stands around the outermost object. */
extern const struct ber_object ber_all;

/* The head of the next object inside `parent`.  1; 0: there is none, and the
 * parent's end was taken. */
int ber_next(struct ber_reader *reader, const struct ber_object *parent,
	     struct ber_object *object);

/* The same, and it must be there with that tag.  0. */
int ber_expect(struct ber_reader *reader, const struct ber_object *parent,
	       unsigned char tag, struct ber_object *object);

/* Up to `len` octets (not 0), not copied, good until the next call.  0. */
int ber_take(struct ber_reader *reader, uint64_t len, struct bytes *out);

/* Adds the object whose head was read, all of it, to `to`.  0; ERR_LIMIT:
 * `to` is full, or too deep. */
int ber_copy(struct ber_reader *reader, const struct ber_object *object,
	     struct buf *to);

/* 1: there are octets left; 0: the source is at its end. */
int ber_has_more(struct ber_reader *reader);

#endif
