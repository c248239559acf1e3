/* attack_wraps.h - every way to put something sealed into a message that is
 * not the message
 *
 * Multiparts of all kinds, what stands beside, headers that programs read
 * differently: each combination is made and handed to a judge. */
#ifndef MAILSEAL_TEST_ATTACK_WRAPS_H
#define MAILSEAL_TEST_ATTACK_WRAPS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/base/buf.h"
#include "tests/flow/report_word.h"

#define WRAP_HEAD	"From: alice@example.org\r\nTo: bob@example.org\r\n" \
			"Subject: pay\r\nMIME-Version: 1.0\r\n"
#define WRAP_EVIL	"Content-Type: text/plain\r\n\r\nPay Mallory."
#define WRAP_HTML	"Content-Type: text/html\r\n\r\n"
#define WRAP_MAX	(1 << 18)

/* A message, and how it was made. */
typedef void wrap_judge(const char *message, const char *how);

static const char *const wrap_kinds[] = {
	"mixed", "alternative", "related", "digest", "parallel", "appledouble",
	"form-data", "report; report-type=delivery-status", "x-own",
	"related; type=\"application/pkcs7-mime\"; start=\"<x>\"",
	"mixed; protocol=\"application/pkcs7-signature\"; micalg=sha-256",
	"mixed; smime-type=enveloped-data; name=smime.p7m"
};

/* Of a part: '%' is what is sealed, '|' a delimiter. */
static const char *const wrap_shapes[] = {
	"%",
	WRAP_EVIL "|%",
	"%|" WRAP_EVIL,
	WRAP_EVIL "|%|" WRAP_EVIL,
	"%|%",
	"|%",
	WRAP_HTML "<img src=\"http://evil.example/|%|" WRAP_HTML "\">",
	WRAP_HTML "<div style=\"display:none\"><plaintext>|%",
	WRAP_HTML "<!--|%|" WRAP_HTML "-->Pay Mallory.",
	WRAP_HTML "<iframe src=\"cid:x\"></iframe>|Content-ID: <x>\r\n%",
	WRAP_EVIL "|Content-Disposition: attachment; filename=smime.p7m\r\n%",
	WRAP_EVIL "|Content-Disposition: inline\r\n%",
	WRAP_EVIL "|Content-Type: message/rfc822\r\n\r\n" WRAP_HEAD "%",
	"Content-Type: message/rfc822\r\n\r\n" WRAP_HEAD "%",
	WRAP_EVIL "|Content-Type: multipart/mixed; boundary=in\r\n\r\n"
		"--in\r\n%\r\n--in--\r\n",
	"Content-Type: multipart/alternative; boundary=in\r\n\r\n--in\r\n"
		WRAP_EVIL "\r\n--in\r\n%\r\n--in--\r\n",
};

/* Of the message: '@' is its kind, '%' its parts with delimiters. */
static const char *const wrap_dresses[] = {
	"Content-Type: multipart/@; boundary=mix\r\n\r\n%",
	"content-TYPE:MULTIPART/@;BOUNDARY=mix\r\n\r\n%",
	"Content-Type: (x) multipart (y) / (z) @; boundary=mix\r\n\r\n%",
	"Content-Type: multipart/@;\r\n\tboundary=\"mix\"\r\n\r\n%",
	"Content-Type: multipart/@; boundary*=us-ascii'en'mix\r\n\r\n%",
	"Content-Type: multipart/@; boundary*0=m; boundary*1=ix\r\n\r\n"
		"%",
	"Content-Type: multipart/@; boundary=mix; boundary=sig\r\n\r\n%",
	"Content-Type: multipart/@; boundary=mix\r\n"
		"Content-Transfer-Encoding: base64\r\n\r\n%",
	"Content-Type: multipart/@; boundary=mix\r\n"
		"Content-Transfer-Encoding: quoted-printable\r\n\r\n%",
	"Content-Type: multipart/@; boundary=mix\r\n"
		"Content-Type: multipart/signed; boundary=sig;\r\n"
		" protocol=\"application/pkcs7-signature\"\r\n\r\n%",
	"Content-Type: multipart/signed; boundary=sig;\r\n"
		" protocol=\"application/pkcs7-signature\"\r\n"
		"Content-Type: multipart/@; boundary=mix\r\n\r\n%",
	"Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n"
		"Content-Type: multipart/@; boundary=mix\r\n\r\n%",
	"Content-Type: multipart/encrypted; boundary=mix;\r\n"
		" protocol=\"application/pgp-encrypted\"\r\n"
		"Content-Type: multipart/@; boundary=mix\r\n\r\n%",
};

