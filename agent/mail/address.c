/* address.c - RFC 5322 section 3.4, one pass, no recursion but for comments
 * (which are counted, not called) */
#include "agent/mail/address.h"

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/base/value.h"
#include "agent/mail/domain.h"

#define COMMENT_DEPTH_MAX	16
#define PHRASE_MAX		4096

struct parser {
	struct arena *arena;
	struct bytes rest;
	struct mailbox_list *list;
	size_t room;
	int error;
};

static unsigned char peek(const struct parser *parser)
{
	return parser->rest.len == 0 ? 0 : parser->rest.data[0];
}

static void step(struct parser *parser)
{
	parser->rest = bytes_slice(parser->rest, 1, parser->rest.len);
}

static bool is_atext(unsigned char c)
{
	return byte_is_alpha(c) || byte_is_digit(c) || c >= 0x80 ||
	       (c != 0 && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

/* CFWS: blanks, folds and comments.  False: an open or too deep comment. */
static bool skip_cfws(struct parser *parser)
{
	unsigned depth = 0;
	unsigned char c;

	while (parser->rest.len > 0) {
		c = peek(parser);
		if (depth > 0 && c == '\\') {
			step(parser);
			if (parser->rest.len == 0)
				break;
		} else if (c == '(') {
			if (++depth > COMMENT_DEPTH_MAX)
				return false;
		} else if (depth > 0 && c == ')') {
			depth--;
		} else if (depth == 0 && !byte_is_space(c)) {
			return true;
		}
		step(parser);
	}
	return depth == 0;
}

static bool take_char(struct parser *parser, unsigned char c)
{
	if (parser->rest.len == 0 || peek(parser) != c)
		return false;
	step(parser);
	return true;
}

/* Behind the opening quote; quotes and escapes undone into `to`. */
static bool take_quoted(struct parser *parser, struct buf *to)
{
	unsigned char c;

	while (parser->rest.len > 0) {
		c = peek(parser);
		step(parser);
		if (c == '"')
			return true;
		if (c == '\\') {
			if (parser->rest.len == 0)
				return false;
			c = peek(parser);
			step(parser);
		}
		if (c == '\r' || c == '\n')
			continue;	/* a fold */
		buf_byte(to, c);
	}
	return false;
}

static struct bytes take_atom(struct parser *parser)
{
	struct bytes atom = parser->rest;
	size_t len = 0;

	while (len < atom.len && is_atext(atom.data[len]))
		len++;
	parser->rest = bytes_slice(atom, len, atom.len);
	return bytes_slice(atom, 0, len);
}

/* dot-atom, or with `any` obs-phrase: atoms and dots. */
static struct bytes take_dot_atom(struct parser *parser)
{
	struct bytes start = parser->rest, atom;
	size_t len = 0;

	for (;;) {
		atom = take_atom(parser);
		if (atom.len == 0) {
			len = 0;	/* a dot at an end, or two */
			break;
		}
		len += atom.len;
		if (!take_char(parser, '.'))
			break;
		len++;
	}
	return bytes_slice(start, 0, len);
}

static struct bytes kept(struct parser *parser, struct buf *from)
{
	struct bytes none = { NULL, 0 };

	if (from->full)
		return none;
	return arena_bytes(parser->arena, buf_bytes(from));
}

/* local-part into the mailbox; the rest stands before "@". */
static bool take_local(struct parser *parser, struct mailbox *out)
{
	struct buf text;

	if (take_char(parser, '"')) {
		buf_init(&text, ADDRESS_MAX);
		out->local_quoted = true;
		if (take_quoted(parser, &text) && !text.full)
			out->local = kept(parser, &text);
		buf_free(&text);
		return out->local.data != NULL && out->local.len > 0;
	}
	out->local = take_dot_atom(parser);
	return out->local.len > 0 && out->local.len <= 64;
}

static bool take_domain(struct parser *parser, struct mailbox *out)
{
	size_t end;

	if (peek(parser) != '[') {
		out->domain = take_dot_atom(parser);
		return out->domain.len > 0;
	}
	end = bytes_find(parser->rest, ']');
	if (end == parser->rest.len || end > 255)
		return false;
	out->domain = bytes_slice(parser->rest, 0, end + 1);
	parser->rest = bytes_slice(parser->rest, end + 1, parser->rest.len);
	return true;
}

/* addr-spec with CFWS around its parts. */
static bool take_addr_spec(struct parser *parser, struct mailbox *out)
{
	return skip_cfws(parser) && take_local(parser, out) &&
	       skip_cfws(parser) && take_char(parser, '@') &&
	       skip_cfws(parser) && take_domain(parser, out) &&
	       skip_cfws(parser) &&
	       out->local.len + 1 + out->domain.len <= ADDRESS_MAX;
}

/* obs-route: "@a,@b:"; recognised, never used. */
static bool take_route(struct parser *parser, struct mailbox *out)
{
	struct mailbox ignored;

	if (peek(parser) != '@')
		return true;
	out->has_route = true;
	for (;;) {
		memset(&ignored, 0, sizeof(ignored));
		if (!take_char(parser, '@') ||
		    !take_domain(parser, &ignored) || !skip_cfws(parser))
			return false;
		if (take_char(parser, ':'))
			return true;
		while (take_char(parser, ','))
			if (!skip_cfws(parser))
				return false;
	}
}

/* Behind "<". */
static bool take_angle(struct parser *parser, struct mailbox *out)
{
	return skip_cfws(parser) && take_route(parser, out) &&
	       take_addr_spec(parser, out) && take_char(parser, '>') &&
	       skip_cfws(parser);
}

/* Words up to "<", ":" or something that is no phrase.  *words: how many;
 * *quoted: all of them were quoted strings. */
static bool take_phrase(struct parser *parser, struct buf *name,
			size_t *words, bool *quoted)
{
	struct bytes atom;

	*words = 0;
	*quoted = true;
	for (;;) {
		if (!skip_cfws(parser))
			return false;
		if (peek(parser) == '"') {
			step(parser);
			if (*words > 0)
				buf_byte(name, ' ');
			if (!take_quoted(parser, name))
				return false;
		} else if (*words > 0 && peek(parser) == '.') {
			step(parser);	/* obs-phrase: "John Q. Public" */
			buf_byte(name, '.');
			continue;
		} else {
			atom = take_atom(parser);
			if (atom.len == 0)
				return true;
			*quoted = false;
			if (*words > 0)
				buf_byte(name, ' ');
			buf_add(name, atom);
		}
		(*words)++;
	}
}

static struct mailbox *mailbox_add(struct parser *parser)
{
	struct mailbox_list *list = parser->list;
	struct mailbox *all;

	if (list->count == ADDRESS_LIST_MAX) {
		parser->error = ERR_LIMIT;
		return NULL;
	}
	if (list->count == parser->room) {
		parser->room = parser->room == 0 ? 4 : parser->room * 4;
		all = arena_array(parser->arena, parser->room, sizeof(*all));
		if (all == NULL) {
			parser->error = ERR_LIMIT;
			return NULL;
		}
		if (list->count > 0)
			memcpy(all, list->mailboxes,
			       list->count * sizeof(*all));
		list->mailboxes = all;
	}
	return &list->mailboxes[list->count++];
}

enum took { TOOK_NOTHING, TOOK_MAILBOX, TOOK_GROUP };

/* A mailbox, or a group's name with its ":". */
static enum took take_mailbox(struct parser *parser, bool in_group)
{
	struct bytes start = parser->rest;
	struct mailbox *mailbox;
	enum took took = TOOK_NOTHING;
	struct buf name;
	size_t words;
	bool quoted;

	buf_init(&name, PHRASE_MAX);
	if (!take_phrase(parser, &name, &words, &quoted) || name.full)
		goto out;
	if (!in_group && words > 0 && take_char(parser, ':')) {
		took = TOOK_GROUP;
		goto out;
	}
	mailbox = mailbox_add(parser);
	if (mailbox == NULL)
		goto out;
	memset(mailbox, 0, sizeof(*mailbox));
	mailbox->in_group = in_group;
	if (take_char(parser, '<')) {
		if (words > 0) {
			mailbox->name = kept(parser, &name);
			mailbox->name_quoted = quoted;
		}
		if (take_angle(parser, mailbox))
			took = TOOK_MAILBOX;
	} else {
		parser->rest = start;
		if (take_addr_spec(parser, mailbox))
			took = TOOK_MAILBOX;
	}
out:
	buf_free(&name);
	return took;
}

static bool at_end(struct parser *parser)
{
	return skip_cfws(parser) && parser->rest.len == 0;
}

static bool take_group(struct parser *parser)
{
	parser->list->groups++;
	for (;;) {
		if (!skip_cfws(parser))
			return false;
		if (take_char(parser, ';'))
			return skip_cfws(parser);
		if (take_mailbox(parser, true) != TOOK_MAILBOX)
			return false;
		if (!take_char(parser, ',') && peek(parser) != ';')
			return false;
	}
}

static bool take_list(struct parser *parser)
{
	if (at_end(parser))
		return false;
	for (;;) {
		switch (take_mailbox(parser, false)) {
		case TOOK_MAILBOX:
			break;
		case TOOK_GROUP:
			if (!take_group(parser))
				return false;
			break;
		case TOOK_NOTHING:
		default:
			return false;
		}
		if (at_end(parser))
			return true;
		if (!take_char(parser, ','))
			return false;
	}
}

int address_list_parse(struct arena *arena, struct bytes text,
		       struct mailbox_list *out)
{
	struct parser parser;

	memset(out, 0, sizeof(*out));
	memset(&parser, 0, sizeof(parser));
	parser.arena = arena;
	parser.rest = text;
	parser.list = out;
	if (take_list(&parser))
		return 0;
	return parser.error < 0 ? parser.error : ERR_SYNTAX;
}

int address_parse(struct arena *arena, struct bytes text,
		  struct mailbox *out)
{
	struct parser parser;

	memset(out, 0, sizeof(*out));
	memset(&parser, 0, sizeof(parser));
	parser.arena = arena;
	parser.rest = text;
	if (!take_local(&parser, out) || !take_char(&parser, '@') ||
	    !take_domain(&parser, out) || parser.rest.len > 0)
		return ERR_SYNTAX;
	return 0;
}

static bool local_is_plain(struct bytes local)
{
	size_t i;

	for (i = 0; i < local.len; i++)
		if (local.data[i] <= 32 || local.data[i] == 127)
			return false;
	return local.len > 0 && utf8_is_valid(local);
}

const char *address_normal(struct arena *arena, const struct mailbox *mailbox)
{
	const char *domain = domain_normal(arena, mailbox->domain);

	if (domain == NULL || !local_is_plain(mailbox->local))
		return NULL;
	return arena_print(arena, "%.*s@%s", (int)mailbox->local.len,
			   (const char *)mailbox->local.data, domain);
}

bool address_same(const char *a, const char *b)
{
	return bytes_equal_nocase(bytes_of(a), bytes_of(b));
}
