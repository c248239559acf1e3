/* letter_mill.c - dice, words and a signer */
#include "tests/flow/letter_mill.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/base/buf.h"
#include "tests/lab/dkim_signer.h"

#define ROOM	(1024 * 1024)

static const struct {
	const char *selector, *domain;
	enum dkim_lab_kind kind;
	unsigned bits;
	const char *tags;		/* in front of p= */
} kinds[MILL_KEYS] = {
	{ "rsa", "example.org", DKIM_LAB_RSA, 2048, "v=DKIM1; k=rsa; " },
	{ "old", "example.org", DKIM_LAB_RSA, 1024, "" },
	{ "ed", "example.org", DKIM_LAB_ED25519, 0, "v=DKIM1; k=ed25519; " },
	{ "weak", "example.org", DKIM_LAB_RSA, 768, "v=DKIM1; " },
	{ "strict", "example.org", DKIM_LAB_RSA, 2048, "v=DKIM1; t=s:y; " },
};

struct mill {
	uint64_t state;
	int64_t now;
	struct dkim_lab_key *keys[MILL_KEYS];
	char *records[MILL_KEYS];
};

struct mill *mill_new(uint64_t seed, int64_t now)
{
	struct mill *mill = calloc(1, sizeof(*mill));
	unsigned i;
	char *p;

	if (mill == NULL)
		abort();
	mill->state = seed;
	mill->now = now;
	for (i = 0; i < MILL_KEYS; i++) {
		mill->keys[i] = dkim_lab_key_new(kinds[i].kind, kinds[i].bits);
		p = dkim_lab_key_p(mill->keys[i], DKIM_LAB_SPKI);
		if (asprintf(&mill->records[i], "%sp=%s", kinds[i].tags, p) < 0)
			abort();
		free(p);
	}
	return mill;
}

void mill_free(struct mill *mill)
{
	unsigned i;

	for (i = 0; i < MILL_KEYS; i++) {
		dkim_lab_key_free(mill->keys[i]);
		free(mill->records[i]);
	}
	free(mill);
}

const char *mill_key(const struct mill *mill, const char *selector,
		     const char *domain)
{
	unsigned i;

	for (i = 0; i < MILL_KEYS; i++)
		if (strcasecmp(kinds[i].selector, selector) == 0 &&
		    strcasecmp(kinds[i].domain, domain) == 0)
			return mill->records[i];
	return NULL;
}

const char *mill_key_name(unsigned nth)
{
	static char name[128];

	(void)snprintf(name, sizeof(name), "%s._domainkey.%s",
		       kinds[nth].selector, kinds[nth].domain);
	return name;
}

const char *mill_key_record(const struct mill *mill, unsigned nth)
{
	return mill->records[nth];
}

static unsigned dice(struct mill *mill, unsigned sides)
{
	mill->state ^= mill->state << 13;
	mill->state ^= mill->state >> 7;
	mill->state ^= mill->state << 17;
	return (unsigned)(mill->state >> 33) % sides;
}

static const char *pick(struct mill *mill, const char *const *list)
{
	unsigned count = 0;

	while (list[count] != NULL)
		count++;
	return list[dice(mill, count)];
}

static const char *const gaps[] = {
	" ", " ", " ", " ", "  ", "\t", " \t ", "\r\n ", "\r\n\t", " \r\n  ",
	NULL
};
static const char *const some_words[] = {
	"alpha", "beta", "gamma;", "delta=", "\"epsilon\"", "(zeta)", "eta:",
	"\xC3\xA9\xC3\xA8", "THETA", "=?utf-8?q?i?=", "<kappa@x.org>", ",",
	"a.b", "=", "1", NULL
};

static void put_words(struct mill *mill, struct buf *to, unsigned most)
{
	unsigned count = dice(mill, most + 1);

	while (count-- > 0) {
		buf_text(to, pick(mill, gaps));
		buf_text(to, pick(mill, some_words));
	}
}

static void put_header(struct mill *mill, struct buf *to)
{
	static const char *const names[] = {
		"Subject", "SUBJECT", "subject", "To", "Cc", "Date",
		"Message-ID", "X-One", "x-one", "Received", "Content-Type",
		"MIME-Version", "List-Id", "Reply-To", NULL
	};
	unsigned count = 1 + dice(mill, 8), i, at = dice(mill, count);

	for (i = 0; i < count; i++) {
		if (i == at)
			buf_text(to, dice(mill, 4) > 0 ?
				 "From: Alice <alice@example.org>\r\n" :
				 "FROM:\talice@example.org \r\n");
		buf_print(to, "%s:", pick(mill, names));
		put_words(mill, to, 6);
		buf_text(to, dice(mill, 6) == 0 ? " \r\n" : "\r\n");
	}
}

