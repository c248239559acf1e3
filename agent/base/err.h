/* err.h - what can go wrong on our side
 *
 * A bad mail is a finding, not an error; these are ours.  Few codes: one for
 * each thing that a caller does differently. */
#ifndef MAILSEAL_BASE_ERR_H
#define MAILSEAL_BASE_ERR_H

enum err {
	ERR_LIMIT = -1,		/* a named limit was passed */
	ERR_NOT_MAIL = -2,	/* these bytes are no message */
	ERR_SYNTAX = -3,	/* text breaks its grammar */
	ERR_GONE = -4,		/* the other side hung up */
	ERR_TIMEOUT = -5,	/* the deadline passed */
	ERR_IO = -6,		/* the operating system said no; errno tells */
	ERR_CONFIG = -7,	/* the configuration is wrong */
	ERR_PROTOCOL = -8,	/* a frame breaks the channel's rules */
	ERR_MEMORY = -9,	/* no memory */
	ERR_REFUSED = -10,	/* by the user or by policy */
	ERR_UNSUPPORTED = -11,	/* this machine or build cannot */
	ERR_LOCKED = -12	/* a key is to be unlocked; then try again */
};

/* Never NULL; a sentence without its full stop. */
const char *err_sentence(int err);

#endif
