/* sentence.c - a sentence a reason */
#include "agent/dane/sentence.h"

#include <stdio.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"

/* %h host, %p port, %n name, %w why; a clause in brackets is left out when
 * what it names is not there. */
static const char *const forms[DANE_REASONS] = {
	[DANE_MATCHED] = "%h is verified by DANE: its certificate is the one "
		"that DNS, secured by DNSSEC, names for port %p.",
	[DANE_PUBLISHED] = "%h is protected by DANE: DNS, secured by DNSSEC, "
		"names its certificate for port %p.",
	[DANE_NO_RECORDS] = "%h is verified by the public certificate "
		"authorities alone: its domain publishes no TLSA record for "
		"port %p.",
	[DANE_NO_USABLE] = "%h is verified by the public certificate "
		"authorities alone: none of its TLSA records for port %p can "
		"be used; who runs it should repair them.",
	[DANE_UNSIGNED] = "%h is verified by the public certificate "
		"authorities alone: its domain is not signed with DNSSEC.",
	[DANE_LITERAL] = "%h is verified by the public certificate "
		"authorities alone: DANE needs a name, not an address.",
	[DANE_MISMATCH] = "%h is refused: the certificate it presents is not "
		"the one that its TLSA records for port %p name[ (%w)]. "
		"Either somebody is in between, or who runs it changed the "
		"certificate without the records; try another network, then "
		"tell them.",
	[DANE_NOT_DANE] = "%h is refused: DANE is required for it, and "
		"%w. Set dane = require-if-published to accept the public "
		"certificate authorities.",
	[DANE_BAD_CERTIFICATE] = "%h is refused: its certificate is not good "
		"(%w), and no TLSA record vouches for it. Check the name "
		"and the port; else who runs it must renew the certificate.",
	[DANE_NO_STARTTLS] = "%h is refused: it does not start TLS on port "
		"%p[ (it said: %w)]. Either somebody takes the offer out, "
		"or this is not the port for it; 465 needs no offer.",
	[DANE_INJECTED] = "%h is refused: something was slipped into the "
		"connection before TLS began on port %p. Somebody is in "
		"between, or the server is broken; try another network.",
	[DANE_OLD_TLS] = "%h is refused: it speaks no TLS version from 1.2 "
		"up on port %p. Who runs it must update it.",
	[DANE_TLS_FAILED] = "%h is refused: no TLS session comes up on port "
		"%p[ (%w)]. Check the port: 465 speaks TLS at once, 587 "
		"after STARTTLS.",
	[DANE_NO_HOST] = "There is no address for %h. Check the name.",
	[DANE_NOT_OFFERED] = "%h says in DNS that it offers no mail "
		"submission. Ask who runs it for the server's name.",
	[DANE_BOGUS] = "It cannot be told now who %h is: DNSSEC validation "
		"fails[ for %n][ (%w)]. Somebody tampers with DNS here, or "
		"the domain is broken; try another network or later.",
	[DANE_DNS_SILENT] = "It cannot be told now who %h is: DNS does not "
		"answer[ for %n][ (%w)]. Try again, or another network.",
	[DANE_UNREACHABLE] = "%h cannot be reached on port %p[ (%w)]. Check "
		"the network and the port, or try later.",
	[DANE_BROKEN] = "%h broke off on port %p before TLS was up[ (%w)]. "
		"Try later.",
	[DANE_CANCELLED] = "The check of %h was given up.",
	[DANE_TROUBLE] = "%h could not be checked[ (%w)]. Try again.",
};

static const char *value_of(char letter, const struct dane_report *report,
			    const struct dane_cause *cause, const char *port)
{
	const char *value = NULL;

	if (letter == 'h')
		value = report->host;
	else if (letter == 'p')
		value = port;
	else if (letter == 'n')
		value = cause->name;
	else if (letter == 'w')
		value = cause->why;
	return value != NULL && value[0] != 0 ? value : NULL;
}

/* The end of a clause in brackets whose value is not there; else NULL. */
static const char *clause_skip(const char *at,
			       const struct dane_report *report,
			       const struct dane_cause *cause,
			       const char *port)
{
	const char *mark = strchr(at, '%'), *end = strchr(at, ']');

	if (mark == NULL || end == NULL || mark > end ||
	    value_of(mark[1], report, cause, port) != NULL)
		return NULL;
	return end;
}

const char *dane_sentence(struct arena *arena,
			  const struct dane_report *report,
			  const struct dane_cause *cause)
{
	const char *at = forms[(unsigned)report->reason < DANE_REASONS ?
			       report->reason : DANE_TROUBLE];
	const char *value, *end;
	char *out, port[8];
	struct buf text;

	(void)snprintf(port, sizeof(port), "%u", report->port);
	buf_init(&text, 4096);
	for (; *at != 0; at++) {
		if (*at == '[') {
			end = clause_skip(at, report, cause, port);
			if (end != NULL)
				at = end;
		} else if (*at == '%' && at[1] != 0) {
			value = value_of(*++at, report, cause, port);
			buf_text(&text, value == NULL ? "it" : value);
		} else if (*at != ']') {
			buf_byte(&text, (unsigned char)*at);
		}
	}
	out = arena_text(arena, buf_bytes(&text));
	buf_free(&text);
	return out == NULL ? "The server could not be checked." : out;
}