static void put_body(struct mill *mill, struct buf *to)
{
	static const char *const lines[] = {
		"", "", "text", "two words", " leading", "trailing ",
		"trailing\t ", "a\tb", "a  b", " ", "\t", ".", "--", "\xFF",
		"From here", ">From there", "a very long line", "\xC3\xA9", NULL
	};
	unsigned count = dice(mill, 8);

	while (count-- > 0) {
		buf_text(to, pick(mill, lines));
		if (count > 0 || dice(mill, 8) > 0)
			buf_text(to, "\r\n");
	}
	while (dice(mill, 3) == 0)
		buf_text(to, "\r\n");
}

static char *sign(struct mill *mill, const char *text)
{
	static const char *const canons[] = {
		NULL, NULL, "simple/simple", "relaxed/simple",
		"simple/relaxed", "relaxed", "simple", "Relaxed/Relaxed", NULL
	};
	static const char *const fields[] = {
		"from:to:subject:date", "from", "From : To : Subject",
		"from:from:to:subject", "from:x-one:x-one:x-none",
		"subject:from:date", "to:subject", "from:dkim-signature",
		"from:received:content-type", "from:to:", "from::to", NULL
	};
	static const char *const extras[] = {
		"t=%lld", "x=%lld", "t=1", "x=1", "t=9999999999",
		"i=@example.org", "i=alice@example.org",
		"i=@sub.example.org", "i=@evil.org", "q=dns/txt", "q=dns/x",
		"z=From:x|To:y", "unknown=1", "l=", "t=x", "d=example.org",
		NULL
	};
	static const char *const lengths[] = {
		"0", "1", "4", "10", "100000", "x", NULL
	};
	static const char *const heads[] = {
		"v=1; a=rsa-sha256", "a=rsa-sha256; v=1", "v=2; a=rsa-sha256",
		"a=rsa-sha256", "v=1; a=ed25519-sha256", "v=1; a=rsa-sha512",
		" v = 1 ; a = rsa-sha256", "V=1; A=rsa-sha256", NULL
	};
	struct dkim_sign_options how;
	unsigned key = dice(mill, 8);
	char extra[64];

	memset(&how, 0, sizeof(how));
	key = key < MILL_KEYS ? key : 0;
	how.key = mill->keys[key];
	how.selector = kinds[key].selector;
	how.domain = dice(mill, 12) == 0 ? "EXAMPLE.org" : kinds[key].domain;
	how.canon = canons[dice(mill, 8)];
	how.fields = dice(mill, 3) > 0 ? fields[dice(mill, 3)] :
					 pick(mill, fields);
	if (dice(mill, 4) == 0) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-extra-args"
		(void)snprintf(extra, sizeof(extra), pick(mill, extras),
			       (long long)mill->now +
			       (dice(mill, 2) == 0 ? 1000 : -1000));
#pragma GCC diagnostic pop
		how.extra = extra;
	}
	if (dice(mill, 10) == 0) {
		how.has_length = true;
		how.length = dice(mill, 40);
		if (dice(mill, 2) == 0)
			how.length_text = pick(mill, lengths);
	}
	if (dice(mill, 12) == 0)
		how.head = pick(mill, heads);
	how.sha1 = kinds[key].kind == DKIM_LAB_RSA && dice(mill, 30) == 0;
	return dkim_sign(text, &how);
}

/* One change somewhere, or none. */
static char *change(struct mill *mill, char *text)
{
	static const char *const bits[] = {
		" ", "\t", "\r\n", "\r\n ", "x", ":", ";", "=", "A", "\r\n\r\n",
		"Subject: new\r\n", "From: eve@evil.example\r\n",
		"X-New: 1\r\n", NULL
	};
	size_t len = strlen(text), at, cut = 0;
	const char *put = "", *line;
	char *out;

	switch (dice(mill, 8)) {
	case 0:					/* put in anywhere */
		at = dice(mill, (unsigned)len);
		put = pick(mill, bits);
		break;
	case 1:					/* take out */
		at = dice(mill, (unsigned)len);
		cut = 1;
		break;
	case 2:					/* at the end */
		at = len;
		put = pick(mill, bits);
		break;
	case 3:					/* on top */
		at = 0;
		put = bits[10 + dice(mill, 3)];
		break;
	case 4:					/* at a line's begin */
		line = strstr(text + dice(mill, (unsigned)len), "\r\n");
		at = line == NULL ? len : (size_t)(line - text) + 2;
		put = bits[10 + dice(mill, 3)];
		break;
	default:				/* as it is */
		return text;
	}
	/* a line end stays whole: peers differ in what half of one is */
	if (cut > 0 && (text[at] == '\r' || text[at] == '\n'))
		return text;
	if (at > 0 && text[at - 1] == '\r')
		return text;
	out = malloc(len + strlen(put) + 1);
	if (out == NULL)
		abort();
	memcpy(out, text, at);
	memcpy(out + at, put, strlen(put));
	memcpy(out + at + strlen(put), text + at + cut, len - at - cut + 1);
	free(text);
	return out;
}

char *mill_letter(struct mill *mill)
{
	struct buf text;
	char *out;

	buf_init(&text, ROOM);
	put_header(mill, &text);
	buf_text(&text, "\r\n");
	put_body(mill, &text);
	out = sign(mill, buf_string(&text));
	buf_free(&text);
	return change(mill, out);
}
