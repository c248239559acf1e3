/* keyring.h - the folder of key files
 *
 * $XDG_DATA_HOME/mailseal/keys, or ~/.local/share/mailseal/keys: for each key
 * NAME.key, encrypted and for its owner's eyes alone, and NAME.crt, its
 * certificate (keys/own.h) with what it says in lines before the PEM.  NAME is
 * the key's, 64 hex digits.  A file is written whole or not at all.
 * Does not do: look into a key file or a certificate. */
#ifndef MAILSEAL_ROLES_FRONT_KEYS_KEYRING_H
#define MAILSEAL_ROLES_FRONT_KEYS_KEYRING_H

#include <limits.h>
#include <stdbool.h>

#include "agent/base/bytes.h"

struct arena;
struct value;

#define KEYRING_NAME	65		/* of a key, and its NUL */
#define KEYRING_MAX	64		/* keys */

struct keyring {
	char folder[PATH_MAX - 128];
};

/* Why a key file cannot be used. */
enum keyring_fault { KEYRING_FINE, KEYRING_MISSING, KEYRING_EXPOSED,
		     KEYRING_STRANGE, KEYRING_UNREADABLE };
/* The error's name and a sentence for it; `room` for the sentence. */
const char *keyring_fault_name(enum keyring_fault fault);
void keyring_fault_sentence(const struct keyring *ring, const char *name,
			    enum keyring_fault fault, char *room, size_t size);

/* 0; ERR_CONFIG: there is no HOME. */
int keyring_open(struct keyring *ring);

/* Names of all keys; how many. */
size_t keyring_names(const struct keyring *ring,
		     char names[KEYRING_MAX][KEYRING_NAME]);

/* A descriptor of the encrypted key, for reading; -1 with *fault. */
int keyring_key(const struct keyring *ring, const char *name,
		enum keyring_fault *fault);

/* A new file in the folder, which is made if need be: its path in `path`.
 * A descriptor; ERR_IO with errno. */
int keyring_new(const struct keyring *ring, char path[PATH_MAX]);
/* The new file, written through `fd`, becomes the key's. 0; ERR_IO. */
int keyring_keep(const struct keyring *ring, int fd, const char *path,
		 const char *name);

/* Writes a certificate: lines out of `facts`, then `pem`.  0; ERR_IO. */
int keyring_certify(const struct keyring *ring, const char *name,
		    const struct value *facts, struct bytes pem);

/* What stands before the PEM, into `dict`; false: there is no certificate. */
bool keyring_facts(const struct keyring *ring, const char *name,
		   struct arena *arena, struct value *dict);

/* All certificates, as keys/own.h reads them: a sealed memfd, or ERR_IO. */
int keyring_own(const struct keyring *ring);

/* Both files; false: there was none. */
bool keyring_remove(const struct keyring *ring, const char *name);

/* The one key whose name begins so, or that has this address; an empty word
 * means the only key.  1: *name is it; 0: none; 2: several. */
int keyring_find(const struct keyring *ring, const char *word,
		 char name[KEYRING_NAME]);

#endif
