/* spf_macro.c - letters, transformers, delimiters */
#include "agent/auth/spf_macro.h"

#include <arpa/inet.h>
#include <stdio.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"

#define EXPANDED_MAX	4096
#define EXPLANATION_MAX	1024
#define NAME_MAX_OCTETS	253
#define DELIMITERS	".-+,/_="

/* %{letter digits r delimiters} */
struct macro {
	unsigned char letter;		/* lower case */
	bool escape;			/* written in upper case */
	long long keep;			/* labels; 0: all */
	bool reverse;
	struct bytes delimiters;	/* empty: "." */
};

/* strchr() would find the NUL too. */
static bool is_one_of(unsigned char c, const char *set)
{
	return c != 0 && strchr(set, c) != NULL;
}

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
	if (!is_one_of(out->letter, "slodiphcrtv"))
		return false;
	while (at < inner.len && byte_is_digit(inner.data[at]))
		at++;
	digits = bytes_slice(inner, 1, at);
	if (digits.len > 0) {
		out->keep = bytes_number(digits);
		if (out->keep <= 0)
			return false;	/* 0, or absurdly many digits */
	}
	if (at < inner.len && byte_lower(inner.data[at]) == 'r') {
		out->reverse = true;
		at++;
	}
	out->delimiters = bytes_slice(inner, at, inner.len);
	for (i = 0; i < out->delimiters.len; i++)
		if (!is_one_of(out->delimiters.data[i], DELIMITERS))
			return false;
	return true;
}

/* toplabel = *alphanum ALPHA *alphanum, or with "-" inside */
static bool is_toplabel(struct bytes label)
{
	bool digits_only = true;
	size_t i;

	if (label.len == 0 || label.data[0] == '-' ||
	    label.data[label.len - 1] == '-')
		return false;
	for (i = 0; i < label.len; i++) {
		if (!byte_is_alpha(label.data[i]) &&
		    !byte_is_digit(label.data[i]) && label.data[i] != '-')
			return false;
		digits_only = digits_only && byte_is_digit(label.data[i]);
	}
	return !digits_only;
}

/* domain-end = "." toplabel ["."], when it is no macro-expand. */
static bool is_domain_end(struct bytes spec)
{
	size_t dot;

	if (spec.len > 0 && spec.data[spec.len - 1] == '.')
		spec.len--;
	for (dot = spec.len; dot > 0 && spec.data[dot - 1] != '.'; dot--)
		;
	return dot > 0 && is_toplabel(bytes_slice(spec, dot, spec.len));
}

bool spf_spec_is_valid(struct bytes spec, enum spf_spec kind)
{
	unsigned char least = kind == SPF_SPEC_EXPLANATION ? ' ' : '!';
	struct bytes rest = spec;
	bool macro_last = false;
	struct macro macro;

	while (rest.len > 0) {
		if (rest.data[0] < least || rest.data[0] > '~')
			return false;
		macro_last = rest.data[0] == '%';
		rest = bytes_slice(rest, 1, rest.len);
		if (!macro_last)
			continue;
		if (rest.len > 0 && is_one_of(rest.data[0], "%_-"))
			rest = bytes_slice(rest, 1, rest.len);
		else if (!macro_take(&rest, &macro) ||
			 (kind == SPF_SPEC_DOMAIN &&
			  is_one_of(macro.letter, "crt")))
			return false;
	}
	return kind != SPF_SPEC_DOMAIN || macro_last || is_domain_end(spec);
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
		    is_one_of(text.data[i], "-._~"))
			buf_byte(to, text.data[i]);
		else
			buf_print(to, "%%%02X", text.data[i]);
}

/* The part that ends at `end` begins where? */
static size_t part_start(struct bytes value, struct bytes by, size_t end)
{
	while (end > 0 && !bytes_has(by, value.data[end - 1]))
		end--;
	return end;
}

static size_t part_end(struct bytes value, struct bytes by, size_t start)
{
	while (start < value.len && !bytes_has(by, value.data[start]))
		start++;
	return start;
}

/* The right-most `keep` parts, joined by dots.  Reversed, these are the
 * left-most ones from right to left. */
static void put_parts(struct bytes value, const struct macro *macro,
		      struct buf *to)
{
	struct bytes by = macro->delimiters;
	size_t from = value.len, end, at;
	long long kept;

	if (by.len == 0)
		by = bytes_of(".");
	if (macro->reverse) {
		end = part_end(value, by, 0);
		for (kept = 1; kept != macro->keep && end < value.len; kept++)
			end = part_end(value, by, end + 1);
		for (;;) {
			at = part_start(value, by, end);
			buf_add(to, bytes_slice(value, at, end));
			if (at == 0)
				return;
			buf_byte(to, '.');
			end = at - 1;
		}
	}
	from = part_start(value, by, from);
	for (kept = 1; kept != macro->keep && from > 0; kept++)
		from = part_start(value, by, from - 1);
	for (; from < value.len; from++)
		buf_byte(to, bytes_has(by, value.data[from]) ? '.' :
						value.data[from]);
}

static void put_macro(const struct macro *macro,
		      const struct spf_macros *macros, struct buf *to)
{
	struct buf value, joined;

	buf_init(&value, EXPANDED_MAX);
	buf_init(&joined, EXPANDED_MAX);
	put_letter(macro->letter, macros, &value);
	put_parts(buf_bytes(&value), macro, &joined);
	if (macro->escape)
		put_escaped(buf_bytes(&joined), to);
	else
		buf_add(to, buf_bytes(&joined));
	to->full = to->full || value.full || joined.full;
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
	char *text = NULL;

	buf_init(&out, EXPANDED_MAX);
	expand(spec, macros, &out);
	name = buf_bytes(&out);
	if (name.len > 0 && name.data[name.len - 1] == '.')
		name.len--;
	while (name.len > NAME_MAX_OCTETS)
		name = bytes_slice(name, bytes_find(name, '.') + 1, name.len);
	if (!out.full)		/* its end may be missing: somebody else's */
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

	buf_init(&out, EXPLANATION_MAX);
	expand(spec, macros, &out);
	for (i = 0; i < out.len; i++)
		if (out.data[i] < ' ' || out.data[i] > '~')
			out.data[i] = '?';
	text = arena_text(arena, buf_bytes(&out));
	buf_free(&out);
	return text;
}
