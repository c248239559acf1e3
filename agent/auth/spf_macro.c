/* spf_macro.c - letters, transformers, delimiters */
#include "agent/auth/spf_macro.h"

#include <arpa/inet.h>
#include <stdio.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"

#define EXPANDED_MAX	4096
#define LABELS_MAX	128
#define DELIMITERS	".-+,/_="

/* %{letter digits r delimiters} */
struct macro {
	unsigned char letter;		/* lower case */
	bool escape;			/* written in upper case */
	long long keep;			/* labels; 0: all */
	bool reverse;
	struct bytes delimiters;	/* empty: "." */
};

/* Takes "{...}" off the front; false: no macro. */
static bool macro_take(struct bytes *from, struct macro *out)
{
	struct bytes inner, digits;
	size_t end = bytes_find(*from, '}'), at = 1, i;

	memset(out, 0, sizeof(*out));
	if (from->len < 3 || from->data[0] != '{' || end == from->len)
		return false;
	inner = bytes_slice(*from, 1, end);
	*from = bytes_slice(*from, end + 1, from->len);
	if (inner.len == 0)
		return false;
	out->letter = byte_lower(inner.data[0]);
	out->escape = out->letter != inner.data[0];
	if (out->letter == 0 || strchr("slodiphcrtv", out->letter) == NULL)
		return false;
	while (at < inner.len && byte_is_digit(inner.data[at]))
		at++;
	digits = bytes_slice(inner, 1, at);
	if (digits.len > 0) {
		out->keep = digits.len > 9 ? LABELS_MAX :
					     bytes_number(digits);
		if (out->keep == 0)
			return false;
	}
	if (at < inner.len && byte_lower(inner.data[at]) == 'r') {
		out->reverse = true;
		at++;
	}
	out->delimiters = bytes_slice(inner, at, inner.len);
	for (i = 0; i < out->delimiters.len; i++)
		if (out->delimiters.data[i] == 0 ||
		    strchr(DELIMITERS, out->delimiters.data[i]) == NULL)
			return false;
	return true;
}

bool spf_spec_is_valid(struct bytes spec, enum spf_spec kind)
{
	bool macro_last = false;
	size_t last_dot = 0, i;
	struct bytes rest = spec, label;
	struct macro macro;

	while (rest.len > 0) {
		macro_last = false;
		if (rest.data[0] < 33 || rest.data[0] > 126)
			return false;
		if (rest.data[0] != '%') {
			rest = bytes_slice(rest, 1, rest.len);
			continue;
		}
		if (rest.len < 2)
			return false;
		if (strchr("%_-", rest.data[1]) != NULL) {
			rest = bytes_slice(rest, 2, rest.len);
			macro_last = kind == SPF_SPEC_DOMAIN &&
				     rest.len == 0;
			if (macro_last)
				return false;
			continue;
		}
		rest = bytes_slice(rest, 1, rest.len);
		if (!macro_take(&rest, &macro) ||
		    (kind == SPF_SPEC_DOMAIN &&
		     strchr("crt", macro.letter) != NULL))
			return false;
		macro_last = true;
	}
	if (kind == SPF_SPEC_STRING || macro_last)
		return true;
	/* domain-end = "." toplabel ["."] */
	if (spec.len > 0 && spec.data[spec.len - 1] == '.')
		spec.len--;
	for (i = 0; i < spec.len; i++)
		if (spec.data[i] == '.')
			last_dot = i + 1;
	if (last_dot == 0)
		return false;
	label = bytes_slice(spec, last_dot, spec.len);
	if (label.len == 0 || label.data[0] == '-' ||
	    label.data[label.len - 1] == '-')
		return false;
	macro_last = true;		/* all digits so far */
	for (i = 0; i < label.len; i++) {
		if (!byte_is_alpha(label.data[i]) &&
		    !byte_is_digit(label.data[i]) && label.data[i] != '-')
			return false;
		macro_last = macro_last && byte_is_digit(label.data[i]);
	}
	return !macro_last;
}

bool spf_text_is_valid(struct bytes text)
{
	struct bytes word;

	while (text.len > 0) {
		(void)bytes_cut(text, ' ', &word, &text);
		if (!spf_spec_is_valid(word, SPF_SPEC_STRING))
			return false;
	}
	return true;
}

bool spf_spec_wants_p(struct bytes spec)
{
	struct macro macro;
	size_t at;

	while ((at = bytes_find(spec, '%')) + 1 < spec.len) {
		spec = bytes_slice(spec, at + 1, spec.len);
		if (spec.data[0] != '{') {
			spec = bytes_slice(spec, 1, spec.len);
			continue;
		}
		if (!macro_take(&spec, &macro))
			return false;
		if (macro.letter == 'p')
			return true;
	}
	return false;
}

static void put_ip(const struct spf_ip *ip, struct buf *to)
{
	size_t i;

	if (!ip->v6) {
		buf_print(to, "%u.%u.%u.%u", ip->octets[0], ip->octets[1],
			  ip->octets[2], ip->octets[3]);
		return;
	}
	for (i = 0; i < 16; i++)
		buf_print(to, "%s%X.%X", i == 0 ? "" : ".",
			  ip->octets[i] >> 4, ip->octets[i] & 15);
}

