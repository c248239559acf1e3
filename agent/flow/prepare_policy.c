/* prepare_policy.c - whether a message leaves as it is, or sealed
 *
 * Fails closed: what cannot be protected as the account's policy, or the
 * caller, wants does not leave.  What a mail client has signed or encrypted
 * itself passes untouched; so does what is resent, and a bounce.  What answers
 * an encrypted mail is encrypted, whatever the account says. */
#include <string.h>

#include "agent/base/err.h"
#include "agent/flow/prepare_inside.h"
#include "agent/mail/mime_type.h"

struct protection {
	bool sign, encrypt;
	bool answers;		/* of a wish alone: an encrypted mail */
};

static bool is_pkcs7(const struct mime_type *type)
{
	return mime_is(type, "application/pkcs7-mime") ||
	       mime_is(type, "application/x-pkcs7-mime");
}

/* What its outermost type says.  What is encrypted may be signed inside,
 * where nobody but its readers sees it: its author's matter. */
static int protection_of(struct prepare *prepare, struct protection *has)
{
	const struct outgoing_field *field;
	struct mime_type type;
	const char *kind;

	memset(has, 0, sizeof(*has));
	field = outgoing_find(&prepare->message, "Content-Type", 0);
	if (field == NULL ||
	    outgoing_find(&prepare->message, "Content-Type", 1) != NULL)
		return 0;
	if (mime_type_parse(prepare->arena,
			    outgoing_value(prepare->arena, field), &type) < 0)
		return prepare_no_memory(prepare);
	if (type.name == NULL || type.odd)
		return 0;
	kind = mime_parameter(&type, "smime-type");
	if (mime_is(&type, "multipart/encrypted") ||
	    (is_pkcs7(&type) && kind != NULL &&
	     (strcasecmp(kind, "enveloped-data") == 0 ||
	      strcasecmp(kind, "authEnveloped-data") == 0)))
		has->sign = has->encrypt = true;
	else if (mime_is(&type, "multipart/signed") ||
		 (is_pkcs7(&type) && kind != NULL &&
		  strcasecmp(kind, "signed-data") == 0))
		has->sign = true;
	return 0;
}

/* "sign", "encrypt", "answer", or several with commas; false: it is none of
 * these. */
static bool wish_read(const char *text, struct protection *wish)
{
	struct bytes rest = bytes_of(text), word;

	do {
		(void)bytes_cut(rest, ',', &word, &rest);
		word = bytes_trim(word);
		if (bytes_is(word, "sign"))
			wish->sign = true;
		else if (bytes_is(word, "encrypt"))
			wish->encrypt = true;
		else if (bytes_is(word, "answer"))
			wish->answers = true;
		else
			return false;
	} while (rest.len > 0);
	return true;
}

static int wishes_read(struct prepare *prepare, struct protection *require)
{
	const struct account *account = prepare->out->account;
	struct seal_wishes *wishes = &prepare->wishes;

	memset(require, 0, sizeof(*require));
	if (prepare->question->require != NULL &&
	    !wish_read(prepare->question->require, require))
		return prepare_refuse(prepare, ERR_SYNTAX, "InvalidOption",
				      "What is required of a message is sign, "
				      "encrypt, answer, or several with commas "
				      "between.");
	wishes->sign = require->sign || account->sign != ACCOUNT_SIGN_NONE;
	wishes->answers_sealed = prepare->question->answers_sealed ||
				 require->answers;
	wishes->encrypt = require->encrypt || wishes->answers_sealed ||
			  account->encrypt == ACCOUNT_ENCRYPT_ALWAYS;
	wishes->opportunistic = !wishes->encrypt && account->encrypt ==
				ACCOUNT_ENCRYPT_WHEN_POSSIBLE;
	wishes->split = true;
	return 0;
}

/* Its author's client, or somebody else, has signed it, or sends it on. */
static int kept_refuse(struct prepare *prepare, bool encrypt)
{
	return prepare_refuse(prepare, ERR_UNSUPPORTED, "CannotProtect", "The "
			      "message was to be %s, and cannot be any more: "
			      "%s; nothing was sent. Let the mail client do "
			      "it.", encrypt ? "encrypted" : "signed",
			      prepare->message.resent ? "it is sent on as it "
			      "came" : prepare->out->sender[0] == 0 ? "it is "
			      "a bounce" : "it is signed already");
}

/* A mail client encrypts once, for all: by the ids of the keys each reader sees
 * who else is one.  The user himself is no secret. */
static int crowd_refuse(struct prepare *prepare)
{
	const struct outgoing_list *hidden = &prepare->hidden;
	size_t i;

	if (prepare->message.resent || prepare->to.count + hidden->count < 2)
		return 0;
	for (i = 0; i < hidden->count; i++)
		if (account_of_address(prepare->accounts,
				       hidden->all[i]) == NULL)
			return prepare_refuse(prepare, ERR_REFUSED,
				"HiddenRecipients", "The mail client encrypted "
				"this message for all at once, and the others "
				"could see that %.200s, whom its header does "
				"not show (Bcc), reads it too; nothing was "
				"sent. Send it to each alone, or let mailseal "
				"encrypt it (mailseal-sendmail "
				"--require=encrypt; Esc q in Mutt) and not "
				"the mail client.", hidden->all[i]);
	return 0;
}

int prepare_policy(struct prepare *prepare)
{
	const struct seal_wishes *wishes = &prepare->wishes;
	struct protection has, require;
	bool untouched;
	int r = protection_of(prepare, &has);

	if (r == 0)
		r = wishes_read(prepare, &require);
	if (r < 0)
		return r;
	/* What is encrypted may be signed inside: nobody knows here. */
	prepare->has.encrypt = has.encrypt;
	prepare->has.sign = has.sign && !has.encrypt;
	untouched = prepare->message.resent || prepare->out->sender[0] == 0;
	if (untouched || has.sign) {
		bool must = untouched ? require.encrypt : wishes->encrypt;

		if (must && !has.encrypt)
			return kept_refuse(prepare, true);
		if (wishes->opportunistic && !has.encrypt)
			prepare->plain_because = untouched ?
				"What is sent on, and a bounce, leaves as it "
				"is." : "The mail client had signed it "
				"already.";
		if (require.sign && !has.sign)
			return kept_refuse(prepare, false);
		return has.encrypt ? crowd_refuse(prepare) : 0;
	}
	prepare->seals = wishes->sign || wishes->encrypt ||
			 wishes->opportunistic;
	if (prepare->seals && prepare->question->job == NULL)
		return prepare_refuse(prepare, ERR_UNSUPPORTED,
				      "CannotProtect", "The message was to be "
				      "signed or encrypted, and there are no "
				      "keys here; nothing was sent.");
	return 0;
}
