/* dkim_signature.c - tag by tag */
#include "agent/auth/dkim_signature.h"

#include "agent/auth/dkim_base64.h"
#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/mail/domain.h"
#include "agent/mail/message.h"
#include "agent/mail/taglist.h"

struct reading {
	enum dkim_kind kind;
	struct arena *arena;
	struct dkim_signature *out;
	struct taglist list;
	const char *code, *text;
};

static int bad(struct reading *reading, const char *code, const char *text)
{
	reading->code = code;
	reading->text = text;
	return ERR_SYNTAX;
}

static int syntax(struct reading *reading, const char *text)
{
	return bad(reading, "signature-syntax", text);
}

static const char *lower_text(struct arena *arena, struct bytes value)
{
	char *text = arena_text(arena, value);
	size_t i;

	for (i = 0; text != NULL && i < value.len; i++)
		text[i] = (char)byte_lower((unsigned char)text[i]);
	return text;
}

static int read_domain(struct reading *reading)
{
	const struct tag *d = taglist_find(&reading->list, "d");
	const struct tag *s = taglist_find(&reading->list, "s");
	struct dkim_signature *out = reading->out;

	if (d != NULL && domain_is_valid(d->value, DOMAIN_LDH))
		out->domain = lower_text(reading->arena, d->value);
	else if (d != NULL)
		out->domain = domain_normal(reading->arena, d->value);
	if (s != NULL && domain_is_valid(s->value, DOMAIN_LDH_OR_UNDERSCORE))
		out->selector = lower_text(reading->arena, s->value);
	if (out->domain == NULL)
		return syntax(reading, "its d= is no domain name.");
	if (out->selector == NULL)
		return syntax(reading, "its s= is no selector.");
	return 0;
}

static int read_algorithm(struct reading *reading)
{
	static const char *const names[] = { "rsa-sha256", "ed25519-sha256",
					     "rsa-sha1" };
	const struct tag *a = taglist_find(&reading->list, "a");
	struct dkim_signature *out = reading->out;
	unsigned i;

	if (a == NULL)
		return syntax(reading, "it names no algorithm (a=).");
	out->algorithm = DKIM_ALGORITHM_UNKNOWN;
	for (i = 0; i < 3; i++)
		if (bytes_is_nocase(a->value, names[i])) {
			out->algorithm = (enum dkim_algorithm)i;
			out->algorithm_text = names[i];
		}
	if (out->algorithm == DKIM_ALGORITHM_UNKNOWN)
		return bad(reading, "unknown-algorithm",
			   "its algorithm is not known.");
	if (out->algorithm == DKIM_RSA_SHA1)
		return bad(reading, "weak-algorithm", "rsa-sha1 can be forged "
			   "and proves nothing (RFC 8301).");
	return 0;
}

static int read_version(struct reading *reading)
{
	const struct tag *v = taglist_find(&reading->list, "v");
	const struct tag *q = taglist_find(&reading->list, "q");
	struct bytes rest, one;
	bool found = q == NULL;

	if (v == NULL || !bytes_is(v->value, "1"))
		return syntax(reading, "its version is not 1.");
	if (q == NULL)
		return 0;
	for (rest = q->value; rest.len > 0;) {
		(void)bytes_cut(rest, ':', &one, &rest);
		found = found || bytes_is_nocase(bytes_trim(one), "dns/txt");
	}
	return found ? 0 : syntax(reading, "its key is not in DNS (q=).");
}

static bool form_of(struct bytes text, enum canon *form)
{
	*form = bytes_is_nocase(text, "relaxed") ? CANON_RELAXED :
						   CANON_SIMPLE;
	return *form == CANON_RELAXED || bytes_is_nocase(text, "simple");
}

static int read_canon(struct reading *reading)
{
	const struct tag *c = taglist_find(&reading->list, "c");
	struct dkim_signature *out = reading->out;
	struct bytes header, body;
	bool two;

	out->header_form = out->body_form = CANON_SIMPLE;
	if (c == NULL)
		return 0;
	two = bytes_cut(c->value, '/', &header, &body);
	if (!form_of(header, &out->header_form) ||
	    (two && !form_of(body, &out->body_form)))
		return syntax(reading, "its canonical form (c=) is not known.");
	return 0;
}

static int read_names(struct reading *reading)
{
	const struct tag *h = taglist_find(&reading->list, "h");
	struct dkim_signature *out = reading->out;
	struct bytes rest, name;
	bool from = false;
	size_t i, most = 1;

	if (h == NULL || h->value.len == 0)
		return syntax(reading, "it names no fields (h=).");
	for (i = 0; i < h->value.len; i++)
		most += h->value.data[i] == ':';
	if (most > DKIM_NAMES_MAX)
		return syntax(reading, "it names too many fields (h=).");
	out->names = arena_array(reading->arena, most, sizeof(*out->names));
	if (out->names == NULL)
		return syntax(reading, "it is too large.");
	rest = h->value;
	do {
		most = bytes_cut(rest, ':', &name, &rest);
		name = bytes_trim(name);
		for (i = 0; i < name.len; i++)
			if (name.data[i] <= 32 || name.data[i] >= 127)
				return syntax(reading, "h= holds no field "
					      "name.");
		if (name.len == 0 && reading->kind == DKIM_ARC_SIGNATURE)
			continue;	/* sealers write it; it is no field */
		if (name.len == 0)
			return syntax(reading, "h= holds an empty name.");
		if (reading->kind == DKIM_ARC_SIGNATURE &&
		    bytes_is_nocase(name, "ARC-Seal"))
			return syntax(reading, "it covers a seal (h=).");
		from = from || bytes_is_nocase(name, "From");
		out->names[out->name_count++] = name;
	} while (most > 0);
	return from ? 0 : bad(reading, "from-not-signed",
			      "it does not cover From.");
}

