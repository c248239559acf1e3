/* prepare_policy.c - whether a message may leave as it is
 *
 * Fails closed: what is not protected as the account's policy, or the caller,
 * wants does not leave.  What a mail client has signed or encrypted itself
 * passes untouched; so does what is resent, and a bounce. */
#include <string.h>

#include "agent/base/err.h"
#include "agent/flow/prepare_inside.h"
#include "agent/mail/mime_type.h"

struct protection {
	bool sign, encrypt;
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

/* "sign", "encrypt", or both with a comma; false: it is none of these. */
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
		else
			return false;
	} while (rest.len > 0);
	return true;
}

/* Of the caller, this time: the mail client is to do it. */
static int require_check(struct prepare *prepare,
			 const struct protection *has)
{
	struct protection wish = { false, false };

	if (prepare->question->require == NULL)
		return 0;
	if (!wish_read(prepare->question->require, &wish))
		return prepare_refuse(prepare, ERR_SYNTAX, "InvalidOption",
				      "What is required of a message is sign, "
				      "encrypt, or both with a comma between.");
	if (wish.encrypt && !has->encrypt)
		return prepare_refuse(prepare, ERR_UNSUPPORTED,
				      "CannotProtect", "The message was to be "
				      "encrypted, and is not; nothing was "
				      "sent. Encrypt it in the mail client.");
	if (wish.sign && !has->sign)
		return prepare_refuse(prepare, ERR_UNSUPPORTED,
				      "CannotProtect", "The message was to be "
				      "signed, and is not; nothing was sent. "
				      "Sign it in the mail client.");
	return 0;
}

int prepare_policy(struct prepare *prepare)
{
	const struct account *account = prepare->out->account;
	struct protection has;
	int r = protection_of(prepare, &has);

	if (r == 0)
		r = require_check(prepare, &has);
	if (r < 0 || prepare->message.resent || prepare->out->sender[0] == 0)
		return r;
	if ((account->encrypt == ACCOUNT_ENCRYPT_NEVER || has.encrypt) &&
	    (account->sign == ACCOUNT_SIGN_NONE || has.sign))
		return 0;
	/* A signed message that cannot be encrypted as well may still go where
	 * encryption is a wish. */
	if (account->encrypt == ACCOUNT_ENCRYPT_WHEN_POSSIBLE && has.sign)
		return 0;
	return prepare_refuse(prepare, ERR_UNSUPPORTED, "CannotProtect", "The "
			      "account \"%.100s\" is to sign or encrypt what "
			      "it sends, and this version of mailseal cannot "
			      "yet; nothing was sent. Do it in the mail "
			      "client, or set sign = none and encrypt = never "
			      "in [account %.100s] to send mail as it is.",
			      account->name, account->name);
}
