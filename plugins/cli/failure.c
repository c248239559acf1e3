/* failure.c - the exit status of a call that failed, as sysexits(3) */
#include <string.h>
#include <sysexits.h>

#include "plugins/cli/cli.h"

/* What the agent refuses, by the error's name on the bus. */
static const struct {
	const char *error;
	int status;
} statuses[] = {
	{ "InvalidAddress", EX_USAGE }, { "InvalidArgument", EX_USAGE },
	{ "InvalidOption", EX_USAGE }, { "NoRecipients", EX_USAGE },
	{ "SeveralKeys", EX_USAGE },
	{ "InvalidMessage", EX_DATAERR }, { "KeyDamaged", EX_DATAERR },
	{ "KeyNotEncrypted", EX_DATAERR }, { "NoBook", EX_DATAERR },
	{ "TooLarge", EX_DATAERR }, { "Unreadable", EX_DATAERR },
	{ "UnsupportedKey", EX_DATAERR },
	{ "AlreadySent", EX_NOINPUT }, { "NoSuchMail", EX_NOINPUT },
	{ "NotKnown", EX_NOINPUT }, { "UnknownKey", EX_NOINPUT },
	{ "NoGpg", EX_UNAVAILABLE },
	{ "Storage", EX_IOERR },
	{ "Busy", EX_TEMPFAIL }, { "CannotTell", EX_TEMPFAIL },
	{ "RoleDied", EX_TEMPFAIL }, { "RoleDown", EX_TEMPFAIL },
	{ "Stopping", EX_TEMPFAIL }, { "TimedOut", EX_TEMPFAIL },
	{ "Cancelled", EX_NOPERM }, { "CannotProtect", EX_NOPERM },
	{ "HiddenRecipients", EX_NOPERM }, { "InBook", EX_NOPERM },
	{ "KeyExposed", EX_NOPERM }, { "KeyLocked", EX_NOPERM },
	{ "Locked", EX_NOPERM }, { "NoKey", EX_NOPERM },
	{ "TooManyRecipients", EX_NOPERM }, { "WrongPassphrase", EX_NOPERM },
	{ "NoAccount", EX_CONFIG }, { "NoPinentry", EX_CONFIG },
};

int failure_status(enum mailseal_status status)
{
	if (status == MAILSEAL_TIMED_OUT)
		return EX_TEMPFAIL;
	return status == MAILSEAL_REFUSED ? EX_SOFTWARE : EX_UNAVAILABLE;
}

int error_status(const char *error)
{
	size_t i;

	for (i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		if (strcmp(statuses[i].error, error) == 0)
			return statuses[i].status;
	return EX_SOFTWARE;
}

int refusal_status(const struct mailseal *mailseal,
		   enum mailseal_status status)
{
	if (status == MAILSEAL_OK)
		return EX_OK;
	return status == MAILSEAL_REFUSED ?
	       error_status(mailseal_error(mailseal)) : failure_status(status);
}
