/* engine.h - GPGME made ready: which gpg, which home, what it may not do
 *
 * gpg is run through this very program: pgp_exec() in the new process puts
 * the options in front that no GPGME call can give.  So gpg starts no daemon
 * (whose cage would be the role's), looks no key up and fetches none.
 * One thread; each request is a process of its own (request.h). */
#ifndef MAILSEAL_PGP_ENGINE_H
#define MAILSEAL_PGP_ENGINE_H

#include <gpgme.h>

struct pgp_engine {
	const char *program;	/* gpg's path */
	const char *home;	/* GNUPGHOME; there is such a folder */
	const char *scratch;	/* a folder for keys that gpg reads as files;
				 * NULL: none, only keys of the ring do */
};

/* First in main(): becomes gpg when GPGME starts it so; else returns. */
void pgp_exec(char **argv);

/* Once, before the cage: starts gpg to learn its version.  0;
 * ERR_UNSUPPORTED: it does not run, or is too old; ERR_MEMORY. */
int pgp_prepare(const struct pgp_engine *engine);

/* What only this process and the gpg that it starts will see: where a
 * passphrase may be asked for.  NULL: unchanged. */
void pgp_unlock_at(const char *tty, const char *display);

/* Exported keys keep the user ids of this address alone. */
void pgp_export_only(const char *address);

/* A context that asks nobody on the network.  NULL: no memory. */
gpgme_ctx_t pgp_context(void);

#endif
