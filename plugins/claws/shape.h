/* shape.h - what the parts of a message are when it is sent
 *
 * A message of Claws Mail is a node with one child: its content.  Does not do:
 * sign, encrypt, or write (entity.h). */
#ifndef PLUGINS_CLAWS_SHAPE_H
#define PLUGINS_CLAWS_SHAPE_H

#include "plugins/claws/crypt.h"

struct _MimeInfo;

struct shape_signature {
	enum crypt_scheme scheme;
	GBytes *signature;
	const char *digest;	/* micalg, or NULL: the usual */
	const char *boundary;
};

struct _MimeInfo *shape_content(struct _MimeInfo *message);

/* Claws Mail makes up other boundaries each time: those of the first time,
 * which `boundaries` takes up, take their place. */
void shape_boundaries(struct _MimeInfo *message, GPtrArray *boundaries);

/* The content becomes a multipart of itself and its signature (RFC 1847). */
void shape_sign(struct _MimeInfo *message, const struct shape_signature *with);

/* The content becomes `part`, which is taken over; the old one is freed. */
void shape_replace(struct _MimeInfo *message, struct _MimeInfo *part);

#endif
