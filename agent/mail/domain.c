/* domain.c - A-labels, labels, public suffixes */
#include "agent/mail/domain.h"

#include <idn2.h>
#include <libpsl.h>
#include <stdlib.h>

#include "agent/base/arena.h"

void domain_prepare(void)
{
	/* Both libraries have their tables built in; asked once, everything
	 * they load lazily is there. */
	(void)psl_is_public_suffix(psl_builtin(), "example.org");
}

bool domain_is_valid(struct bytes text, enum domain_underscore underscore)
{
	size_t label = 0, i;
	unsigned char c;

	if (text.len == 0 || text.len > DOMAIN_MAX)
		return false;
	for (i = 0; i < text.len; i++) {
		c = text.data[i];
		if (c == '.') {
			if (label == 0 || text.data[i - 1] == '-')
				return false;
			label = 0;
			continue;
		}
		if (!byte_is_alpha(c) && !byte_is_digit(c) &&
		    !(c == '-' && label > 0) &&
		    !(c == '_' && underscore == DOMAIN_LDH_OR_UNDERSCORE))
			return false;
		if (++label > LABEL_MAX)
			return false;
	}
	return label > 0 && text.data[text.len - 1] != '-';
}

static const char *lowered(struct arena *arena, struct bytes text)
{
	char *out = arena_text(arena, text);
	size_t i;

	for (i = 0; out != NULL && i < text.len; i++)
		out[i] = (char)byte_lower((unsigned char)out[i]);
	return out;
}

const char *domain_normal(struct arena *arena, struct bytes text)
{
	const char *out = NULL;
	char *label = NULL, *copy;
	size_t i;

	if (domain_is_valid(text, DOMAIN_LDH))
		return lowered(arena, text);
	if (text.len == 0 || text.len > 4 * DOMAIN_MAX ||
	    text.data[text.len - 1] == '.')
		return NULL;
	for (i = 0; i < text.len && text.data[i] < 0x80; i++)
		;
	if (i == text.len)
		return NULL;		/* ASCII, and not valid */
	copy = arena_text(arena, text);
	if (copy == NULL ||
	    idn2_to_ascii_8z(copy, &label, IDN2_NFC_INPUT |
			     IDN2_NONTRANSITIONAL) != IDN2_OK)
		return NULL;
	/* IDN2_USE_STD3_ASCII_RULES would silently drop a "_"; punycode keeps
	 * ASCII as it is, so that it is seen here. */
	if (domain_is_valid(bytes_of(label), DOMAIN_LDH))
		out = lowered(arena, bytes_of(label));
	idn2_free(label);
	return out;
}

size_t domain_labels(const char *domain)
{
	size_t count = domain[0] != 0;

	for (; *domain != 0; domain++)
		count += *domain == '.';
	return count;
}

const char *domain_parent(const char *domain, size_t count)
{
	const char *dot;

	for (; count > 0 && domain[0] != 0; count--) {
		dot = strchr(domain, '.');
		domain = dot == NULL ? domain + strlen(domain) : dot + 1;
	}
	return domain;
}

bool domain_is_within(const char *domain, const char *above)
{
	struct bytes whole = bytes_of(domain), end = bytes_of(above);
	size_t rest;

	if (end.len == 0 || whole.len < end.len)
		return false;
	rest = whole.len - end.len;
	return bytes_equal_nocase(bytes_slice(whole, rest, whole.len), end) &&
	       (rest == 0 || (rest > 1 && whole.data[rest - 1] == '.'));
}

bool domain_matches(const char *domain, const char *pattern)
{
	if (strncmp(pattern, "*.", 2) != 0)
		return bytes_equal_nocase(bytes_of(domain),
					  bytes_of(pattern));
	return strlen(domain) > strlen(pattern + 2) &&
	       domain_is_within(domain, pattern + 2);
}

const char *domain_registrable(const char *domain)
{
	const char *found = psl_registrable_domain(psl_builtin(), domain);

	return found == NULL ? domain : found;
}

bool domain_has_known_suffix(const char *domain)
{
	const char *last = strrchr(domain, '.');

	last = last == NULL ? domain : last + 1;
	return psl_is_public_suffix2(psl_builtin(), last,
				     PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE);
}

const char *domain_shown(struct arena *arena, const char *domain)
{
	/* A-labels are what is compared; U-labels invite look-alikes. */
	return arena_text(arena, bytes_of(domain));
}
