/* failure.c - what gpg could not do, in words for people */
#include "agent/pgp/job.h"

#include <stdarg.h>
#include <stdio.h>

#include "agent/base/buf.h"

/* The errors that a person can do something about. */
static const struct failure {
	gpg_err_code_t code;
	const char *name;
	const char *sentence;
} failures[] = {
	{ GPG_ERR_NO_SECKEY, "NoKey",
	  "there is no such private key in this user's GnuPG; "
	  "gpg --list-secret-keys shows those that there are" },
	{ GPG_ERR_NO_PUBKEY, "NoKey",
	  "there is no such key in this user's GnuPG" },
	{ GPG_ERR_NOT_FOUND, "NoKey",
	  "there is no such key in this user's GnuPG" },
	{ GPG_ERR_UNUSABLE_SECKEY, "KeyUnusable",
	  "the private key cannot be used for this: it expired, was revoked, "
	  "or is of another kind" },
	{ GPG_ERR_UNUSABLE_PUBKEY, "KeyUnusable",
	  "a key cannot be used for this: it expired, was revoked, or has no "
	  "part to encrypt to" },
	{ GPG_ERR_SUBKEYS_EXP_OR_REV, "KeyUnusable",
	  "a key cannot be used for this: it expired, was revoked, or has no "
	  "part to encrypt to" },
	{ GPG_ERR_WRONG_KEY_USAGE, "KeyUnusable",
	  "the key is not meant for this use" },
	{ GPG_ERR_KEY_EXPIRED, "KeyUnusable", "the key expired" },
	{ GPG_ERR_CERT_REVOKED, "KeyUnusable", "the key was revoked" },
	{ GPG_ERR_AMBIGUOUS_NAME, "KeyUnusable",
	  "more than one key has this name; give its fingerprint" },
	{ GPG_ERR_BAD_PASSPHRASE, "Locked", "the passphrase was wrong" },
	{ GPG_ERR_CANCELED, "Locked", "the passphrase was not given" },
	{ GPG_ERR_FULLY_CANCELED, "Locked", "the passphrase was not given" },
	{ GPG_ERR_NO_PASSPHRASE, "Locked", "the passphrase was not given" },
	{ GPG_ERR_TIMEOUT, "Locked", "the passphrase was not given in time" },
	{ GPG_ERR_NO_PIN_ENTRY, "Locked",
	  "gpg-agent found no program to ask for the passphrase; install a "
	  "pinentry, or name one in gpg-agent.conf" },
	{ GPG_ERR_CARD_NOT_PRESENT, "Locked",
	  "the smart card with the key is not there" },
	{ GPG_ERR_BAD_PIN, "Locked", "the card's PIN was wrong" },
	{ GPG_ERR_PIN_BLOCKED, "Locked", "the card's PIN is blocked" },
	{ GPG_ERR_NO_AGENT, "NoAgent",
	  "gpg-agent, which keeps the private keys, does not run; it is "
	  "started again, so try once more" },
	{ GPG_ERR_AGENT, "NoAgent", "gpg-agent could not be asked" },
	{ GPG_ERR_UNSUPPORTED_ALGORITHM, "Unsupported",
	  "this GnuPG does not know an algorithm that is needed" },
	{ GPG_ERR_PUBKEY_ALGO, "Unsupported",
	  "this GnuPG does not know an algorithm that is needed" },
	{ GPG_ERR_ENOSPC, "Failed", "the disk is full" },
	{ GPG_ERR_EPIPE, "Failed", "whoever wanted the result went away" },
	{ GPG_ERR_ENOMEM, "Failed", "there is not enough memory" },
	{ GPG_ERR_NO_DATA, "BadData", "it is no OpenPGP data" },
	{ GPG_ERR_INV_ENGINE, "NoGpg",
	  "gpg does not run; install GnuPG 2.2 or newer" },
};

void pgp_fail(struct pgp_job *job, const char *name, const char *format, ...)
{
	char sentence[1024];
	va_list args;

	if (job->failure != NULL)
		return;			/* the first one counts */
	job->failure = name;
	va_start(args, format);
	(void)vsnprintf(sentence, sizeof(sentence), format, args);
	va_end(args);
	buf_text(job->sentence, sentence);
}

void pgp_fail_with(struct pgp_job *job, gpgme_error_t error,
		   const char *what)
{
	gpg_err_code_t code = gpgme_err_code(error);
	char unknown[256];
	size_t i;

	for (i = 0; i < sizeof(failures) / sizeof(failures[0]); i++)
		if (failures[i].code == code) {
			pgp_fail(job, failures[i].name, "GnuPG cannot %s: %s.",
				 what, failures[i].sentence);
			return;
		}
	if (gpgme_strerror_r(error, unknown, sizeof(unknown)) != 0)
		unknown[sizeof(unknown) - 1] = 0;
	pgp_fail(job, "Failed", "GnuPG cannot %s: %s.", what, unknown);
}
