/* crypto_seal.c - Entity1.Sign and Entity1.Encrypt for Mutt's menus */
#include "plugins/mutt/crypto_seal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plugins/mutt/crypto.h"

#define FROM_MAX	512

const char *crypto_from(char *room, size_t size)
{
	const char *from = getenv("MAILSEAL_FROM"), *open, *end;
	size_t len;

	if (from == NULL)
		return NULL;
	open = strrchr(from, '<');
	if (open != NULL)
		from = open + 1;
	end = open == NULL ? from + strlen(from) : strchr(from, '>');
	len = end == NULL ? 0 : (size_t)(end - from);
	if (len == 0 || len >= size || memchr(from, '@', len) == NULL)
		return NULL;
	memcpy(room, from, len);
	room[len] = 0;
	return room;
}

bool crypto_seal(struct crypto_call *call, const struct crypto_wish *wish,
		 int *content, struct mailseal_report **report)
{
	struct mailseal_option options[CRYPTO_PLACES + 5];
	struct mailseal_pending *pending;
	char room[FROM_MAX];
	const char *from = wish->key == NULL ?
			   crypto_from(room, sizeof(room)) : NULL;
	int entity;
	size_t size;
	const struct mailseal_option own[] = {
		{ "scheme", wish->scheme, MAILSEAL_TEXT, 0 },
		{ "key", wish->key, MAILSEAL_TEXT, 0 },
		{ "sender", from, MAILSEAL_TEXT, 0 },
		{ "sign", NULL, MAILSEAL_TRUTH, wish->sign },
		{ NULL, NULL, MAILSEAL_TEXT, 0 }
	};

	if (wish->key == NULL && from == NULL) {
		crypto_say("the From address is none of yours: set \"from\" "
			   "to it, or make a key for it (mailseal keys "
			   "generate ADDRESS) and start Mutt anew.");
		return false;
	}
	entity = crypto_file(call, 'f');
	if (entity < 0)
		return false;
	if (crypto_agent(call) == NULL) {
		(void)close(entity);
		return false;
	}
	crypto_places(options);
	memcpy(options + CRYPTO_PLACES, own, sizeof(own));
	if (wish->recipients == NULL)
		pending = mailseal_entity_sign_start(call->mailseal, entity,
						     options);
	else
		pending = mailseal_entity_encrypt_start(call->mailseal,
							entity,
							wish->recipients,
							options);
	(void)close(entity);
	if (!crypto_content(call, pending, content, &size, report))
		return false;
	if (size > 0)
		return true;
	crypto_say("the agent gave nothing.");
	(void)close(*content);
	mailseal_report_free(*report);
	return false;
}
