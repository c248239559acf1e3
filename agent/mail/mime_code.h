/* mime_code.h - transfer encodings and line ends, by the piece
 *
 * RFC 2045 section 6.7 (quoted-printable) and 6.8 (base64); RFC 8551 section
 * 3.1.1 (canonical text: CRLF).  Readers pull from a source, writers push into
 * a sink; both pass anything in constant memory.
 * Does not do: charsets, RFC 2047's forms of the same codes. */
#ifndef MAILSEAL_MAIL_MIME_CODE_H
#define MAILSEAL_MAIL_MIME_CODE_H

#include "agent/base/stream.h"

enum mime_step {
	MIME_AS_IS,
	MIME_FROM_BASE64,	/* octets outside the alphabet are skipped; ends
				 * at the padding */
	MIME_FROM_QUOTED,	/* what is no code stays as it is */
	MIME_TO_CRLF,		/* a bare LF becomes CRLF, a bare CR stays */
	MIME_TO_BASE64,		/* lines of 76, CRLF */
	MIME_TO_QUOTED		/* lines of at most 76, CRLF; what gateways
				 * change (RFC 2049 section 3) is coded */
};

struct mime_reader;
struct mime_writer;

/* `from` is copied; what it reads must live.  NULL: no memory. */
struct mime_reader *mime_reader_new(const struct source *from,
				    enum mime_step step);
struct source mime_reader_source(struct mime_reader *reader);
void mime_reader_free(struct mime_reader *reader);	/* wipes */

/* The MIME_TO_ steps and MIME_AS_IS. NULL: no memory. */
struct mime_writer *mime_writer_new(const struct sink *to,
				    enum mime_step step);
struct sink mime_writer_sink(struct mime_writer *writer);
/* Once, behind the last piece: the padding, what was held back.  0; what the
 * sink answered. */
int mime_writer_end(struct mime_writer *writer);
void mime_writer_free(struct mime_writer *writer);	/* wipes */

#endif
