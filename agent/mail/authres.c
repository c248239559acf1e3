/* authres.c - Authentication-Results (RFC 8601 section 2.2), strictly */
#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/mail/domain.h"
#include "agent/mail/trace.h"

#define COMMENT_DEPTH_MAX	8
#define TOKENS_MAX		512

enum kind { TOKEN_END, TOKEN_WORD, TOKEN_QUOTED, TOKEN_MARK };

struct lexer {
	struct bytes rest;
	struct arena *arena;
	enum kind kind;
	struct bytes text;		/* of a word or quoted string */
	unsigned char mark;
	unsigned tokens;
};

static bool is_word(unsigned char c)
{
	return c > 32 && c != 127 && strchr("()<>,;\"=/[]\\", c) == NULL;
}

/* False: a comment that is open or too deep. */
static bool skip(struct lexer *lexer)
{
	unsigned depth = 0;
	size_t at;

	for (at = 0; at < lexer->rest.len; at++) {
		unsigned char c = lexer->rest.data[at];

		if (depth > 0 && c == '\\')
			at++;
		else if (c == '(' && ++depth > COMMENT_DEPTH_MAX)
			return false;
		else if (c == ')' && depth > 0)
			depth--;
		else if (depth == 0 && c != '(' && !byte_is_space(c))
			break;
	}
	lexer->rest = bytes_slice(lexer->rest, at, lexer->rest.len);
	return depth == 0;
}

static bool quoted(struct lexer *lexer)
{
	unsigned char *to = arena_alloc(lexer->arena, lexer->rest.len);
	size_t at, used = 0;

	if (to == NULL)
		return false;
	for (at = 1; at < lexer->rest.len; at++) {
		if (lexer->rest.data[at] == '"')
			break;
		if (lexer->rest.data[at] == '\\')
			at++;
		if (at < lexer->rest.len)
			to[used++] = lexer->rest.data[at];
	}
	if (at >= lexer->rest.len)
		return false;
	lexer->kind = TOKEN_QUOTED;
	lexer->text.data = to;
	lexer->text.len = used;
	lexer->rest = bytes_slice(lexer->rest, at + 1, lexer->rest.len);
	return true;
}

/* The next token; false: no token may stand here. */
static bool next(struct lexer *lexer)
{
	size_t len = 0;

	if (++lexer->tokens > TOKENS_MAX || !skip(lexer))
		return false;
	lexer->kind = TOKEN_END;
	if (lexer->rest.len == 0)
		return true;
	if (lexer->rest.data[0] == '"')
		return quoted(lexer);
	while (len < lexer->rest.len && is_word(lexer->rest.data[len]))
		len++;
	if (len > 0) {
		lexer->kind = TOKEN_WORD;
	} else {
		lexer->kind = TOKEN_MARK;
		lexer->mark = lexer->rest.data[0];
		len = 1;
	}
	lexer->text = bytes_slice(lexer->rest, 0, len);
	lexer->rest = bytes_slice(lexer->rest, len, lexer->rest.len);
	return true;
}

static bool is_mark(const struct lexer *lexer, unsigned char mark)
{
	return lexer->kind == TOKEN_MARK && lexer->mark == mark;
}

static const char *lower(struct arena *arena, struct bytes text)
{
	char *out = arena_text(arena, text);
	size_t i;

	for (i = 0; out != NULL && i < text.len; i++)
		out[i] = (char)byte_lower((unsigned char)out[i]);
	return out;
}

/* The domain of a property's value, if it can be read in one way only. */
static const char *domain_in(struct arena *arena, struct bytes value)
{
	size_t at = bytes_find(value, '@');

	if (at < value.len) {
		value = bytes_slice(value, at + 1, value.len);
		if (bytes_has(value, '@'))
			return NULL;
	}
	return domain_normal(arena, value);
}

