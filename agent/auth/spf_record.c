/* spf_record.c - splitting terms */
#include "agent/auth/spf_record.h"

#include "agent/auth/spf_macro.h"
#include "agent/base/err.h"

#define VERSION "v=spf1"

static const struct {
	const char *name;
	enum spf_mechanism mechanism;
	enum { DOMAIN_NEVER, DOMAIN_MAY, DOMAIN_MUST, IP } argument;
	bool cidr;
} mechanisms[] = {
	{ "all", SPF_ALL, DOMAIN_NEVER, false },
	{ "include", SPF_INCLUDE, DOMAIN_MUST, false },
	{ "a", SPF_A, DOMAIN_MAY, true },
	{ "mx", SPF_MX, DOMAIN_MAY, true },
	{ "ptr", SPF_PTR, DOMAIN_MAY, false },
	{ "ip4", SPF_IP4, IP, false },
	{ "ip6", SPF_IP6, IP, false },
	{ "exists", SPF_EXISTS, DOMAIN_MUST, false },
};

bool spf_record_is_one(struct bytes text)
{
	struct bytes version;

	(void)bytes_cut(text, ' ', &version, &text);
	return bytes_is_nocase(version, VERSION);
}

/* Digits without a leading zero, up to `most`. */
static bool bits_parse(struct bytes text, unsigned most, unsigned *out)
{
	long long number = bytes_number(text);

	if (number < 0 || number > (long long)most ||
	    (text.len > 1 && text.data[0] == '0'))
		return false;
	*out = (unsigned)number;
	return true;
}

/* Takes "/" and a number off the end; false: there is a number that is none.
 * Without a slash before the digits, they are a domain's. */
static bool bits_take(struct bytes *text, size_t slashes, unsigned most,
		      unsigned *bits)
{
	size_t at = text->len, i;

	while (at > 0 && byte_is_digit(text->data[at - 1]))
		at--;
	if (at == text->len || at < slashes)
		return true;
	for (i = 1; i <= slashes; i++)
		if (text->data[at - i] != '/')
			return true;
	if (!bits_parse(bytes_slice(*text, at, text->len), most, bits))
		return false;
	*text = bytes_slice(*text, 0, at - slashes);
	return true;
}

/* "[/bits4][//bits6]" off the end; a "/" before is the domain's own. */
static bool cidr_take(struct bytes *text, struct spf_term *term)
{
	return bits_take(text, 2, 128, &term->bits6) &&
	       bits_take(text, 1, 32, &term->bits4);
}

static bool ip_take(struct bytes text, struct spf_term *term)
{
	bool v6 = term->mechanism == SPF_IP6;
	struct bytes bits;

	if (bytes_cut(text, '/', &text, &bits) &&
	    !bits_parse(bits, v6 ? 128 : 32, v6 ? &term->bits6 :
						  &term->bits4))
		return false;
	if (v6 != bytes_has(text, ':') || !spf_ip_parse(text, &term->ip))
		return false;
	if (v6 && !term->ip.v6) {	/* ::ffff:192.0.2.1 in a v6 term */
		memmove(term->ip.octets + 12, term->ip.octets, 4);
		memset(term->ip.octets, 0, 10);
		memset(term->ip.octets + 10, 0xFF, 2);
		term->ip.v6 = true;
	}
	return true;
}

static bool mechanism_parse(struct bytes text, struct spf_term *term)
{
	static const char qualifiers[] = "+-~?";
	static const enum result results[] = {
		RESULT_PASS, RESULT_FAIL, RESULT_SOFTFAIL, RESULT_NEUTRAL
	};
	const char *qualifier;
	struct bytes name, argument;
	bool colon;
	size_t i, end = 0;

	memset(term, 0, sizeof(*term));
	term->result = RESULT_PASS;
	term->bits4 = 32;
	term->bits6 = 128;
	qualifier = text.data[0] == 0 ? NULL : strchr(qualifiers,
						      text.data[0]);
	if (qualifier != NULL) {
		term->result = results[qualifier - qualifiers];
		text = bytes_slice(text, 1, text.len);
	}
	while (end < text.len && text.data[end] != ':' &&
	       text.data[end] != '/')
		end++;
	name = bytes_slice(text, 0, end);
	colon = end < text.len && text.data[end] == ':';
	argument = bytes_slice(text, colon ? end + 1 : end, text.len);
	for (i = 0; i < sizeof(mechanisms) / sizeof(mechanisms[0]); i++)
		if (bytes_is_nocase(name, mechanisms[i].name))
			break;
	if (i == sizeof(mechanisms) / sizeof(mechanisms[0]))
		return false;
	term->mechanism = mechanisms[i].mechanism;
	if (mechanisms[i].argument == IP)
		return colon && ip_take(argument, term);
	if (mechanisms[i].cidr && !cidr_take(&argument, term))
		return false;
	if (colon && (argument.len == 0 ||
		      mechanisms[i].argument == DOMAIN_NEVER ||
		      !spf_spec_is_valid(argument, SPF_SPEC_DOMAIN)))
		return false;
	term->domain = argument;
	if (!colon)
		return argument.len == 0 &&
		       mechanisms[i].argument != DOMAIN_MUST;
	return true;
}

/* name "=" macro-string; unknown ones are ignored (section 6). */
static int modifier_parse(struct bytes name, struct bytes value,
			  struct spf_record *out)
{
	struct bytes *to = NULL;

	if (bytes_is_nocase(name, "redirect"))
		to = &out->redirect;
	else if (bytes_is_nocase(name, "exp"))
		to = &out->explanation;
	if (to == NULL)
		return spf_spec_is_valid(value, SPF_SPEC_STRING) ? 0 :
								ERR_SYNTAX;
	if (to->len > 0 || value.len == 0 ||
	    !spf_spec_is_valid(value, SPF_SPEC_DOMAIN))
		return ERR_SYNTAX;	/* twice, or empty */
	*to = value;
	return 0;
}

static bool is_modifier(struct bytes term, struct bytes *name,
			struct bytes *value)
{
	size_t i;

	if (!bytes_cut(term, '=', name, value) || name->len == 0 ||
	    !byte_is_alpha(name->data[0]))
		return false;
	for (i = 0; i < name->len; i++)
		if (!byte_is_alpha(name->data[i]) &&
		    !byte_is_digit(name->data[i]) &&
		    name->data[i] != '-' && name->data[i] != '_' &&
		    name->data[i] != '.')
			return false;
	return true;
}

int spf_record_parse(struct bytes text, struct spf_record *out)
{
	struct bytes term, name, value;
	int r;

	memset(out, 0, sizeof(*out));
	(void)bytes_cut(text, ' ', &term, &text);	/* v=spf1 */
	while (text.len > 0) {
		(void)bytes_cut(text, ' ', &term, &text);
		if (term.len == 0)
			continue;
		if (is_modifier(term, &name, &value)) {
			r = modifier_parse(name, value, out);
			if (r < 0)
				return r;
			continue;
		}
		if (out->count == SPF_TERMS_MAX ||
		    !mechanism_parse(term, &out->terms[out->count]))
			return ERR_SYNTAX;
		out->count++;
	}
	return 0;
}
