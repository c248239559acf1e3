/* gpg.h - the user's GnuPG: where it is, and its agent outside a cage
 *
 * gpg-agent keeps the OpenPGP keys and asks for their passphrases, so it must
 * not inherit a cage: the front starts it, where it does not run, when the
 * role that drives gpg says so (FRAME_AGENT). */
#ifndef MAILSEAL_ROLES_FRONT_GPG_H
#define MAILSEAL_ROLES_FRONT_GPG_H

struct arena;
struct front;
struct value;

/* What HELLO tells the role: program, home, scratch.  Without gpg on the PATH
 * nothing. */
void front_gpg_settings(struct front *front, struct arena *arena,
			struct value *dict);

/* The role found nobody listening. */
void front_gpg_agent(struct front *front);

#endif
