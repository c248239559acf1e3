/* entity.h - MIME parts of Claws Mail as bytes, and back
 *
 * What is signed and sealed are entities (RFC 8551 section 3.1, RFC 3156):
 * header and body, lines ending with CRLF.  Claws Mail has trees of parts in
 * files with LF. */
#ifndef PLUGINS_CLAWS_ENTITY_H
#define PLUGINS_CLAWS_ENTITY_H

#include <gio/gio.h>

struct _MimeInfo;

#define ENTITY_MAX	67108864	/* bytes; larger ones are not held */

/* A part as it will be written into a message.  NULL: it cannot be, or it is
 * too large. */
GBytes *entity_write(struct _MimeInfo *part);

/* The first part of a multipart that came, as it came: between its boundary
 * lines, but for the ends of lines.  NULL as above. */
GBytes *entity_signed(struct _MimeInfo *multipart);

/* What is inside a part without parts, decoded.  NULL as above. */
GBytes *entity_object(struct _MimeInfo *part);

/* A tree made of an entity; its files end with it.  NULL: there is none. */
struct _MimeInfo *entity_read(GBytes *entity);

/* A sealed memfd to hand over, or -1; the caller closes. */
int entity_file(GBytes *bytes);

#endif
