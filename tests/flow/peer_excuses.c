/* peer_excuses.c - each row names the standard, or the peer's own way */
#include "tests/flow/peer_excuses.h"

#include <stdio.h>
#include <string.h>

#include "agent/base/bytes.h"

static bool always(const struct letter *letter)
{
	(void)letter;
	return true;
}

static bool has_from_twice(const struct letter *letter)
{
	return letter->from_twice;
}

static bool has_stray_line(const struct letter *letter)
{
	return letter->stray_line;
}

static bool has_field_twice(const struct letter *letter)
{
	return letter->twice;
}

static bool has_no_from(const struct letter *letter)
{
	return letter->no_from;
}

static bool has_semicolon(const struct letter *letter)
{
	return letter->semicolon;
}

static bool signs_itself(const struct letter *letter)
{
	return strstr(letter->text, ":dkim-signature;") != NULL;
}

static bool has_unended_line(const struct letter *letter)
{
	size_t len = strlen(letter->text);

	return len < 2 || strcmp(letter->text + len - 2, "\r\n") != 0;
}

static bool is_very_old(const struct letter *letter)
{
	return strstr(letter->text, " t=1;") != NULL;
}

static bool ends_with_blank(const struct letter *letter)
{
	size_t len = strlen(letter->text);

	return len > 0 && byte_is_blank((unsigned char)letter->text[len - 1]);
}

static bool begins_with_blank(const struct letter *letter)
{
	return byte_is_blank((unsigned char)letter->text[0]);
}

static bool has_blank_body(const struct letter *letter)
{
	const char *body = strstr(letter->text, "\r\n\r\n");

	return body != NULL && body[strspn(body, " \t\r\n")] == 0;
}

static bool is_ed25519(const struct letter *letter)
{
	return strstr(letter->text, "a=ed25519-sha256") != NULL;
}

static bool has_length(const struct letter *letter)
{
	return strstr(letter->text, " l=") != NULL;
}

static bool has_small_length(const struct letter *letter)
{
	return strstr(letter->text, " l=0;") != NULL ||
	       strstr(letter->text, " l=1;") != NULL;
}