static int read_identity(struct reading *reading)
{
	const struct tag *i = taglist_find(&reading->list, "i");
	struct dkim_signature *out = reading->out;
	struct bytes local, domain;
	size_t at;

	out->identity_domain = out->domain;
	if (i == NULL)
		return 0;
	at = i->value.len;
	while (at > 0 && i->value.data[at - 1] != '@')
		at--;
	local = bytes_slice(i->value, 0, at);
	domain = bytes_slice(i->value, at, i->value.len);
	if (local.len == 0)
		return syntax(reading, "its i= has no \"@\".");
	out->identity_domain = domain_normal(reading->arena, domain);
	if (out->identity_domain == NULL ||
	    !domain_is_within(out->identity_domain, out->domain))
		return bad(reading, "identity-outside",
			   "its i= is not inside its d=.");
	return 0;
}

static int read_number(struct reading *reading, const char *name, int64_t *to)
{
	const struct tag *tag = taglist_find(&reading->list, name);

	*to = -1;
	if (tag == NULL)
		return 0;
	*to = bytes_number(tag->value);
	return *to >= 0 ? 0 : syntax(reading, "a number in it is none.");
}

static int read_times(struct reading *reading)
{
	struct dkim_signature *out = reading->out;
	int64_t length;

	if (read_number(reading, "t", &out->signed_at) < 0 ||
	    read_number(reading, "x", &out->expires) < 0 ||
	    read_number(reading, "l", &length) < 0)
		return ERR_SYNTAX;
	out->length = length < 0 ? CANON_NO_LIMIT : (uint64_t)length;
	if (out->signed_at >= 0 && out->expires >= 0 &&
	    out->expires <= out->signed_at)
		return syntax(reading, "it expires (x=) before it was made "
			      "(t=), or at once.");
	return 0;
}

static int read_body_hash(struct reading *reading)
{
	const struct tag *bh = taglist_find(&reading->list, "bh");
	struct dkim_signature *out = reading->out;

	if (bh == NULL)
		return syntax(reading, "bh= is missing.");
	out->body_hash = dkim_base64(reading->arena, bh->value);
	return out->body_hash.len == 32 ? 0 :
	       syntax(reading, "bh= is no base64 of the right length.");
}

static int read_bytes(struct reading *reading)
{
	const struct tag *b = taglist_find(&reading->list, "b");
	struct dkim_signature *out = reading->out;

	if (b == NULL)
		return syntax(reading, "b= is missing.");
	if (b->value.len > 2 * DKIM_BYTES_MAX)
		return syntax(reading, "its b= is too long.");
	out->b_value = b->value;
	out->signature = dkim_base64(reading->arena, b->value);
	return out->signature.len > 0 ? 0 :
	       syntax(reading, "b= is no base64.");
}

static int read_instance(struct reading *reading)
{
	const struct tag *i = taglist_find(&reading->list, "i");
	long long number = i == NULL ? 0 : bytes_number(i->value);

	if (number < 1 || number > ARC_SETS_MAX || i->value.data[0] == '0')
		return syntax(reading, "its i= is no number from 1 to 50.");
	reading->out->instance = (unsigned)number;
	reading->out->identity_domain = reading->out->domain;
	return 0;
}

/* Relaxed, whatever it says, and without h= (RFC 8617 section 4.1.3). */
static int read_seal(struct reading *reading)
{
	static const char *const words[] = { "none", "pass", "fail" };
	const struct tag *cv = taglist_find(&reading->list, "cv");
	struct dkim_signature *out = reading->out;
	unsigned i;

	out->header_form = CANON_RELAXED;
	if (taglist_find(&reading->list, "h") != NULL)
		return syntax(reading, "a seal lists no fields (h=).");
	for (i = 0; cv != NULL && i < 3; i++)
		if (bytes_is_nocase(cv->value, words[i])) {
			out->cv = (enum arc_cv)i;
			return read_number(reading, "t", &out->signed_at);
		}
	return syntax(reading, "it does not say how the chain before it is "
		      "(cv=).");
}

#define STEPS_MAX 9
static int (*const steps[][STEPS_MAX])(struct reading *) = {
	[DKIM_SIGNATURE] = {
		read_domain, read_algorithm, read_version, read_canon,
		read_names, read_identity, read_times, read_body_hash,
		read_bytes
	},
	[DKIM_ARC_SIGNATURE] = {
		read_domain, read_instance, read_algorithm, read_canon,
		read_names, read_times, read_body_hash, read_bytes
	},
	[DKIM_ARC_SEAL] = {
		read_domain, read_instance, read_algorithm, read_seal,
		read_bytes
	},
};

int dkim_signature_parse(struct arena *arena, enum dkim_kind kind,
			 const struct field *field,
			 struct dkim_signature *out, const char **code,
			 const char **text)
{
	struct reading reading;
	size_t i;
	int r;

	memset(out, 0, sizeof(*out));
	memset(&reading, 0, sizeof(reading));
	out->field = field;
	out->signed_at = out->expires = -1;
	reading.kind = kind;
	reading.arena = arena;
	reading.out = out;
	r = taglist_parse(arena, field->value, &reading.list);
	if (r < 0)
		(void)syntax(&reading, "it is no list of tags, or has a tag "
			     "twice.");
	for (i = 0; r == 0 && i < STEPS_MAX && steps[kind][i] != NULL; i++)
		r = steps[kind][i](&reading);
	*code = reading.code;
	*text = reading.text;
	return r < 0 ? ERR_SYNTAX : 0;
}
