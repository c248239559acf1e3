/* address.c - RFC 5322 section 3.4, one pass, no recursion (comments are
 * counted, not called) */
#include "agent/mail/address.h"

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/base/value.h"
#include "agent/mail/domain.h"
#include "agent/mail/rune.h"

#define COMMENT_DEPTH_MAX	16
#define PHRASE_MAX		65536	/* octets; who shows it has limits of
					 * its own */
#define LOCAL_MAX		64	/* octets, RFC 5321 section 4.5.3.1.1 */

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
		if (c == '\t')
			c = ' ';	/* mostly what a fold left */
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

/* dot-atom; empty: none, or a dot too many. */
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

/* What was gathered, in the arena; never data NULL but without memory. */
static bool keep(struct parser *parser, struct buf *from, struct bytes *out)
{
	struct bytes nothing = { (const unsigned char *)"", 0 };

	*out = nothing;
	if (from->full) {
		parser->error = ERR_LIMIT;
		return false;
	}
	if (from->len > 0)
		*out = arena_bytes(parser->arena, buf_bytes(from));
	if (out->data == NULL)
		parser->error = ERR_LIMIT;
	return out->data != NULL;
}

/* local-part into the mailbox; the rest stands before "@". */
static bool take_local(struct parser *parser, struct mailbox *out)
{
	struct buf text;

	if (take_char(parser, '"')) {
		buf_init(&text, LOCAL_MAX);
		out->local_quoted = true;
		if (take_quoted(parser, &text) && !text.full)
			(void)keep(parser, &text, &out->local);
		buf_free(&text);
		return out->local.len > 0;
	}
	out->local = take_dot_atom(parser);
	return out->local.len > 0 && out->local.len <= LOCAL_MAX;
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

struct phrase {
	struct buf text;	/* white space and comments one blank */
	size_t words;
	bool all_quoted;
	bool quoted_code;	/* "=?" in one of the quoted strings */
};

static bool take_quoted_word(struct parser *parser, struct phrase *phrase)
{
	size_t start = phrase->text.len;
	struct bytes word;

	step(parser);
	if (!take_quoted(parser, &phrase->text))
		return false;
	word = bytes_slice(buf_bytes(&phrase->text), start, phrase->text.len);
	if (word.len > 1 && memmem(word.data, word.len, "=?", 2) != NULL)
		phrase->quoted_code = true;
	return true;
}

/* Words up to "<", ":" or something that is no phrase. */
static bool take_phrase(struct parser *parser, struct phrase *phrase)
{
	struct bytes atom;
	size_t before;

	phrase->all_quoted = true;
	for (;;) {
		before = parser->rest.len;
		if (!skip_cfws(parser))
			return false;
		if (parser->rest.len == 0 || strchr("<>:;,@()[]\\",
						    peek(parser)) != NULL)
			return true;
		if (phrase->words > 0 && parser->rest.len < before)
			buf_byte(&phrase->text, ' ');
		if (peek(parser) == '"') {
			if (!take_quoted_word(parser, phrase))
				return false;
		} else if (phrase->words > 0 && take_char(parser, '.')) {
			/* obs-phrase: "John Q. Public" */
			phrase->all_quoted = false;
			buf_byte(&phrase->text, '.');
		} else {
			atom = take_atom(parser);
			if (atom.len == 0)
				return true;
			phrase->all_quoted = false;
			buf_add(&phrase->text, atom);
		}
		phrase->words++;
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
	memset(&list->mailboxes[list->count], 0, sizeof(*all));
	return &list->mailboxes[list->count++];
}

enum took { TOOK_NOTHING, TOOK_MAILBOX, TOOK_GROUP };
enum where { IN_LIST, IN_GROUP };

/* "name <addr>", behind the name. */
static bool take_named(struct parser *parser, struct phrase *phrase,
		       struct mailbox *out)
{
	if (phrase->words > 0) {
		if (!keep(parser, &phrase->text, &out->name))
			return false;
		out->name_quoted = phrase->all_quoted;
		out->name_mixed = phrase->quoted_code && !phrase->all_quoted;
	}
	return take_angle(parser, out);
}

/* A mailbox, or a group's name with its ":". */
static enum took take_mailbox(struct parser *parser, enum where where)
{
	struct bytes start = parser->rest;
	enum took took = TOOK_NOTHING;
	struct mailbox *mailbox;
	struct phrase phrase;

	memset(&phrase, 0, sizeof(phrase));
	buf_init(&phrase.text, PHRASE_MAX);
	if (!take_phrase(parser, &phrase))
		goto out;
	if (where == IN_LIST && phrase.words > 0 && take_char(parser, ':')) {
		took = TOOK_GROUP;
		goto out;
	}
	mailbox = mailbox_add(parser);
	if (mailbox == NULL)
		goto out;
	mailbox->in_group = where == IN_GROUP;
	if (take_char(parser, '<')) {
		if (take_named(parser, &phrase, mailbox))
			took = TOOK_MAILBOX;
	} else {
		parser->rest = start;
		if (take_addr_spec(parser, mailbox))
			took = TOOK_MAILBOX;
	}
out:
	buf_free(&phrase.text);
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
		if (take_mailbox(parser, IN_GROUP) != TOOK_MAILBOX)
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
		switch (take_mailbox(parser, IN_LIST)) {
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
	if (take_local(&parser, out) && take_char(&parser, '@') &&
	    take_domain(&parser, out) && parser.rest.len == 0 &&
	    out->local.len + 1 + out->domain.len <= ADDRESS_MAX)
		return 0;
	return parser.error < 0 ? parser.error : ERR_SYNTAX;
}

enum local_kind { LOCAL_UNFIT, LOCAL_PLAIN, LOCAL_WANTS_QUOTES };

/* Nothing that shows as something else, or as nothing, may be in it. */
static enum local_kind local_kind(struct bytes local)
{
	struct bytes rest = local, as_is;
	unsigned char before = '.';
	bool plain = local.len > 0;
	int32_t rune;

	if (local.len == 0 || !utf8_is_valid(local))
		return LOCAL_UNFIT;
	while (rest.len > 0) {
		rune = rune_take(&rest, &as_is);
		if (rune_is_nothing(rune) || rune_is_invisible(rune) ||
		    (rune >= 0x80 && (rune_is_blank(rune) ||
				      rune_is_at(rune))))
			return LOCAL_UNFIT;
		if (rune == '.' ? before == '.' : !is_atext(as_is.data[0]))
			plain = false;
		before = as_is.data[0];
	}
	return plain && before != '.' ? LOCAL_PLAIN : LOCAL_WANTS_QUOTES;
}

const char *address_normal(struct arena *arena, const struct mailbox *mailbox)
{
	const char *domain = domain_normal(arena, mailbox->domain), *out;
	enum local_kind kind = local_kind(mailbox->local);
	struct buf text;
	size_t i;

	if (domain == NULL || kind == LOCAL_UNFIT)
		return NULL;
	if (kind == LOCAL_PLAIN)
		return arena_print(arena, "%.*s@%s", (int)mailbox->local.len,
				   (const char *)mailbox->local.data, domain);
	buf_init(&text, 2 * ADDRESS_MAX);
	buf_byte(&text, '"');
	for (i = 0; i < mailbox->local.len; i++) {
		if (mailbox->local.data[i] == '"' ||
		    mailbox->local.data[i] == '\\')
			buf_byte(&text, '\\');
		buf_byte(&text, mailbox->local.data[i]);
	}
	buf_print(&text, "\"@%s", domain);
	out = text.full ? NULL : arena_text(arena, buf_bytes(&text));
	buf_free(&text);
	return out;
}

bool address_same(const char *a, const char *b)
{
	return bytes_equal_nocase(bytes_of(a), bytes_of(b));
}
