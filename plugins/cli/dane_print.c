/* dane_print.c - what was found about a server, for people */
#include "plugins/cli/dane.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "plugins/cli/cli.h"
#include "plugins/cli/print_text.h"
#include "proto/mailseal.h"

#define ROWS_MAX	64	/* of one list that are shown */
#define KEY_MAX		64

static const char *text_of(const struct mailseal_report *report,
			   const char *list, unsigned nth, const char *key)
{
	char path[KEY_MAX];

	(void)snprintf(path, sizeof(path), "%s.%u.%s", list, nth, key);
	return mailseal_report_text(report, path);
}

static int64_t number_of(const struct mailseal_report *report,
			 const char *list, unsigned nth, const char *key)
{
	char path[KEY_MAX];

	(void)snprintf(path, sizeof(path), "%s.%u.%s", list, nth, key);
	return mailseal_report_number(report, path, -1);
}

static void put(const char *text)
{
	put_text(text == NULL ? "?" : text);
}

static void put_date(int64_t seconds)
{
	time_t when = (time_t)seconds;
	struct tm tm;
	char text[64];

	if (gmtime_r(&when, &tm) == NULL ||
	    strftime(text, sizeof(text), "%Y-%m-%d %H:%M UTC", &tm) == 0)
		return;
	(void)printf("%s", text);
}

static void print_step(const struct mailseal_report *report, unsigned nth)
{
	const char *state = text_of(report, "dns", nth, "state");
	const char *dnssec = text_of(report, "dns", nth, "dnssec");
	const char *more = text_of(report, "dns", nth, "canonical");
	int64_t until = number_of(report, "dns", nth, "signed_until");
	int64_t ttl = number_of(report, "dns", nth, "ttl");
	char path[KEY_MAX];
	unsigned i;

	(void)printf("  dns    ");
	put(text_of(report, "dns", nth, "name"));
	(void)snprintf(path, sizeof(path), "dns.%u.fresh", nth);
	(void)printf(" %s%s: %s", text_of(report, "dns", nth, "type"),
		     mailseal_report_truth(report, path) ? ", anew" : "",
		     state);
	if (dnssec != NULL && strcmp(dnssec, state) != 0)
		(void)printf(", %s", dnssec);
	if (ttl >= 0)
		(void)printf(", ttl %lld", (long long)ttl);
	if (until > 0) {
		(void)printf(", signed until ");
		put_date(until);
	}
	if (more != NULL) {
		(void)printf(", alias of ");
		put(more);
	}
	more = text_of(report, "dns", nth, "why");
	if (more != NULL) {
		(void)printf(": ");
		put(more);
	}
	(void)putchar('\n');
	for (i = 0; i < ROWS_MAX; i++) {
		(void)snprintf(path, sizeof(path), "dns.%u.records.%u", nth,
			       i);
		more = mailseal_report_text(report, path);
		if (more == NULL)
			break;
		(void)printf("         ");
		put(more);
		(void)putchar('\n');
	}
}

static const struct {
	const char *fate, *words;
} fates[] = {
	{ "verified", "verifies the certificate" },
	{ "matches", "describes a certificate" },
	{ "no-match", "describes none of the certificates; a next key, or an "
	  "old one" },
	{ "passed-over", "passed over: a stronger digest is beside it" },
	{ "unusable", "cannot be used" },
	{ "usable", "can be used" },
};

static void print_record(const struct mailseal_report *report, unsigned nth)
{
	const char *fate = text_of(report, "records", nth, "fate");
	const char *why = text_of(report, "records", nth, "why");
	int64_t depth = number_of(report, "records", nth, "depth");
	size_t i;

	(void)printf("  tlsa   ");
	put(text_of(report, "records", nth, "record"));
	for (i = 0; fate != NULL && i < sizeof(fates) / sizeof(fates[0]); i++)
		if (strcmp(fate, fates[i].fate) == 0)
			(void)printf("\n         %s", fates[i].words);
	if (depth >= 0)
		(void)printf(" at depth %lld", (long long)depth);
	if (why != NULL)
		(void)printf(": %s", why);
	(void)putchar('\n');
}

