/* ulabel.h - what an A-label looks like (RFC 3492)
 *
 * To compare by sight only: the labels that ought never to be shown are the
 * very ones that are wanted here, so nothing is checked but the decoding. */
#ifndef MAILSEAL_CONTACTS_ULABEL_H
#define MAILSEAL_CONTACTS_ULABEL_H

struct buf;

/* Adds `domain` with every "xn--" label decoded to UTF-8; a label that does
 * not decode is added as it is. */
void ulabels_add(struct buf *to, const char *domain);

#endif
