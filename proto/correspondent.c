/* correspondent.c - keys of others, and for them: of org.mailseal.Keys1 */
#include "proto/call.h"

#define KEYS	"org.mailseal.Keys1"
#define FIND_MS	75000		/* DNS, gpg, a person at a passphrase */

struct mailseal_pending *mailseal_correspondent_start(
				struct mailseal *mailseal, const char *address,
				const struct mailseal_option *options)
{
	return call_start(mailseal, call_make(KEYS, "Find", "sa{sv}", address,
					      options), FIND_MS);
}

struct mailseal_pending *mailseal_known_keys_start(struct mailseal *mailseal)
{
	return call_start(mailseal, call_make(KEYS, "Known", "a{sv}", NULL),
			  MAILSEAL_CHECK_MS);
}

struct mailseal_pending *mailseal_publish_start(
				struct mailseal *mailseal, const char *address,
				const struct mailseal_option *options)
{
	return call_start(mailseal, call_make(KEYS, "Publish", "sa{sv}",
					      address, options), FIND_MS);
}
