/* store.h - what the agent remembers: one SQLite file
 *
 * $XDG_STATE_HOME/mailseal/store.db, in WAL mode, migrated by user_version,
 * its pages checked at every start.  It knows no mail: whoever writes has
 * read.  The tables, each with a header of its own:
 *   judgement, facts, signature	judgement.h
 *   dkim_key				archive.h
 *   certificate			certificate.h
 *   contact				learned.h
 *   death				death.h
 *   opened				opened.h
 *   setting				the filter's field name, here
 *
 * Never fails as a whole: a damaged file is set aside ("store.db.damaged")
 * and its contacts and field name are copied into a new one; where nothing
 * can be written (a folder without rights, a file of a newer mailseald), the
 * store is in memory until the agent ends.  A full disk loses what is written
 * meanwhile, and nothing else.  store_news() has the sentences.
 *
 * One thread uses a store.  Every call is short: nothing waits for the disk;
 * what was written is kept together in one transaction until store_turn().
 * A power cut may lose the last seconds, never the file.
 * "One agent a user" is the lock of the state folder, not this file's. */
#ifndef MAILSEAL_STORE_STORE_H
#define MAILSEAL_STORE_STORE_H

#include <stdint.h>

struct store;

#define STORE_FIELD_DIGITS 16	/* hexadecimal, of the filter's field name */

/* `folder` is there already.  NULL: no memory. */
struct store *store_open(const char *folder);
void store_free(struct store *store);	/* writes all; NULL is allowed */

/* At the end of a turn of the loop: what was written goes into the file, and
 * a file that was found damaged is set aside. */
void store_turn(struct store *store);

/* Something that the log should say: a sentence, once; NULL: nothing. */
const char *store_news(struct store *store);

/* What is wrong as long as it is wrong, for `mailseal status`; NULL: all is
 * well. */
const char *store_problem(const struct store *store);

/* The digits of the filter's field, made up once for this user.  NULL: they
 * would not outlive this process. */
const char *store_field(const struct store *store);

/* Deletes judgements first seen, and archived keys last seen, before that
 * time; the count.  `most`: so many judgements at the most, so that the call
 * stays short; 0: all. */
unsigned store_expire(struct store *store, int64_t before, unsigned most);

/* Deletes all that is known of an address: judgements of its mail, its
 * certificates, the learned contact.  The count. */
unsigned store_forget_address(struct store *store, const char *address);

#endif
