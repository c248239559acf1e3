/* authres.c - Authentication-Results (RFC 8601 section 2.2), strictly
 *
 * With what large servers write and the grammar lacks: no authserv-id, or
 * one between the results (Outlook), pairs without a ptype ("action=none"),
 * an empty value, dots in a method, "_" in a result. */
#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/mail/authres_value.h"
#include "agent/mail/cfws.h"
#include "agent/mail/domain.h"
#include "agent/mail/trace.h"

#define ARC_INSTANCE_MAX 50	/* RFC 8617 section 4.2.1 */

struct reader {
	struct arena *arena;
	struct bytes rest;
	struct authres *out;
};

/* What one result says about domains. */
struct said {
	const char *d, *i, *mailfrom, *from;
	bool twice;		/* one property, two values, or unreadable */
};

static bool is_end(const struct reader *reader)
{
	return reader->rest.len == 0 || reader->rest.data[0] == ';';
}

static bool mark(struct reader *reader, unsigned char c)
{
	if (reader->rest.len == 0 || reader->rest.data[0] != c)
		return false;
	reader->rest = bytes_slice(reader->rest, 1, reader->rest.len);
	return true;
}

/* Letters, digits, "-" and "_"; and `dot`, if it is one. */
static struct bytes word_at(struct bytes rest, unsigned char dot)
{
	unsigned char c;
	size_t len = 0;

	while (len < rest.len) {
		c = rest.data[len];
		if (!byte_is_alpha(c) && !byte_is_digit(c) && c != '-' &&
		    c != '_' && c != dot)
			break;
		len++;
	}
	return bytes_slice(rest, 0, len);
}

/* Such a word, beginning and ending with a letter or digit. */
static bool keyword(struct reader *reader, unsigned char dot,
		    struct bytes *out)
{
	unsigned char first, last;

	*out = word_at(reader->rest, dot);
	if (out->len == 0)
		return false;
	first = out->data[0];
	last = out->data[out->len - 1];
	if ((!byte_is_alpha(first) && !byte_is_digit(first)) ||
	    (!byte_is_alpha(last) && !byte_is_digit(last)))
		return false;
	reader->rest = bytes_slice(reader->rest, out->len, reader->rest.len);
	return true;
}

static const char *lowered(struct arena *arena, struct bytes text)
{
	char *out = arena_text(arena, text);
	size_t i;

	for (i = 0; out != NULL && i < text.len; i++)
		out[i] = (char)byte_lower((unsigned char)out[i]);
	return out;
}

static void note(struct said *said, const char **where, struct arena *arena,
		 const struct authres_value *value)
{
	const char *domain = authres_value_domain(arena, value);

	if (domain == NULL ||
	    (*where != NULL && strcmp(*where, domain) != 0))
		said->twice = true;
	*where = domain;
}

static void property_note(struct arena *arena, struct bytes ptype,
			  struct bytes name, const struct authres_value *value,
			  struct said *said)
{
	if (bytes_is_nocase(ptype, "header")) {
		if (bytes_is_nocase(name, "d"))
			note(said, &said->d, arena, value);
		else if (bytes_is_nocase(name, "i"))
			note(said, &said->i, arena, value);
		else if (bytes_is_nocase(name, "from"))
			note(said, &said->from, arena, value);
	} else if (bytes_is_nocase(ptype, "smtp")) {
		if (bytes_is_nocase(name, "mailfrom"))
			note(said, &said->mailfrom, arena, value);
	}
}

