/* mime_part.h - what mime.c reads out of one part's header */
#ifndef MAILSEAL_MAIL_MIME_PART_H
#define MAILSEAL_MAIL_MIME_PART_H

#include "agent/mail/mime.h"

/* Sets header, type, encoding and boundary; keeps a copy of the bytes in the
 * arena.  0; ERR_LIMIT. */
int mime_part_read(struct arena *arena, struct mime_part *part,
		   struct bytes header);

/* Marks it; the first reason stays. */
void mime_part_odd(struct mime_part *part, const char *text);

#endif
