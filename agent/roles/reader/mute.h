/* mute.h - a resolver that asks nobody (lookup = never) */
#ifndef MAILSEAL_ROLES_READER_MUTE_H
#define MAILSEAL_ROLES_READER_MUTE_H

struct resolver;

/* Every question is answered at once as silent, with the reason.  Not to be
 * freed. */
struct resolver *reader_mute(void);

#endif
