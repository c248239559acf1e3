/* mime_type.c - token, slash, token, parameters; RFC 2231's pieces joined */
#include "agent/mail/mime_type.h"

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/base/value.h"
#include "agent/mail/cfws.h"
#include "agent/mail/charset.h"

/* A parameter as written: name, and what RFC 2231 hangs on it. */
struct piece {
	struct bytes name;
	long long nth;			/* "name*1"; -1: whole */
	bool coded;			/* "name*" or "name*1*" */
	struct bytes value;
	bool used;
};

static bool is_token_char(unsigned char c)
{
	return c > 32 && c < 127 && strchr("()<>@,;:\\\"/[]?=", c) == NULL;
}

static struct bytes take_token(struct bytes *text)
{
	struct bytes token;
	size_t len = 0;

	while (len < text->len && is_token_char(text->data[len]))
		len++;
	token = bytes_slice(*text, 0, len);
	*text = bytes_slice(*text, len, text->len);
	return token;
}

static bool take_char(struct bytes *text, unsigned char c)
{
	if (text->len == 0 || text->data[0] != c)
		return false;
	*text = bytes_slice(*text, 1, text->len);
	return true;
}

static const char *text_of(struct arena *arena, const struct buf *buf)
{
	return buf->full ? NULL : arena_text(arena, buf_bytes(buf));
}

static const char *lower(struct arena *arena, struct bytes name)
{
	char *out = arena_text(arena, name);
	size_t i;

	for (i = 0; out != NULL && i < name.len; i++)
		out[i] = (char)byte_lower(name.data[i]);
	return out;
}

/* *text begins with a quote: its content without backslashes. */
static bool take_quoted(struct arena *arena, struct bytes *text,
			struct bytes *out)
{
	struct bytes inside;
	unsigned char *to;
	size_t i, used = 0;

	if (!cfws_quoted(text, &inside))
		return false;
	to = arena_alloc(arena, inside.len);
	if (to == NULL)
		return false;
	for (i = 0; i < inside.len; i++) {
		if (inside.data[i] == '\\' && i + 1 < inside.len)
			i++;
		to[used++] = inside.data[i];
	}
	out->data = to;
	out->len = used;
	return true;
}

/* "name", "name*", "name*2", "name*2*". */
static bool marks_parse(struct bytes name, struct piece *out)
{
	struct bytes rest;

	out->nth = -1;
	out->coded = false;
	if (!bytes_cut(name, '*', &out->name, &rest))
		return out->name.len > 0;
	if (rest.len == 0 || rest.data[rest.len - 1] == '*') {
		out->coded = true;
		rest = bytes_slice(rest, 0, rest.len > 0 ? rest.len - 1 : 0);
	}
	if (rest.len > 0) {
		out->nth = bytes_number(rest);
		if (out->nth < 0 || out->nth >= MIME_PARAMETERS_MAX)
			return false;
	}
	return out->name.len > 0;
}

/* One ";" and what follows; false: the grammar is broken. */
static bool piece_take(struct arena *arena, struct bytes *text,
		       struct piece *out)
{
	if (!cfws_skip(text))
		return false;
	if (!marks_parse(take_token(text), out) || !cfws_skip(text) ||
	    !take_char(text, '=') || !cfws_skip(text))
		return false;
	if (text->len > 0 && text->data[0] == '"') {
		if (!take_quoted(arena, text, &out->value))
			return false;
	} else {
		out->value = take_token(text);
		if (out->value.len == 0)
			return false;
	}
	out->used = false;
	return cfws_skip(text);
}

static int hex_digit(unsigned char c)
{
	if (byte_is_digit(c))
		return c - '0';
	c = byte_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void add_percent(struct buf *to, struct bytes text)
{
	int high, low;
	size_t i;

	for (i = 0; i < text.len; i++) {
		high = low = -1;
		if (text.data[i] == '%' && text.len - i > 2) {
			high = hex_digit(text.data[i + 1]);
			low = hex_digit(text.data[i + 2]);
		}
		if (high < 0 || low < 0) {
			buf_byte(to, text.data[i]);
			continue;
		}
		buf_byte(to, (unsigned char)(high * 16 + low));
		i += 2;
	}
}

/* charset'language'text in front of the first coded piece. */
static struct bytes charset_take(struct bytes *value)
{
	struct bytes charset, rest, language;

	if (!bytes_cut(*value, '\'', &charset, &rest) ||
	    !bytes_cut(rest, '\'', &language, &rest))
		return bytes_slice(*value, 0, 0);
	*value = rest;
	return charset;
}

static struct piece *piece_find(struct piece *pieces, size_t count,
				struct bytes name, long long nth)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!pieces[i].used && pieces[i].nth == nth &&
		    bytes_equal_nocase(pieces[i].name, name))
			return &pieces[i];
	return NULL;
}

