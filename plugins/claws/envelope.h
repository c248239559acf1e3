/* envelope.h - what a part that is signed or encrypted says of its message
 *
 * RFC 9787: only the layers from the root of a message on speak for it.  Claws
 * Mail asks for every part there is; text in front, HTML around, and a part
 * that is attached belong to whoever sent the message, not to who signed or
 * encrypted one part of it ("Johnny, you are fired!", 2019; EFAIL, 2018).
 * Does not do: what mailseal open tells of a whole message. */
#ifndef PLUGINS_CLAWS_ENVELOPE_H
#define PLUGINS_CLAWS_ENVELOPE_H

#include <glib.h>

struct _MimeInfo;

enum envelope_place { ENVELOPE_BESIDE, ENVELOPE_WHOLE };

struct envelope {
	enum envelope_place place;
	gchar *author;		/* the one address of From; or NULL */
};

/* Whether nothing but signatures is around it. */
enum envelope_place envelope_place(struct _MimeInfo *part);

/* The caller frees it; NULL is allowed. */
struct envelope *envelope_new(struct _MimeInfo *part);
void envelope_free(gpointer envelope);

/* What is wrong with a good signature of that report as the message's own: a
 * sentence, or NULL. */
const char *envelope_lacks(const struct envelope *envelope, GVariant *report);

#endif
