/* prepare_who.c - whose a submission is, and to whom it goes */
#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/flow/prepare_inside.h"

/* The caller's sender in normal form; "" where it has no domain ("root"). */
static int given_read(struct prepare *prepare)
{
	const char *text = prepare->question->sender, *bad;
	struct outgoing_list list = { NULL, 0, 0 };

	if (text[0] == 0 || strcmp(text, "<>") == 0)
		return 0;
	prepare->given = "";
	if (strchr(text, '@') == NULL)
		return 0;
	if (outgoing_addresses(prepare->arena, bytes_of(text), &list,
			       &bad) < 0 || list.count != 1)
		return prepare_refuse(prepare, ERR_SYNTAX, "InvalidAddress",
				      "The sender \"%.200s\" is no address "
				      "that mail can come from.", text);
	prepare->given = list.all[0];
	return 0;
}

/* Programs that know no domain ("root", or no From at all) get the first
 * account: there is one user here. */
static const struct account *account_default(const struct prepare *prepare)
{
	bool unknown = prepare->author == NULL || prepare->author[0] == 0;

	if (!unknown || prepare->accounts->count == 0 ||
	    (prepare->given != NULL && prepare->given[0] != 0))
		return NULL;
	return &prepare->accounts->all[0];
}

static int account_choose(struct prepare *prepare)
{
	const struct prepare_question *question = prepare->question;
	const struct account *account = NULL;
	const char *shown;

	if (question->account != NULL) {
		account = account_of_name(prepare->accounts,
					  question->account);
		if (account == NULL)
			return prepare_refuse(prepare, ERR_CONFIG, "NoAccount",
				      "There is no account \"%.100s\"; add "
				      "[account %.100s] to the configuration.",
				      question->account, question->account);
	}
	if (account == NULL && prepare->author != NULL)
		account = account_of_address(prepare->accounts,
					     prepare->author);
	if (account == NULL && prepare->given != NULL)
		account = account_of_address(prepare->accounts,
					     prepare->given);
	if (account == NULL)
		account = account_default(prepare);
	prepare->out->account = account;
	if (account != NULL && account->address_count > 0)
		return 0;
	shown = prepare->author != NULL ? prepare->author : prepare->given;
	if (account != NULL)
		return prepare_refuse(prepare, ERR_CONFIG, "NoAccount", "The "
				      "account \"%.100s\" has no address; "
				      "write \"address = YOU@YOUR.DOMAIN\" "
				      "into its section.", account->name);
	if (prepare->accounts->count == 0 || shown == NULL || shown[0] == 0)
		return prepare_refuse(prepare, ERR_CONFIG, "NoAccount",
				      "There is no account to send mail by; "
				      "write an [account NAME] section with "
				      "address and server into the "
				      "configuration (mailseal-config(5)).");
	return prepare_refuse(prepare, ERR_CONFIG, "NoAccount", "No account "
			      "has the address %.300s; add it to \"address\" "
			      "of the account that sends its mail.", shown);
}

static void sender_choose(struct prepare *prepare)
{
	const struct account *account = prepare->out->account;
	const char *sender = account->addresses[0];

	if (prepare->author != NULL && prepare->author[0] != 0)
		sender = prepare->author;
	if (prepare->given != NULL && prepare->given[0] != 0)
		sender = prepare->given;
	if (strcmp(prepare->question->sender, "<>") == 0)
		sender = "";
	prepare->out->sender = sender;
}

/* --- to whom it goes */

static int address_refuse(struct prepare *prepare, int r, const char *bad)
{
	if (r == ERR_LIMIT)
		return prepare_refuse(prepare, r, "InvalidAddress", "There are "
				      "more than %d recipients.",
				      OUTGOING_RECIPIENTS_MAX);
	return prepare_refuse(prepare, r, "InvalidAddress", "\"%.200s\" is no "
			      "address that mail can be sent to; write it as "
			      "NAME@DOMAIN.", bad == NULL ? "" : bad);
}

/* Each once, and at most so many of both kinds. */
static int recipient_add(struct prepare *prepare, struct outgoing_list *list,
			 const char *address)
{
	if (prepare->to.count + prepare->hidden.count >=
	    OUTGOING_RECIPIENTS_MAX)
		return ERR_LIMIT;
	return outgoing_list_add(prepare->arena, list, address);
}

/* Those whom the caller named. */
static int given_add(struct prepare *prepare,
		     const struct outgoing_list *given,
		     const struct outgoing_list *shown)
{
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && i < given->count; i++)
		r = recipient_add(prepare, outgoing_list_has(shown,
							     given->all[i]) ?
				  &prepare->to : &prepare->hidden,
				  given->all[i]);
	return r;
}

/* Those of the header. */
static int header_add(struct prepare *prepare,
		      const struct outgoing_list *shown,
		      const struct outgoing_list *hidden)
{
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && i < shown->count; i++)
		r = recipient_add(prepare, &prepare->to, shown->all[i]);
	for (i = 0; r == 0 && i < hidden->count; i++)
		if (!outgoing_list_has(shown, hidden->all[i]))
			r = recipient_add(prepare, &prepare->hidden,
					  hidden->all[i]);
	return r;
}

static int recipients_read(struct prepare *prepare)
{
	struct bytes rest = prepare->question->recipients, line;
	struct outgoing_list given = { NULL, 0, 0 }, shown = { NULL, 0, 0 };
	struct outgoing_list hidden = { NULL, 0, 0 };
	const char *bad = NULL, *unread = NULL;
	int r = 0, header;

	while (r == 0 && rest.len > 0) {
		(void)bytes_cut(rest, '\n', &line, &rest);
		if (bytes_trim(line).len > 0)
			r = outgoing_addresses(prepare->arena, line, &given,
					       &bad);
	}
	if (r < 0)
		return address_refuse(prepare, r, bad);
	/* Read in any case: who does not stand there is hidden. */
	header = outgoing_recipients(prepare->arena, &prepare->message,
				     &shown, &hidden, &unread);
	if (prepare->question->read_recipients && header < 0)
		return address_refuse(prepare, header, unread);
	r = given_add(prepare, &given, &shown);
	if (r == 0 && prepare->question->read_recipients)
		r = header_add(prepare, &shown, &hidden);
	if (r < 0)
		return address_refuse(prepare, r, NULL);
	prepare->out->recipients = prepare->to.count + prepare->hidden.count;
	if (prepare->out->recipients == 0)
		return prepare_refuse(prepare, ERR_SYNTAX, "NoRecipients",
				      "The message has no recipient; name one, "
				      "or write To: into it and read it with "
				      "-t.");
	return 0;
}

int prepare_who(struct prepare *prepare)
{
	bool qualified;
	int r;

	prepare->author = outgoing_author(prepare->arena, &prepare->message,
					  &qualified);
	r = given_read(prepare);
	if (r == 0)
		r = account_choose(prepare);
	if (r == 0)
		r = recipients_read(prepare);
	if (r == 0)
		sender_choose(prepare);
	return r;
}
