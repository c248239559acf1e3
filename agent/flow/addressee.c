/* addressee.c - the user's addresses, looked for where mail is addressed */
#include "agent/flow/addressee.h"

#include <string.h>

#include "agent/mail/address.h"
#include "agent/mail/domain.h"
#include "agent/mail/message.h"
#include "agent/mail/trace.h"
#include "agent/verdict/verdict.h"

#define FIELDS_MAX	50	/* of one name that are looked at */

/* The same mailbox, whatever stands behind '+' in the written one. */
static bool is_own(const char *written, const char *own)
{
	struct bytes one = bytes_of(written), mine = bytes_of(own);
	struct bytes local, domain, my_local, my_domain, detail;

	if (address_same(written, own))
		return true;
	return bytes_cut(one, '@', &local, &domain) &&
	       bytes_cut(mine, '@', &my_local, &my_domain) &&
	       bytes_cut(local, '+', &local, &detail) &&
	       bytes_equal_nocase(local, my_local) &&
	       bytes_equal_nocase(domain, my_domain);
}

static bool is_of_user(struct arena *arena, const struct mailbox *mailbox,
		       const struct patterns *own)
{
	const char *written = address_normal(arena, mailbox), *mine;
	struct mailbox one;
	size_t i;

	for (i = 0; written != NULL && i < own->count; i++) {
		if (address_parse(arena, bytes_of(own->names[i]), &one) < 0)
			continue;
		mine = address_normal(arena, &one);
		if (mine != NULL && is_own(written, mine))
			return true;
	}
	return false;
}

/* Also where a field cannot be read. */
static bool names_user(struct arena *arena, const struct message *message,
		       const char *name, const struct patterns *own)
{
	const struct field *field;
	struct mailbox_list list;
	struct bytes value;
	size_t i, j;

	for (i = 0; i < FIELDS_MAX &&
	     (field = message_find(message, name, i)) != NULL; i++) {
		value = field_unfold(arena, field);
		if (value.len == 0)
			continue;
		if (address_list_parse(arena, value, &list) < 0)
			return true;
		for (j = 0; j < list.count; j++)
			if (is_of_user(arena, &list.mailboxes[j], own))
				return true;
	}
	return false;
}

bool addressee_is_other(struct arena *arena, const struct message *message,
			const struct patterns *own)
{
	static const char *const fields[] = { "To", "Cc", "Resent-To",
					      "Resent-Cc", "Resent-Bcc" };
	static const char *const lists[] = { "List-Id", "List-Post",
					     "Mailing-List" };
	size_t i;

	if (own->count == 0)
		return false;
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (message_count(message, lists[i]) > 0)
			return false;
	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (names_user(arena, message, fields[i], own))
			return false;
	return true;
}

static bool same_organization(const char *a, const char *b)
{
	return a != NULL && strcmp(domain_registrable(a),
				   domain_registrable(b)) == 0;
}

static bool sent_on(const struct facts *facts, const char *domain)
{
	size_t i;

	if (facts->spf.result == RESULT_PASS &&
	    same_organization(facts->spf.domain, domain))
		return true;
	for (i = 0; i < facts->dkim.count; i++)
		if (facts->dkim.list[i].result == RESULT_PASS &&
		    same_organization(facts->dkim.list[i].domain, domain))
			return true;
	return false;
}

const char *addressee_through(struct arena *arena,
			      const struct message *message, const char *name,
			      const struct patterns *own,
			      const struct facts *facts)
{
	const struct field *field;
	struct mailbox_list list;
	const char *domain;
	size_t i, j;

	for (i = 0; i < FIELDS_MAX &&
	     (field = message_find(message, name, i)) != NULL; i++) {
		if (address_list_parse(arena, field_unfold(arena, field),
				       &list) < 0)
			continue;
		for (j = 0; j < list.count; j++) {
			domain = address_normal(arena, &list.mailboxes[j]);
			domain = domain == NULL ? NULL : strrchr(domain, '@');
			if (domain != NULL && sent_on(facts, domain + 1) &&
			    !is_of_user(arena, &list.mailboxes[j], own))
				return domain + 1;
		}
	}
	return NULL;
}