static void print_certificate(const struct mailseal_report *report,
			      unsigned nth)
{
	char path[KEY_MAX];
	const char *name;
	unsigned i;

	(void)printf("  chain  %u ", nth);
	put(text_of(report, "chain", nth, "subject"));
	(void)printf("; until ");
	put_date(number_of(report, "chain", nth, "until"));
	for (i = 0; i < 8; i++) {
		(void)snprintf(path, sizeof(path), "chain.%u.names.%u", nth,
			       i);
		name = mailseal_report_text(report, path);
		if (name == NULL)
			break;
		(void)printf("%s", i == 0 ? "; for " : ", ");
		put(name);
	}
	(void)printf("\n           issued by ");
	put(text_of(report, "chain", nth, "issuer"));
	(void)printf("\n           certificate ");
	put(text_of(report, "chain", nth, "certificate_sha256"));
	(void)printf("\n           key         ");
	put(text_of(report, "chain", nth, "key_sha256"));
	(void)putchar('\n');
}

static void print_line(const struct mailseal_report *report, const char *label,
		       const char *key)
{
	const char *text = mailseal_report_text(report, key);

	if (text == NULL)
		return;
	(void)printf("  %-6s ", label);
	put(text);
	(void)putchar('\n');
}

static void print_session(const struct mailseal_report *report)
{
	const char *pkix = mailseal_report_text(report, "pkix");
	const char *why = mailseal_report_text(report, "pkix_why");

	print_line(report, "at", "address");
	if (mailseal_report_text(report, "tls") != NULL) {
		(void)printf("  tls    ");
		put(mailseal_report_text(report, "tls"));
		(void)printf(", ");
		put(mailseal_report_text(report, "cipher"));
		(void)putchar('\n');
	}
	print_line(report, "name", "peer_name");
	if (pkix != NULL)
		(void)printf("  pkix   the public certificate authorities "
			     "say %s%s%s\n", strcmp(pkix, "pass") == 0 ?
			     "yes" : "no", why == NULL ? "" : ": ",
			     why == NULL ? "" : why);
	if (mailseal_report_truth(report, "again"))
		(void)printf("  again  no record matched at first; asked past "
			     "the cache\n");
	if (mailseal_report_text(report, "matched") != NULL)
		(void)printf("  next   %s\n",
			     mailseal_report_truth(report, "next_key") ?
			     "a record for another key is published" :
			     "no record for a next key is published");
}

static void print_host(const struct mailseal_report *report, unsigned nth)
{
	const char *text = text_of(report, "hosts", nth, "matched");
	int64_t order = number_of(report, "hosts", nth, "preference");

	if (order < 0)
		order = number_of(report, "hosts", nth, "priority");
	(void)printf("  host   %lld ", (long long)order);
	put(text_of(report, "hosts", nth, "host"));
	(void)printf(":%lld %s (%s)\n         ",
		     (long long)number_of(report, "hosts", nth, "port"),
		     text_of(report, "hosts", nth, "result"),
		     text_of(report, "hosts", nth, "reason"));
	put(text_of(report, "hosts", nth, "text"));
	(void)putchar('\n');
	if (text != NULL) {
		(void)printf("         ");
		put(text);
		(void)putchar('\n');
	}
}

static void print_head(const struct mailseal_report *report)
{
	const char *result = mailseal_report_text(report, "result");
	const char *host = mailseal_report_text(report, "host");
	int64_t port = mailseal_report_number(report, "port", 0);
	const char *text;

	(void)printf("%s  ", result == NULL ? "?" : result);
	put(host != NULL ? host : mailseal_report_text(report, "domain"));
	if (port > 0)
		(void)printf(":%lld", (long long)port);
	(void)putchar('\n');
	text = mailseal_report_text(report, "text");
	put_paragraph(text == NULL ? "?" : text);
}

void dane_print(const struct mailseal_report *report)
{
	const char *text;
	unsigned i;

	print_head(report);
	for (i = 0; i < ROWS_MAX &&
	     text_of(report, "dns", i, "name") != NULL; i++)
		print_step(report, i);
	for (i = 0; i < ROWS_MAX &&
	     text_of(report, "hosts", i, "host") != NULL; i++)
		print_host(report, i);
	for (i = 0; i < ROWS_MAX &&
	     text_of(report, "records", i, "record") != NULL; i++)
		print_record(report, i);
	for (i = 0; i < ROWS_MAX &&
	     text_of(report, "chain", i, "subject") != NULL; i++)
		print_certificate(report, i);
	print_session(report);
	for (i = 0; i < ROWS_MAX &&
	     (text = text_of(report, "warnings", i, "text")) != NULL; i++) {
		(void)printf("  soon   ");
		put(text);
		(void)putchar('\n');
	}
}