/* ptype "." property "=" value, or "reason" "=" value. */
static int property_read(struct reader *reader, struct said *said)
{
	struct bytes ptype, name = { NULL, 0 };
	struct authres_value value;
	int r;

	if (!keyword(reader, 0, &ptype) || !cfws_skip(&reader->rest))
		return ERR_SYNTAX;
	if (mark(reader, '.') &&
	    (!cfws_skip(&reader->rest) || !keyword(reader, 0, &name) ||
	     !cfws_skip(&reader->rest)))
		return ERR_SYNTAX;
	if (!mark(reader, '='))
		return ERR_SYNTAX;
	r = authres_value_read(reader->arena, &reader->rest, &value);
	if (r < 0)
		return r;
	if (name.data == NULL && value.text.len == 0)
		return ERR_SYNTAX;
	if (name.data != NULL)
		property_note(reader->arena, ptype, name, &value, said);
	return cfws_skip(&reader->rest) ? 0 : ERR_SYNTAX;
}

static void result_settle(struct authres_result *result,
			  const struct said *said)
{
	if (strcmp(result->method, "dkim") == 0) {
		result->property = said->d != NULL ? "header.d" :
			said->i != NULL ? "header.i" : NULL;
		result->domain = said->d != NULL ? said->d : said->i;
		if (said->d != NULL && said->i != NULL &&
		    !domain_is_within(said->i, said->d))
			result->domain = NULL;
	} else if (strcmp(result->method, "spf") == 0) {
		result->property = said->mailfrom != NULL ?
			"smtp.mailfrom" : NULL;
		result->domain = said->mailfrom;
	} else if (strcmp(result->method, "dmarc") == 0) {
		result->property = said->from != NULL ? "header.from" : NULL;
		result->domain = said->from;
	}
	if (said->twice)
		result->domain = NULL;
}

/* "none", and nothing else; 1: it is not "none". */
static int none_read(struct reader *reader)
{
	struct reader ahead = *reader;
	struct bytes word;

	if (!keyword(&ahead, '.', &word) || !bytes_is_nocase(word, "none"))
		return 1;
	if (!cfws_skip(&ahead.rest))
		return ERR_SYNTAX;
	if (!is_end(&ahead))
		return 1;
	(void)mark(&ahead, ';');
	if (!cfws_skip(&ahead.rest) || ahead.rest.len > 0 ||
	    reader->out->count > 0 || reader->out->authserv_id == NULL)
		return ERR_SYNTAX;
	reader->rest = ahead.rest;
	return 0;
}

/* An authserv-id between the results, where there was none in front; it may
 * stand there again. */
static bool late_id_read(struct reader *reader)
{
	struct reader ahead = *reader;
	struct bytes word;
	const char *id;

	if (!keyword(&ahead, '.', &word) || !bytes_has(word, '.') ||
	    !cfws_skip(&ahead.rest) || ahead.rest.len == 0 ||
	    ahead.rest.data[0] != ';' ||
	    !domain_is_valid(word, DOMAIN_LDH_OR_UNDERSCORE))
		return false;
	id = lowered(reader->arena, word);
	if (id == NULL || (reader->out->authserv_id != NULL &&
			   (!reader->out->id_is_late ||
			    strcmp(id, reader->out->authserv_id) != 0)))
		return false;
	reader->out->authserv_id = id;
	reader->out->id_is_late = true;
	reader->rest = ahead.rest;
	return true;
}

/* method ["/" version] "=" result, then properties, up to ";" or the end. */
static int result_read(struct reader *reader)
{
	struct authres_result *result;
	struct said said = { NULL, NULL, NULL, NULL, false };
	struct bytes word;
	int r = 0;

	if (reader->out->count == TRACE_RESULTS_MAX)
		return ERR_LIMIT;
	result = &reader->out->results[reader->out->count];
	if (!keyword(reader, '.', &word) || !cfws_skip(&reader->rest))
		return ERR_SYNTAX;
	result->method = lowered(reader->arena, word);
	if (mark(reader, '/') &&
	    (!cfws_skip(&reader->rest) || !keyword(reader, 0, &word) ||
	     bytes_number(word) != 1 || !cfws_skip(&reader->rest)))
		return ERR_SYNTAX;
	if (!mark(reader, '=') || !cfws_skip(&reader->rest) ||
	    !keyword(reader, 0, &word) || !cfws_skip(&reader->rest))
		return ERR_SYNTAX;
	result->result = lowered(reader->arena, word);
	if (result->method == NULL || result->result == NULL)
		return ERR_LIMIT;
	while (r == 0 && !is_end(reader))
		r = property_read(reader, &said);
	if (r < 0)
		return r;
	result_settle(result, &said);
	reader->out->count++;
	return 0;
}

