/* anchors.h - the trust anchors as text, for the resolver
 *
 * RFC 4033 section 2 (trust anchor).  The files of the configuration, or the
 * system's root anchor. */
#ifndef MAILSEAL_ROLES_FRONT_ANCHORS_H
#define MAILSEAL_ROLES_FRONT_ANCHORS_H

struct config;

#define ANCHORS_MAX		16000	/* bytes in all; one frame */
#define ANCHORS_SYSTEM		"/usr/share/dns/root.key"

/* NULL: `why` names the file, what is wrong and what to do. */
char *anchors_read(const struct config *config, char *why, unsigned why_size);

#endif
