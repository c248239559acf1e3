/* account.c - reading the accounts out of the settings */
#include "agent/flow/account.h"

#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/base/value.h"
#include "agent/mail/address.h"
#include "agent/mail/domain.h"

static bool truth_of(const struct value *dict, const char *key)
{
	const struct value *found = value_find(dict, key, VALUE_TRUTH);

	return found != NULL && found->truth;
}

/* 0 where it is absent; false: not below `end`. */
static bool number_of(const struct value *dict, const char *key, int64_t end,
		      unsigned *to)
{
	const struct value *found = value_find(dict, key, VALUE_NUMBER);

	*to = 0;
	if (found == NULL)
		return true;
	if (found->number < 0 || found->number >= end)
		return false;
	*to = (unsigned)found->number;
	return true;
}

static const char *normal_of(struct arena *arena, const char *text)
{
	struct mailbox mailbox;

	if (address_parse(arena, bytes_of(text), &mailbox) < 0)
		return NULL;
	return address_normal(arena, &mailbox);
}

static int addresses_read(struct arena *arena, const struct value *dict,
			  struct account *out)
{
	const struct value *list = value_find(dict, "addresses", VALUE_LIST);
	const struct value *member;
	const char **addresses, *normal;

	if (list == NULL)
		return ERR_PROTOCOL;
	addresses = arena_array(arena, list->count + 1, sizeof(*addresses));
	if (addresses == NULL)
		return ERR_LIMIT;
	for (member = list->first; member != NULL; member = member->next) {
		normal = member->kind != VALUE_TEXT ? NULL :
			 normal_of(arena, member->text);
		if (normal != NULL)
			addresses[out->address_count++] = normal;
	}
	out->addresses = addresses;
	return 0;
}

/* A name becomes A-labels; an address (it has a ":" or is all digits and
 * dots) stays. */
static const char *host_of(struct arena *arena, const char *text)
{
	if (text == NULL || strchr(text, ':') != NULL ||
	    strspn(text, "0123456789.") == strlen(text))
		return text;
	return domain_normal(arena, bytes_of(text));
}

static int account_read(struct arena *arena, const struct value *dict,
			struct account *out)
{
	unsigned port, way, sign, encrypt;
	int r;

	memset(out, 0, sizeof(*out));
	out->name = value_text(dict, "name");
	if (out->name == NULL)
		return ERR_PROTOCOL;
	r = addresses_read(arena, dict, out);
	if (r < 0)
		return r;
	out->host = host_of(arena, value_text(dict, "host"));
	out->starttls = truth_of(dict, "starttls");
	out->user = value_text(dict, "user");
	if (out->user == NULL && out->address_count > 0)
		out->user = out->addresses[0];
	out->has_password = truth_of(dict, "has_password");
	out->has_command = truth_of(dict, "has_command");
	out->dane_needed = truth_of(dict, "dane_needed");
	out->require_tls = truth_of(dict, "require_tls");
	if (!number_of(dict, "port", UINT16_MAX + 1, &port) ||
	    !number_of(dict, "auth", SASL_EXTERNAL + 1, &way) ||
	    !number_of(dict, "sign", ACCOUNT_SIGN_OPENPGP + 1, &sign) ||
	    !number_of(dict, "encrypt", ACCOUNT_ENCRYPT_ALWAYS + 1, &encrypt))
		return ERR_PROTOCOL;
	out->port = (uint16_t)port;
	out->way = (enum sasl_way)way;
	out->sign = (enum account_sign)sign;
	out->encrypt = (enum account_encrypt)encrypt;
	out->key = value_text(dict, "key");
	out->certificate = value_text(dict, "certificate");
	return 0;
}

int accounts_read(struct arena *arena, const struct value *settings,
		  struct accounts *out)
{
	const struct value *list = value_find(settings, "accounts",
					      VALUE_LIST);
	const struct value *member;
	int r = 0;

	memset(out, 0, sizeof(*out));
	if (list == NULL)
		return ERR_PROTOCOL;
	out->all = arena_array(arena, list->count + 1, sizeof(*out->all));
	if (out->all == NULL)
		return ERR_LIMIT;
	for (member = list->first; r == 0 && member != NULL;
	     member = member->next)
		r = account_read(arena, member, &out->all[out->count++]);
	return r;
}

const struct account *account_of_address(const struct accounts *accounts,
					 const char *address)
{
	const struct account *account;
	size_t i, j;

	for (i = 0; i < accounts->count; i++) {
		account = &accounts->all[i];
		for (j = 0; j < account->address_count; j++)
			if (address_same(account->addresses[j], address))
				return account;
	}
	return NULL;
}

const struct account *account_of_name(const struct accounts *accounts,
				      const char *name)
{
	size_t i;

	for (i = 0; i < accounts->count; i++)
		if (strcmp(accounts->all[i].name, name) == 0)
			return &accounts->all[i];
	return NULL;
}