/* 0: an authserv-id and its version were taken; 1: there is none. */
static int id_read(struct reader *reader)
{
	struct bytes start = reader->rest, word;
	struct bytes inside;

	if (reader->rest.len > 0 && reader->rest.data[0] == '"') {
		if (!cfws_quoted(&reader->rest, &inside))
			return ERR_SYNTAX;
		word = authres_unquoted(reader->arena, inside);
	} else {
		size_t len = 0;

		while (len < start.len && start.data[len] > 32 &&
		       start.data[len] != 127 &&
		       strchr("()<>@,;:\\\"/[]?=", start.data[len]) == NULL)
			len++;
		word = bytes_slice(start, 0, len);
		reader->rest = bytes_slice(start, len, start.len);
	}
	if (word.len == 0 || !cfws_skip(&reader->rest))
		return ERR_SYNTAX;
	if (reader->rest.len > 0 && (reader->rest.data[0] == '=' ||
				     reader->rest.data[0] == '/')) {
		reader->rest = start;
		return bytes_is_nocase(word, "i") ? ERR_SYNTAX : 1;
	}
	reader->out->authserv_id = lowered(reader->arena, word);
	if (reader->out->authserv_id == NULL)
		return ERR_SYNTAX;
	if (is_end(reader))
		return 0;
	/* Another version may mean something else: not to be read. */
	if (!keyword(reader, 0, &word) || bytes_number(word) != 1 ||
	    !cfws_skip(&reader->rest) || !is_end(reader))
		return ERR_SYNTAX;
	return 0;
}

int authres_parse(struct arena *arena, struct bytes value,
		  struct authres *out)
{
	struct reader reader = { arena, value, out };
	int r;

	memset(out, 0, sizeof(*out));
	out->results = arena_array(arena, TRACE_RESULTS_MAX,
				   sizeof(*out->results));
	if (out->results == NULL)
		return ERR_LIMIT;
	if (!cfws_skip(&reader.rest))
		return ERR_SYNTAX;
	r = id_read(&reader);
	if (r == 1)
		r = result_read(&reader);
	while (r == 0 && mark(&reader, ';')) {
		if (!cfws_skip(&reader.rest))
			return ERR_SYNTAX;
		if (reader.rest.len == 0)
			break;			/* one ";" at the end */
		r = none_read(&reader);
		if (r == 1 && late_id_read(&reader))
			r = 0;
		else if (r == 1)
			r = result_read(&reader);
	}
	return r == 0 && reader.rest.len > 0 ? ERR_SYNTAX : r;
}

int authres_parse_arc(struct arena *arena, struct bytes value,
		      unsigned *instance, struct authres *out)
{
	struct reader reader = { arena, value, out };
	struct bytes word;
	long long number;
	int r;

	memset(out, 0, sizeof(*out));
	*instance = 0;
	if (!cfws_skip(&reader.rest) || !keyword(&reader, 0, &word) ||
	    !bytes_is_nocase(word, "i") || !cfws_skip(&reader.rest) ||
	    !mark(&reader, '=') || !cfws_skip(&reader.rest) ||
	    !keyword(&reader, 0, &word) || !cfws_skip(&reader.rest) ||
	    !mark(&reader, ';'))
		return ERR_SYNTAX;
	number = bytes_number(word);
	if (number < 1 || number > ARC_INSTANCE_MAX)
		return ERR_SYNTAX;
	*instance = (unsigned)number;
	r = authres_parse(arena, reader.rest, out);
	if (r == 0 && (out->authserv_id == NULL || out->id_is_late))
		r = ERR_SYNTAX;
	return r;
}