/* Why a peer may pass what we do not ("code"), or the reverse ("pass"). */
static struct excuse {
	int peers;
	const char *code;
	bool (*when)(const struct letter *letter);
	const char *why;
	unsigned count;
} excuses[] = {
	{ ALL | RSPAMD, "weak-algorithm", always,
	  "rsa-sha1 proves nothing (RFC 8301 section 3.1); peers take "
	  "it", 0 },
	{ DKIMPY | MAILDKIM, "from-not-signed", always,
	  "h= must cover From (RFC 6376 section 5.4); dkimpy and "
	  "Mail::DKIM do not look", 0 },
	{ ALL | MAILAUTH_DKIM | RSPAMD, "signature-syntax", always,
	  "tags twice, empty names in h=, q= of another kind, no "
	  "numbers: outside the grammar (RFC 6376 section 3.2, 3.5); "
	  "peers pass over some of it", 0 },
	{ DKIMPY | MAILDKIM | MAILAUTH_DKIM | RSPAMD, "length-beyond-body",
	  always,
	  "l= may not be larger than the body (RFC 6376 section 3.5); "
	  "all but libopendkim do not look", 0 },
	{ DKIMPY | MAILDKIM | MAILAUTH_DKIM, "from-the-future", always,
	  "t= lies ahead of the clock; dkimpy, Mail::DKIM and mailauth "
	  "do not look", 0 },
	{ MAILAUTH_DKIM, "signature-mismatch", has_stray_line,
	  "a line that is no field ends the signature's; mailauth joins "
	  "them", 0 },
	{ DKIMPY | MAILDKIM, "expired", always,
	  "x= has passed; dkimpy and Mail::DKIM do not look", 0 },
	{ DKIMPY | MAILDKIM | RSPAMD, "identity-outside", always,
	  "i= must be d= under t=s (RFC 6376 section 3.6.1); dkimpy, "
	  "Mail::DKIM and rspamd do not look", 0 },
	{ DKIMPY | MAILDKIM | RSPAMD, "key-mismatch", always,
	  "k= of the key and a= must agree; dkimpy and rspamd go by the "
	  "key's kind", 0 },
	{ RSPAMD, "pass", has_field_twice,
	  "rspamd refuses a message in which a field that may stand once "
	  "stands twice; a pass, and tampered unless all are covered", 0 },
	{ ALL, "pass", has_from_twice,
	  "a From that is not signed stands beside the one that is: a "
	  "pass, and tampered", 0 },
	{ ALL | MAILAUTH_DKIM, "pass", has_stray_line,
	  "a line of the header is no field: a pass, and tampered; "
	  "peers refuse the message", 0 },
	{ ALL, "pass", has_no_from,
	  "that there is no From was signed: a pass, and no author; "
	  "libopendkim wants one", 0 },
	{ OPENDKIM, "pass", has_semicolon,
	  "\";\" may stand in a field's name (RFC 5322 section 3.6.8); "
	  "libopendkim refuses the message", 0 },
	{ ALL | MAILAUTH_DKIM | RSPAMD, "pass", signs_itself,
	  "a signature does not find itself by h= (RFC 6376 section "
	  "3.7); peers do", 0 },
	{ OPENDKIM | MAILDKIM, "pass", has_unended_line,
	  "a last line without CRLF gets one (RFC 6376 section 3.4.3); "
	  "libopendkim and Mail::DKIM do not", 0 },
	{ OPENDKIM, "pass", is_very_old,
	  "libopendkim takes t=1 for none", 0 },
	{ DKIMPY | RSPAMD, "pass", ends_with_blank,
	  "blanks end a last line without CRLF: ignored too (RFC 6376 "
	  "section 3.4.4); dkimpy and rspamd keep one", 0 },
	{ RSPAMD, "pass", has_blank_body,
	  "a body of blank lines is empty in the relaxed form (RFC 6376 "
	  "section 3.4.4); rspamd keeps a line", 0 },
	{ MAILDKIM | RSPAMD, "weak-key", always,
	  "RSA of less than 1024 bits proves nothing (RFC 8301 section "
	  "3.2); Mail::DKIM and rspamd take it", 0 },
	{ MAILDKIM, "pass", is_ed25519,
	  "Debian's Mail::DKIM knows no Ed25519", 0 },
	{ MAILDKIM | RSPAMD, "body-hash-mismatch", has_small_length,
	  "l=0 covers nothing, l=1 half a line end; Mail::DKIM and rspamd "
	  "take l=0 for no l=", 0 },
	{ MAILDKIM | RSPAMD, "pass", has_small_length,
	  "the same", 0 },
	{ RSPAMD, "none", begins_with_blank,
	  "a first line that begins with a blank is no field (RFC 5322 section "
	  "2.2.3); rspamd takes the blank away", 0 },
	{ RSPAMD, "body-hash-mismatch", has_length,
	  "l= counts octets of the canonical form, down to half a line end; "
	  "rspamd counts others where blanks go", 0 },
	{ RSPAMD, "pass", has_length, "the same", 0 },
};

bool peer_is_excused(const struct letter *letter, enum peer peer)
{
	size_t i;

	for (i = 0; i < sizeof(excuses) / sizeof(excuses[0]); i++)
		if ((excuses[i].peers & (int)peer) != 0 &&
		    strcmp(excuses[i].code, letter->code) == 0 &&
		    excuses[i].when(letter)) {
			excuses[i].count++;
			return true;
		}
	return false;
}

void peer_excuses_print(void)
{
	size_t i;

	for (i = 0; i < sizeof(excuses) / sizeof(excuses[0]); i++)
		printf("%u times %s: %s\n", excuses[i].count,
		       excuses[i].code, excuses[i].why);
}