static bool names_domain(const char *property)
{
	return strcmp(property, "header.d") == 0 ||
	       strcmp(property, "header.i") == 0 ||
	       strcmp(property, "smtp.mailfrom") == 0 ||
	       strcmp(property, "smtp.mfrom") == 0 ||
	       strcmp(property, "header.from") == 0;
}

/* "ptype.property = value"; the lexer stands on the ptype. */
static int property(struct lexer *lexer, struct authres_result *result)
{
	const char *name = lower(lexer->arena, lexer->text);
	struct bytes value;

	if (name == NULL || !next(lexer) || !is_mark(lexer, '=') ||
	    !next(lexer))
		return ERR_SYNTAX;
	if (lexer->kind != TOKEN_WORD && lexer->kind != TOKEN_QUOTED)
		return ERR_SYNTAX;
	value = lexer->text;
	if (strcmp(name, "reason") != 0 && strchr(name, '.') == NULL)
		return ERR_SYNTAX;
	if (names_domain(name) && lexer->kind == TOKEN_WORD &&
	    (result->property == NULL ||
	     strcmp(name, "header.d") == 0)) {
		result->property = name;
		result->domain = domain_in(lexer->arena, value);
	}
	return next(lexer) ? 0 : ERR_SYNTAX;
}

/* "method[/version] = result properties", up to ";" or the end. */
static int result_read(struct lexer *lexer, struct authres *out)
{
	struct authres_result *result;
	int r = 0;

	if (lexer->kind != TOKEN_WORD || out->count == TRACE_RESULTS_MAX)
		return ERR_SYNTAX;
	result = &out->results[out->count];
	result->method = lower(lexer->arena, lexer->text);
	if (!next(lexer))
		return ERR_SYNTAX;
	if (is_mark(lexer, '/')) {
		if (!next(lexer) || bytes_number(lexer->text) != 1 ||
		    !next(lexer))
			return ERR_SYNTAX;
	}
	if (!is_mark(lexer, '=') || !next(lexer) ||
	    lexer->kind != TOKEN_WORD)
		return ERR_SYNTAX;
	result->result = lower(lexer->arena, lexer->text);
	if (result->method == NULL || result->result == NULL || !next(lexer))
		return ERR_SYNTAX;
	while (r == 0 && lexer->kind == TOKEN_WORD)
		r = property(lexer, result);
	out->count++;
	return r;
}

int authres_parse(struct arena *arena, struct bytes value,
		  struct authres *out)
{
	struct lexer lexer;
	int r = 0;

	memset(out, 0, sizeof(*out));
	memset(&lexer, 0, sizeof(lexer));
	lexer.rest = value;
	lexer.arena = arena;
	out->results = arena_array(arena, TRACE_RESULTS_MAX,
				   sizeof(*out->results));
	if (out->results == NULL)
		return ERR_LIMIT;
	if (!next(&lexer) || lexer.kind == TOKEN_END ||
	    lexer.kind == TOKEN_MARK)
		return ERR_SYNTAX;
	out->authserv_id = lower(arena, lexer.text);
	if (!next(&lexer))
		return ERR_SYNTAX;
	if (lexer.kind == TOKEN_WORD && bytes_number(lexer.text) == 1 &&
	    !next(&lexer))
		return ERR_SYNTAX;
	if (is_mark(&lexer, '=')) {
		/* A server that writes no id begins with a result. */
		lexer.rest = value;
		out->authserv_id = NULL;
		if (!next(&lexer))
			return ERR_SYNTAX;
		r = result_read(&lexer, out);
	}
	while (r == 0 && is_mark(&lexer, ';')) {
		if (!next(&lexer))
			return ERR_SYNTAX;
		if (lexer.kind == TOKEN_END)
			break;
		if (bytes_is_nocase(lexer.text, "none")) {
			if (!next(&lexer) || lexer.kind != TOKEN_END)
				return ERR_SYNTAX;
			return out->count == 0 ? 0 : ERR_SYNTAX;
		}
		r = result_read(&lexer, out);
	}
	return r < 0 || lexer.kind != TOKEN_END ? ERR_SYNTAX : 0;
}