static inline void wrap_add(char *to, const char *text, size_t len)
{
	size_t used = strlen(to);

	if (used + len + 1 > WRAP_MAX)
		abort();
	memcpy(to + used, text, len);
	to[used + len] = '\0';
}

static inline void wrap_text(char *to, const char *text)
{
	wrap_add(to, text, strlen(text));
}

/* The parts of a shape. */
static inline void wrap_shape(char *to, const char *shape, const char *sealed)
{
	to[0] = '\0';
	wrap_text(to, "--mix\r\n");
	for (; *shape != '\0'; shape++) {
		if (*shape == '%')
			wrap_text(to, sealed);
		else if (*shape == '|')
			wrap_text(to, "\r\n--mix\r\n");
		else
			wrap_add(to, shape, 1);
	}
	wrap_text(to, "\r\n--mix--\r\n");
}

static inline void wrap_dress(char *to, const char *dress, const char *kind,
			      const char *parts)
{
	wrap_text(to, WRAP_HEAD);
	for (; *dress != '\0'; dress++) {
		if (*dress == '@')
			wrap_text(to, kind);
		else if (*dress == '%')
			wrap_text(to, parts);
		else
			wrap_add(to, dress, 1);
	}
}

/* All of them; returns how many. */
static inline unsigned wrap_each(const char *sealed, wrap_judge *judge)
{
	char *parts = calloc(1, WRAP_MAX), *message, how[64];
	size_t kind, shape, dress;
	unsigned count = 0;

	for (shape = 0; shape < sizeof(wrap_shapes) / sizeof(*wrap_shapes);
	     shape++) {
		wrap_shape(parts, wrap_shapes[shape], sealed);
		for (kind = 0; kind < sizeof(wrap_kinds) / sizeof(*wrap_kinds);
		     kind++)
			for (dress = 0; dress < sizeof(wrap_dresses) /
			     sizeof(*wrap_dresses); dress++) {
				message = calloc(1, WRAP_MAX);
				wrap_dress(message, wrap_dresses[dress],
					   wrap_kinds[kind], parts);
				(void)snprintf(how, sizeof(how), "shape %zu, "
					       "kind %zu, dress %zu", shape,
					       kind, dress);
				judge(message, how);
				free(message);
				count++;
			}
	}
	free(parts);
	return count;
}

/* Messages whose sealed part the report told of. */
static unsigned wraps_listed;

/* What is sealed in the message speaks for nothing, and stays closed.  One
 * that says to be sealed, and is cut in two ways, is bad. */
static inline void wrap_is_nothing(struct arena *arena,
				   const struct value *report,
				   struct buf *content,
				   const char *message, const char *how)
{
	const char *security = report_word(arena, report, "security");
	const char *signature = report_word(arena, report, "signature.status");
	const char *cipher = report_word(arena, report, "encryption.status");
	const char *covers = report_word(arena, report, "covers");
	bool bad = strcmp(signature, "bad") == 0 ||
		   strcmp(cipher, "damaged") == 0;

	if ((strcmp(security, "unprotected") != 0 &&
	     strcmp(security, "encrypted") != 0) ||
	    (strcmp(signature, "none") != 0 &&
	     strcmp(signature, "bad") != 0) ||
	    (strcmp(cipher, "not-encrypted") != 0 &&
	     strcmp(cipher, "damaged") != 0) ||
	    (strcmp(covers, "whole") == 0 && !bad) ||
	    strstr(buf_string(content), "the secret") != NULL)
		fail_msg("%s: %s, signature %s, encryption %s, covers %s\n%s",
			 how, security, signature, cipher, covers, message);
	wraps_listed += report_word(arena, report, "parts.0.part")[0] != '\0';
}

/* Each of them in all ways; frees them. */
static inline void wrap_all(char *const *sealed, size_t count,
			    wrap_judge *judge)
{
	unsigned made = 0;
	size_t i;

	wraps_listed = 0;
	for (i = 0; i < count; i++) {
		made += wrap_each(sealed[i], judge);
		free(sealed[i]);
	}
	print_message("%u messages, %u with a part that is told of\n", made,
		      wraps_listed);
	assert_true(wraps_listed > made / 2);
}

#endif
