/* identity.h - the id of a message
 *
 * SHA-256 of its raw bytes without an mbox line, without our own fields
 * ("X-Mailseal-" and 16 hex digits, and what the filter makes of those that it
 * finds: "X-Old-Mailseal-"), line ends as CRLF (design 4): the same
 * message has the same id in every mailbox format. */
#ifndef MAILSEAL_FLOW_IDENTITY_H
#define MAILSEAL_FLOW_IDENTITY_H

#include <stddef.h>

struct memfile;
struct message;

#define IDENTITY_TEXT 65	/* 64 hex digits and a NUL */

/* `room`: where pieces of a large file are read to, PIECE_ROOM bytes.
 * 0; ERR_IO; ERR_MEMORY. */
int identity_of(const struct message *message, const struct memfile *file,
		unsigned char *room, char out[IDENTITY_TEXT]);

#define PIECE_ROOM (256 * 1024)

/* SHA-256 (32 bytes) of bytes that nobody interprets.  0; ERR_MEMORY. */
int identity_sum(const unsigned char *bytes, size_t len, unsigned char *sum);

#endif
