/* letters.c - words, lines and a signature */
#include "tests/bench/letters.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/bench.h"

static const char head[] =
	"Return-Path: <alice@example.org>\r\n"
	"Received: from mail.example.org (mail.example.org [192.0.2.10])\r\n"
	"\tby mx.user.example (Postfix) with ESMTPS id 4X1Y2Z\r\n"
	"\tfor <me@user.example>; Mon, 2 Mar 2026 10:00:00 +0000 (UTC)\r\n"
	"Received: from [10.0.0.7] (unknown [10.0.0.7])\r\n"
	"\tby mail.example.org (Postfix) with ESMTPSA id 4X1Y2A;\r\n"
	"\tMon, 2 Mar 2026 09:59:58 +0000 (UTC)\r\n";

static const char rest[] =
	"From: Alice Harper <alice@example.org>\r\n"
	"To: Me <me@user.example>\r\n"
	"Subject: The figures of the last month, number %zu\r\n"
	"Date: Mon, 2 Mar 2026 09:59:57 +0000\r\n"
	"Message-ID: <%zu.20260302@example.org>\r\n"
	"MIME-Version: 1.0\r\n"
	"Content-Type: text/plain; charset=utf-8\r\n"
	"User-Agent: Mutt/2.2.9\r\n\r\n";

static const char *const words[] = {
	"the", "figures", "of", "last", "month", "are", "ready", "and",
	"can", "be", "looked", "at", "in", "usual", "place,", "thank",
	"you", "for", "answer;", "we", "shall", "meet", "on", "Tuesday."
};

/* Lines of 60 to 75 columns, now and then an empty one. */
static size_t body_write(char *to, size_t size, unsigned seed)
{
	size_t used = 0, column = 0, len;
	const char *word;

	while (used + 80 < size) {
		seed = seed * 1103515245u + 12345u;
		word = words[(seed >> 16) % (sizeof(words) /
					     sizeof(words[0]))];
		len = strlen(word);
		if (column + len > 68) {
			used--;		/* no blank at a line's end */
			memcpy(to + used, "\r\n\r\n", 4);
			used += (seed >> 24) % 8 == 0 ? 4 : 2;
			column = 0;
		}
		memcpy(to + used, word, len);
		to[used + len] = ' ';
		used += len + 1;
		column += len + 1;
	}
	used -= used > 0 && to[used - 1] == ' ';
	memcpy(to + used, "\r\n", 2);
	return used + 2;
}

static char *letter(const struct dkim_lab_key *key, size_t size, size_t nth)
{
	struct dkim_sign_options how;
	char *text = malloc(size + 4096), *out, *whole;
	size_t used;
	int len;

	bench_must(text != NULL, "no memory");
	len = snprintf(text, 4096, rest, nth, nth);
	bench_must(len > 0, "no header");
	used = (size_t)len;
	used += body_write(text + used, size > 1400 ? size - 1300 : 100,
			   (unsigned)nth + 1);
	text[used] = 0;
	memset(&how, 0, sizeof(how));
	how.key = key;
	how.domain = LETTER_DOMAIN;
	how.selector = LETTER_SELECTOR;
	how.fields = LETTER_FIELDS;
	out = dkim_sign(text, &how);
	whole = malloc(strlen(head) + strlen(out) + 1);
	bench_must(whole != NULL, "no memory");
	memcpy(whole, head, strlen(head));
	memcpy(whole + strlen(head), out, strlen(out) + 1);
	free(out);
	free(text);
	return whole;
}

void letters_write(struct letters *letters, const struct dkim_lab_key *key,
		   size_t size, size_t count)
{
	size_t i;

	bench_must(count <= LETTERS_MAX, "too many letters");
	letters->count = count;
	for (i = 0; i < count; i++) {
		letters->texts[i] = letter(key, size, i);
		letters->list[i] = bytes_of(letters->texts[i]);
	}
}

void letters_as_kept(struct letters *letters)
{
	const char *from;
	size_t i;
	char *to;

	for (i = 0; i < letters->count; i++) {
		to = letters->texts[i];
		for (from = to; *from != 0; from++)
			if (*from != '\r')
				*to++ = *from;
		*to = 0;
		letters->list[i] = bytes_of(letters->texts[i]);
	}
}

void letters_free(struct letters *letters)
{
	size_t i;

	for (i = 0; i < letters->count; i++)
		free(letters->texts[i]);
	letters->count = 0;
}