static void put_letter(unsigned char letter, const struct spf_macros *macros,
		       struct buf *to)
{
	char readable[INET6_ADDRSTRLEN];

	switch (letter) {
	case 's':
		buf_print(to, "%s@%s", macros->local, macros->sender_domain);
		break;
	case 'l':
		buf_text(to, macros->local);
		break;
	case 'o':
		buf_text(to, macros->sender_domain);
		break;
	case 'd':
		buf_text(to, macros->domain);
		break;
	case 'i':
		put_ip(&macros->ip, to);
		break;
	case 'p':
		buf_text(to, macros->validated == NULL ? "unknown" :
						macros->validated);
		break;
	case 'v':
		buf_text(to, macros->ip.v6 ? "ip6" : "in-addr");
		break;
	case 'h':
		buf_text(to, macros->helo == NULL ? "unknown" :
						    macros->helo);
		break;
	case 'c':
		if (inet_ntop(macros->ip.v6 ? AF_INET6 : AF_INET,
			      macros->ip.octets, readable,
			      sizeof(readable)) != NULL)
			buf_text(to, readable);
		break;
	case 'r':
		buf_text(to, macros->receiver == NULL ? "unknown" :
						macros->receiver);
		break;
	case 't':
	default:
		buf_print(to, "%lld", (long long)macros->now);
		break;
	}
}

/* RFC 3986's unreserved characters stay (section 7.3). */
static void put_escaped(struct bytes text, struct buf *to)
{
	size_t i;

	for (i = 0; i < text.len; i++)
		if (byte_is_alpha(text.data[i]) ||
		    byte_is_digit(text.data[i]) ||
		    strchr("-._~", text.data[i]) != NULL)
			buf_byte(to, text.data[i]);
		else
			buf_print(to, "%%%02X", text.data[i]);
}

/* Split, reversed, cut to the right-most labels, joined by dots. */
static void put_macro(const struct macro *macro,
		      const struct spf_macros *macros, struct buf *to)
{
	struct bytes parts[LABELS_MAX], rest;
	struct buf value, joined;
	size_t count = 0, at, i, first = 0;
	struct bytes dot = bytes_of("."), by = macro->delimiters;

	if (by.len == 0)
		by = dot;
	buf_init(&value, EXPANDED_MAX);
	buf_init(&joined, EXPANDED_MAX);
	put_letter(macro->letter, macros, &value);
	rest = buf_bytes(&value);
	do {
		for (at = 0; at < rest.len && !bytes_has(by, rest.data[at]);
		     at++)
			;
		parts[count++] = bytes_slice(rest, 0, at);
		i = at < rest.len;
		rest = bytes_slice(rest, at + 1, rest.len);
	} while (i > 0 && count < LABELS_MAX);
	if (macro->keep > 0 && (size_t)macro->keep < count)
		first = count - (size_t)macro->keep;
	for (i = first; i < count; i++) {
		if (i > first)
			buf_byte(&joined, '.');
		buf_add(&joined, macro->reverse ? parts[count - 1 - i] :
						  parts[i]);
	}
	if (macro->escape)
		put_escaped(buf_bytes(&joined), to);
	else
		buf_add(to, buf_bytes(&joined));
	buf_free(&joined);
	buf_free(&value);
}

static void expand(struct bytes spec, const struct spf_macros *macros,
		   struct buf *to)
{
	struct macro macro;

	while (spec.len > 0) {
		if (spec.data[0] != '%' || spec.len < 2) {
			buf_byte(to, spec.data[0]);
			spec = bytes_slice(spec, 1, spec.len);
			continue;
		}
		spec = bytes_slice(spec, 1, spec.len);
		if (spec.data[0] == '{') {
			if (!macro_take(&spec, &macro))
				return;
			put_macro(&macro, macros, to);
			continue;
		}
		if (spec.data[0] == '-')
			buf_text(to, "%20");
		else
			buf_byte(to, spec.data[0] == '_' ? ' ' : '%');
		spec = bytes_slice(spec, 1, spec.len);
	}
}

const char *spf_expand_domain(struct arena *arena, struct bytes spec,
			      const struct spf_macros *macros)
{
	struct bytes name;
	struct buf out;
	char *text;

	buf_init(&out, EXPANDED_MAX);
	expand(spec, macros, &out);
	name = buf_bytes(&out);
	if (name.len > 0 && name.data[name.len - 1] == '.')
		name.len--;
	while (name.len > 253)
		name = bytes_slice(name, bytes_find(name, '.') + 1, name.len);
	text = arena_text(arena, name);
	buf_free(&out);
	return text;
}

const char *spf_expand_text(struct arena *arena, struct bytes spec,
			    const struct spf_macros *macros)
{
	struct buf out;
	char *text;
	size_t i;

	buf_init(&out, 1024);
	expand(spec, macros, &out);
	for (i = 0; i < out.len; i++)
		if (out.data[i] < 32 || out.data[i] > 126)
			out.data[i] = '?';
	text = arena_text(arena, buf_bytes(&out));
	buf_free(&out);
	return text;
}