/* Joins the pieces that belong together, from `first` on. */
static const char *value_join(struct arena *arena, struct piece *pieces,
			      size_t count, struct piece *first)
{
	struct bytes charset = { NULL, 0 }, value;
	struct piece *piece = first;
	struct buf raw, text;
	const char *out = NULL;
	long long nth = first->nth;

	buf_init(&raw, MIME_VALUE_MAX);
	buf_init(&text, MIME_VALUE_MAX);
	while (piece != NULL) {
		piece->used = true;
		value = piece->value;
		if (piece->coded && piece == first)
			charset = charset_take(&value);
		if (piece->coded)
			add_percent(&raw, value);
		else
			buf_add(&raw, value);
		if (nth < 0)
			break;
		piece = piece_find(pieces, count, first->name, ++nth);
	}
	if (raw.full)
		out = NULL;
	else if (charset.len == 0)
		out = text_of(arena, &raw);
	else if (charset_convert(&text, charset, buf_bytes(&raw)))
		out = text_of(arena, &text);
	buf_free(&raw);
	buf_free(&text);
	return out;
}

static bool same_name(const struct mime_type *type, struct bytes name)
{
	size_t i;

	for (i = 0; i < type->count; i++)
		if (bytes_is_nocase(name, type->parameters[i].name))
			return true;
	return false;
}

static int parameters_make(struct arena *arena, struct piece *pieces,
			   size_t count, struct mime_type *out)
{
	struct mime_parameter *one;
	const char *value;
	size_t i;

	out->parameters = arena_array(arena, count + 1,
				      sizeof(*out->parameters));
	if (out->parameters == NULL)
		return ERR_LIMIT;
	for (i = 0; i < count; i++) {
		if (pieces[i].used)
			continue;
		if (same_name(out, pieces[i].name) || pieces[i].nth > 0) {
			out->odd = true;
			pieces[i].used = true;
			continue;
		}
		value = value_join(arena, pieces, count, &pieces[i]);
		if (value == NULL) {
			out->odd = true;
			continue;
		}
		one = &out->parameters[out->count++];
		one->value = value;
		one->name = lower(arena, pieces[i].name);
		if (one->name == NULL)
			return ERR_LIMIT;
	}
	return 0;
}

/* The pieces of one name in order, so that "name*0" is met first. */
static void pieces_sort(struct piece *pieces, size_t count)
{
	struct piece one;
	size_t i, j;

	for (i = 1; i < count; i++) {
		one = pieces[i];
		for (j = i; j > 0 && pieces[j - 1].nth > one.nth; j--)
			pieces[j] = pieces[j - 1];
		pieces[j] = one;
	}
}

static const char *name_take(struct arena *arena, struct bytes *text)
{
	struct bytes start, token;

	if (!cfws_skip(text))
		return NULL;
	start = *text;
	token = take_token(text);
	if (token.len == 0)
		return NULL;
	if (take_char(text, '/')) {
		token = take_token(text);
		if (token.len == 0)
			return NULL;
	}
	return lower(arena, bytes_slice(start, 0, start.len - text->len));
}

int mime_type_parse(struct arena *arena, struct bytes value,
		    struct mime_type *out)
{
	struct piece pieces[MIME_PARAMETERS_MAX];
	size_t count = 0;

	memset(out, 0, sizeof(*out));
	out->name = name_take(arena, &value);
	if (out->name == NULL)
		return 0;
	if (!cfws_skip(&value))
		out->odd = true;
	while (!out->odd && value.len > 0) {
		if (!take_char(&value, ';') || !cfws_skip(&value)) {
			out->odd = true;
		} else if (value.len > 0) {	/* a ";" at the end is kept */
			if (count == MIME_PARAMETERS_MAX ||
			    !piece_take(arena, &value, &pieces[count]))
				out->odd = true;
			else
				count++;
		}
	}
	pieces_sort(pieces, count);
	return parameters_make(arena, pieces, count, out);
}

const char *mime_parameter(const struct mime_type *type, const char *name)
{
	size_t i;

	for (i = 0; i < type->count; i++)
		if (strcmp(type->parameters[i].name, name) == 0)
			return type->parameters[i].value;
	return NULL;
}

bool mime_is(const struct mime_type *type, const char *name)
{
	return type->name != NULL && strcmp(type->name, name) == 0;
}

bool mime_is_kind(const struct mime_type *type, const char *kind)
{
	return type->name != NULL &&
	       strncmp(type->name, kind, strlen(kind)) == 0;
}
