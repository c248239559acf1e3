/* mutt_field.c - the delivery filter's field, as configuration of Mutt */
#include "plugins/cli/mutt_field.h"

#include <stdio.h>
#include <string.h>

#include "plugins/cli/mutt_session.h"

#define BEGIN	"X-Mailseal-"
#define DIGITS	16

static const char *digits_of(const char *field)
{
	return field + sizeof(BEGIN) - 1;
}

void mutt_field_take(const char *name, char out[MUTT_FIELD_ROOM])
{
	out[0] = 0;
	if (name != NULL && strncmp(name, BEGIN, sizeof(BEGIN) - 1) == 0 &&
	    strlen(digits_of(name)) == DIGITS &&
	    strspn(digits_of(name), "0123456789abcdef") == DIGITS)
		(void)snprintf(out, MUTT_FIELD_ROOM, "%s", name);
}

/* For mailseal-display: before a message is shown, what its field says. */
static void hooks_print(const char *digits)
{
	static const char *const said[] = {
		"genuine/name", "genuine/address", "authenticated/address",
		"unverified/address", "suspicious/address",
		"suspicious/warning", "spoofed/warning"
	};
	size_t i;

	(void)puts("message-hook ~A 'setenv MAILSEAL_VERDICT none'");
	for (i = 0; i < sizeof(said) / sizeof(said[0]); i++)
		(void)printf("message-hook '~H \"mailseal=%s/%s\"' "
			     "'setenv MAILSEAL_VERDICT %s'\n", said[i],
			     digits, said[i]);
}

void mutt_field_print(const char *field, const char *hook,
		      struct mutt_session *session)
{
	const char *digits = digits_of(field);
	char warned[96];

	if (field[0] == 0)
		return;
	(void)printf("spam \"^%s: ([a-z]+); display=([a-z]+)\" "
		     "\"mailseal=%%1/%%2/%s\"\n", field, digits);
	hooks_print(digits);
	(void)printf("index-format-hook %s "
		     "'~H \"mailseal=genuine/name/%s\"' '%%-22.22F'\n"
		     "index-format-hook %s '~H \"/%s\"' '%%-22.22a'\n", hook,
		     digits, hook, digits);
	(void)snprintf(warned, sizeof(warned),
		       "~H \"mailseal=[a-z]+/warning/%s\"", digits);
	(void)printf("color index brightred default '%s'\n", warned);
	mutt_session_coloured(session, warned);
}

const char *mutt_field_but(const char *field)
{
	static char but[64];

	but[0] = 0;
	if (field[0] != 0)
		(void)snprintf(but, sizeof(but), " !~H \"/%s\"",
			       digits_of(field));
	return but;
}
