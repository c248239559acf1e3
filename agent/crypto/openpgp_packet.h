/* openpgp_packet.h - which packets an OpenPGP object is made of
 *
 * RFC 4880 section 4 (RFC 9580 section 4).  Only the shape that an object
 * must have lets it pass to gpg: a message is encrypted session keys and one
 * integrity protected packet and nothing behind it; a signature is signature
 * packets alone; a key is one public key and what belongs to it.  Works on
 * pieces of any size and looks into no packet but its first bytes.
 * Does not do: decrypt, verify, know what is inside. */
#ifndef MAILSEAL_CRYPTO_OPENPGP_PACKET_H
#define MAILSEAL_CRYPTO_OPENPGP_PACKET_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/base/bytes.h"

#define PACKET_HEAD	16	/* bytes of a packet that are looked at */
#define PACKETS_MAX	20000	/* in one object */

enum packet_shape { PACKETS_MESSAGE, PACKETS_SIGNATURE, PACKETS_KEY };

/* Why an object has not the shape that it must have. */
enum packet_fault {
	PACKET_FINE,
	PACKET_BROKEN,		/* no packets, or cut off */
	PACKET_STRANGE,		/* one that does not belong there */
	PACKET_BEHIND,		/* something behind the message */
	PACKET_UNPROTECTED,	/* encrypted without integrity protection */
	PACKET_PASSPHRASE,	/* encrypted with a passphrase */
	PACKET_SECRET,		/* a private key */
	PACKET_SEVERAL,		/* keys or signatures, where one must be */
	PACKET_NEWER,		/* of a version that gpg does not read */
	PACKET_CROWDED,		/* for over SEAL_RECIPIENTS_MAX keys */
	PACKET_FAULTS
};

/* Sentences without a full stop, about "it". */
extern const char *const packet_fault_sentence[PACKET_FAULTS];

struct packet_walk {
	enum packet_shape shape;
	enum packet_fault fault;
	unsigned count;
	/* what was seen: */
	unsigned recipients;		/* encrypted session keys */
	unsigned signatures;		/* in a signature: its packets */
	unsigned signature_type;	/* of the first: 0 binary, 1 text */
	bool encrypted;			/* the protected packet came */
	bool key;			/* the public key came */
	unsigned char mark[PACKET_HEAD];	/* of the protected packet: its
				 * version and the random octets that it
				 * begins with, encrypted.  Who changes one
				 * breaks it; only its maker can make another
				 * one with these. */
	bool marked;
	/* of the packet at hand: */
	unsigned tag;
	int state;
	bool partial, endless;
	uint64_t left;			/* bytes of it that are to come */
	unsigned length_bytes;
	size_t head_len;
	unsigned char head[PACKET_HEAD];
};

void packet_start(struct packet_walk *walk, enum packet_shape shape);
/* 0; ERR_SYNTAX: walk->fault tells. */
int packet_push(struct packet_walk *walk, struct bytes piece);
/* The object is at its end. */
int packet_end(struct packet_walk *walk);

#endif
