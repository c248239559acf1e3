/* authres_value.c - where injections hide: a value that two readers could
 * read in two ways names no domain */
#include "agent/mail/authres_value.h"

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/mail/cfws.h"
#include "agent/mail/domain.h"

struct bytes authres_unquoted(struct arena *arena, struct bytes inside)
{
	unsigned char *to = arena_alloc(arena, inside.len);
	struct bytes out = { to, 0 };
	size_t i;

	for (i = 0; to != NULL && i < inside.len; i++) {
		if (inside.data[i] == '\\' && i + 1 < inside.len)
			i++;
		to[out.len++] = inside.data[i];
	}
	return out;
}

/* A run of what may stand in a value unquoted. */
static struct bytes run_take(struct bytes *rest)
{
	struct bytes out;
	size_t len = 0;

	while (len < rest->len && rest->data[len] > 32 &&
	       rest->data[len] != 127 &&
	       strchr(";()\"", rest->data[len]) == NULL)
		len++;
	out = bytes_slice(*rest, 0, len);
	*rest = bytes_slice(*rest, len, rest->len);
	return out;
}

int authres_value_read(struct arena *arena, struct bytes *rest,
		       struct authres_value *out)
{
	struct bytes inside;

	memset(out, 0, sizeof(*out));
	if (!cfws_skip(rest) || rest->len == 0)
		return ERR_SYNTAX;
	if (rest->data[0] == '"') {
		if (!cfws_quoted(rest, &inside))
			return ERR_SYNTAX;
		out->text = authres_unquoted(arena, inside);
		if (out->text.data == NULL)
			return ERR_LIMIT;
		if (rest->len > 0 && rest->data[0] == '@') {
			*rest = bytes_slice(*rest, 1, rest->len);
			out->quoted_local = true;
			out->text = run_take(rest);
		}
	} else {
		out->text = run_take(rest);
		if (out->text.len == 0 &&
		    (rest->len == 0 || rest->data[0] != ';'))
			return ERR_SYNTAX;
	}
	out->glued = rest->len > 0 && rest->data[0] != ';' &&
		     !byte_is_space(rest->data[0]);
	return 0;
}

const char *authres_value_domain(struct arena *arena,
				 const struct authres_value *value)
{
	struct bytes local, domain;

	if (value->glued)
		return NULL;
	if (value->quoted_local ||
	    !bytes_cut(value->text, '@', &local, &domain))
		return domain_normal(arena, value->text);
	for (; local.len > 0; local = bytes_slice(local, 1, local.len))
		if (local.data[0] < 33 || local.data[0] == 127 ||
		    strchr("()<>[]:;,\\\"", local.data[0]) != NULL)
			return NULL;
	return domain_normal(arena, domain);
}
