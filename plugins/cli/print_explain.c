/* print_explain.c - what was found, in the order in which it was looked at:
 * sender, signatures, SPF, DMARC with its walk, forwarders, the verdict */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "plugins/cli/cli.h"
#include "plugins/cli/print_text.h"

#define LIST_MAX	64	/* members of a list that are printed */
#define LINE_ROOM	4096
#define PATH_ROOM	96

/* One line being put together. */
struct line {
	char text[LINE_ROOM];
	size_t len;
};

static void add(struct line *line, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void add(struct line *line, const char *format, ...)
{
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(line->text + line->len, sizeof(line->text) - line->len,
			format, args);
	va_end(args);
	if (len > 0)
		line->len += (size_t)len;
	if (line->len >= sizeof(line->text))
		line->len = sizeof(line->text) - 1;
}

/* "list.3.key", or "key" in `where`. */
static const char *at(const struct mailseal_report *report, const char *where,
		      const char *key)
{
	char path[PATH_ROOM];

	(void)snprintf(path, sizeof(path), "%.60s.%.30s", where, key);
	return mailseal_report_text(report, path);
}

/* The same for where something must be printed. */
static const char *say(const struct mailseal_report *report,
		       const char *where, const char *key)
{
	const char *text = at(report, where, key);

	return text == NULL ? "?" : text;
}

static int64_t number_at(const struct mailseal_report *report,
			 const char *where, const char *key)
{
	char path[PATH_ROOM];

	(void)snprintf(path, sizeof(path), "%.60s.%.30s", where, key);
	return mailseal_report_number(report, path, 0);
}

static bool truth_at(const struct mailseal_report *report, const char *where,
		     const char *key)
{
	char path[PATH_ROOM];

	(void)snprintf(path, sizeof(path), "%.60s.%.30s", where, key);
	return mailseal_report_truth(report, path);
}

/* False: that was the last member of the list. */
static bool nth(const struct mailseal_report *report, const char *list,
		unsigned index, char *path)
{
	(void)snprintf(path, PATH_ROOM, "%.60s.%u", list, index);
	return index < LIST_MAX && mailseal_report_has(report, path);
}

static void add_time(struct line *line, const char *before, int64_t when)
{
	time_t seconds = (time_t)when;
	struct tm local;
	char text[64];

	if (when <= 0 || localtime_r(&seconds, &local) == NULL ||
	    strftime(text, sizeof(text), "%Y-%m-%d %H:%M", &local) == 0)
		return;
	add(line, "%s%s", before, text);
}

/* "insecure" reads as an accusation; it is what most of DNS is. */
static const char *dnssec_words(const char *state)
{
	if (state == NULL)
		return "not seen";
	if (strcmp(state, "secure") == 0)
		return "secured by DNSSEC";
	if (strcmp(state, "insecure") == 0)
		return "not secured by DNSSEC";
	return "bogus: DNSSEC says that it was changed";
}

static void put_reason(const struct mailseal_report *report,
		       const char *where)
{
	const char *text = at(report, where, "reason");

	if (text != NULL)
		put_entry("", "%s", text);
}

static void explain_sender(const struct mailseal_report *report)
{
	const char *address = at(report, "from", "address");
	const char *name = at(report, "contact", "name");
	struct line line = { "", 0 };
	int64_t judged = mailseal_report_number(report, "judged", 0);
	char path[PATH_ROOM];
	unsigned i;

	add(&line, "%s", address == NULL ? "no usable address" : address);
	if (!truth_at(report, "contact", "known"))
		add(&line, ", not known");
	else if (name != NULL)
		add(&line, ", your contact \"%s\"", name);
	else
		add(&line, ", a contact of yours");
	put_entry("sender", "%s", line.text);
	if (mailseal_report_text(report, "subject") != NULL)
		put_entry("subject", "%s",
			  mailseal_report_text(report, "subject"));
	for (i = 0; nth(report, "addresses_in_name", i, path); i++)
		put_entry("", "in the name stands %s%s; DMARC of %s: %s",
			  say(report, path, "text"),
			  truth_at(report, path, "contact") ?
			  ", your contact's" : "", say(report, path, "domain"),
			  at(report, path, "dmarc.result") == NULL ?
			  "not known" : at(report, path, "dmarc.result"));
	if (judged != 0) {
		line.len = 0;
		add_time(&line, "judged ", judged);
		put_entry("memory", "%s; nothing was asked now", line.text);
	}
}

static void explain_border(const struct mailseal_report *report)
{
	const char *ip = at(report, "border", "client_ip");

	if (ip != NULL)
		put_entry("border", "%s took it from %s (%s)",
			  say(report, "border", "by"), ip,
			  at(report, "border", "helo") == NULL ? "no greeting" :
			  at(report, "border", "helo"));
	else if (at(report, "border", "reason") != NULL &&
		 at(report, "spf", "client_ip") == NULL)
		put_entry("border", "%s", at(report, "border", "reason"));
}

static void explain_signature(const struct mailseal_report *report,
			      const char *path)
{
	const char *domain = at(report, path, "domain");
	struct line line = { "", 0 };
	int64_t bits = number_at(report, path, "key_bits");

	add(&line, "%s: %s", say(report, path, "result"),
	    domain == NULL ? "an unreadable domain" : domain);
	if (at(report, path, "selector") != NULL)
		add(&line, ", selector %s", at(report, path, "selector"));
	if (at(report, path, "algorithm") != NULL)
		add(&line, ", %s", at(report, path, "algorithm"));
	if (bits > 0)
		add(&line, " with %lld bits", (long long)bits);
	add(&line, truth_at(report, path, "aligned") ?
	    "; of the sender's domain" : "; of another domain");
	put_entry("dkim", "%s", line.text);

	line.len = 0;
	add(&line, "key %s", dnssec_words(at(report, path, "dnssec")));
	add_time(&line, ", archived, last in DNS ",
		 number_at(report, path, "key_last_seen"));
	add_time(&line, "; signed ", number_at(report, path, "signed_at"));
	add_time(&line, ", expires ", number_at(report, path, "expires"));
	put_entry("", "%s", line.text);
	if (at(report, path, "integrity") != NULL)
		put_entry("", "the message as signed is %s%s%s",
			  at(report, path, "integrity"),
			  at(report, path, "not_covered") == NULL ? "" : ": ",
			  at(report, path, "not_covered") == NULL ? "" :
			  at(report, path, "not_covered"));
	put_reason(report, path);
}

static void explain_dkim(const struct mailseal_report *report)
{
	int64_t ignored = mailseal_report_number(report, "signatures_ignored",
						 0);
	char path[PATH_ROOM];
	unsigned i;

	for (i = 0; nth(report, "dkim", i, path); i++)
		explain_signature(report, path);
	if (i == 0)
		put_entry("dkim", "no signature");
	if (ignored > 0)
		put_entry("", "%lld more signatures were not looked at",
			  (long long)ignored);
}

/* A list of names asked in DNS. */
static void explain_names(const struct mailseal_report *report,
			  const char *list)
{
	char path[PATH_ROOM];
	const char *type, *state;
	unsigned i;

	for (i = 0; nth(report, list, i, path); i++) {
		type = at(report, path, "type");
		state = at(report, path, "dnssec");
		put_entry("", "asked %s%s%s: %s%s%s", say(report, path, "name"),
			  type == NULL ? "" : " ", type == NULL ? "" : type,
			  say(report, path, "found"),
			  state == NULL ? "" : ", ",
			  state == NULL ? "" : state);
	}
}

static void explain_spf(const struct mailseal_report *report)
{
	struct line line = { "", 0 };

	add(&line, "%s", say(report, "spf", "result"));
	if (at(report, "spf", "domain") != NULL)
		add(&line, ": %s (%s)", at(report, "spf", "domain"),
		    say(report, "spf", "scope"));
	if (at(report, "spf", "client_ip") != NULL)
		add(&line, ", sent from %s", at(report, "spf", "client_ip"));
	if (at(report, "spf", "dnssec") != NULL)
		add(&line, "; %s", dnssec_words(at(report, "spf", "dnssec")));
	if (truth_at(report, "spf", "aligned"))
		add(&line, "; of the sender's domain");
	put_entry("spf", "%s", line.text);
	explain_names(report, "spf.steps");
	put_reason(report, "spf");
	if (at(report, "spf", "explanation") != NULL)
		put_entry("", "the domain says: %s",
			  at(report, "spf", "explanation"));
}

static const char *consent_words(const char *consent)
{
	if (consent == NULL)
		return "";
	if (strcmp(consent, "given") == 0)
		return ", which agreed";
	return strcmp(consent, "denied") == 0 ? ", which did not agree" :
	       ", whose consent is not known now";
}

static void explain_reports(const struct mailseal_report *report,
			    const char *list, const char *what)
{
	char path[PATH_ROOM], key[PATH_ROOM + 8];
	const char *instead;
	struct line line;
	int64_t limit;
	unsigned i;

	for (i = 0; nth(report, list, i, path); i++) {
		memset(&line, 0, sizeof(line));
		(void)snprintf(key, sizeof(key), "%s.limit", path);
		limit = mailseal_report_number(report, key, 0);
		add(&line, "%s to %s", what, say(report, path, "uri"));
		if (limit > 0)
			add(&line, ", at most %lld bytes", (long long)limit);
		if (truth_at(report, path, "external"))
			add(&line, ", another domain's%s",
			    consent_words(at(report, path, "consent")));
		instead = at(report, path, "instead");
		if (instead != NULL)
			add(&line, ", at %s instead", instead);
		put_entry("", "%s", line.text);
	}
}

static void explain_dmarc(const struct mailseal_report *report)
{
	const char *proof = mailseal_report_text(report, "proof");
	const char *other = at(report, "dmarc.rfc7489", "result");
	struct line line = { "", 0 };

	add(&line, "%s", say(report, "dmarc", "result"));
	if (proof != NULL)
		add(&line, " by %s", proof);
	if (at(report, "dmarc", "policy") != NULL)
		add(&line, "; policy %s", at(report, "dmarc", "policy"));
	if (at(report, "dmarc", "domain") != NULL)
		add(&line, " of %s", at(report, "dmarc", "domain"));
	if (at(report, "dmarc", "dnssec") != NULL)
		add(&line, ", %s", dnssec_words(at(report, "dmarc",
						   "dnssec")));
	put_entry("dmarc", "%s", line.text);
	explain_names(report, "dmarc.walk");
	if (at(report, "dmarc", "record") != NULL)
		put_entry("", "record %s", at(report, "dmarc", "record"));
	if (at(report, "dmarc", "organizational_domain") != NULL)
		put_entry("", "organizational domain %s",
			  at(report, "dmarc", "organizational_domain"));
	if (other != NULL)
		put_entry("", "by RFC 7489 it would be %s, organizational "
			  "domain %s", other, say(report, "dmarc.rfc7489",
						  "organizational_domain"));
	explain_reports(report, "dmarc.rua", "aggregate reports");
	explain_reports(report, "dmarc.ruf", "failure reports");
	put_reason(report, "dmarc");
}

static void explain_others(const struct mailseal_report *report)
{
	char path[PATH_ROOM];
	unsigned i;

	for (i = 0; nth(report, "server_results", i, path); i++)
		put_entry(i == 0 ? "server" : "", "%s says %s=%s for %s",
			  at(report, path, "server") == NULL ? "it" :
			  at(report, path, "server"),
			  say(report, path, "method"),
			  say(report, path, "result"),
			  at(report, path, "domain") == NULL ? "no domain" :
			  at(report, path, "domain"));
	if (!mailseal_report_has(report, "arc"))
		return;
	put_entry("arc", "%s: sealed last by %s, %lld times in all, keys %s",
		  say(report, "arc", "result"),
		  at(report, "arc", "sealer") == NULL ? "nobody" :
		  at(report, "arc", "sealer"),
		  (long long)number_at(report, "arc", "sets"),
		  dnssec_words(at(report, "arc", "dnssec")));
	if (at(report, "arc", "believed") != NULL)
		put_entry("", "believed: %s", at(report, "arc", "believed"));
	put_reason(report, "arc");
}

/* The row of the table first, which is the line above in one word. */
static void explain_verdict(const struct mailseal_report *report)
{
	const char *display = mailseal_report_text(report, "display");
	const char *integrity = mailseal_report_text(report, "integrity");
	char path[PATH_ROOM];
	unsigned i;

	put_entry("verdict", "%s: the first row that holds is %s; shown is "
		  "%s%s%s", mailseal_report_text(report, "verdict") == NULL ?
		  "suspicious" : mailseal_report_text(report, "verdict"),
		  at(report, "reasons.0", "code") == NULL ? "none" :
		  at(report, "reasons.0", "code"),
		  display == NULL || strcmp(display, "warning") == 0 ?
		  "the address with a warning" :
		  strcmp(display, "name") == 0 ? "the name" :
		  "the address alone",
		  integrity == NULL ? "" : "; the message is ",
		  integrity == NULL ? "" : integrity);
	for (i = 1; nth(report, "reasons", i, path); i++)
		put_entry("", "%s: %s", say(report, path, "code"),
			  say(report, path, "text"));
}

void print_explain(const struct mailseal_report *report)
{
	if (!mailseal_report_has(report, "error")) {
		explain_sender(report);
		explain_border(report);
		explain_dkim(report);
		explain_spf(report);
		explain_dmarc(report);
		explain_others(report);
	}
	explain_verdict(report);
	(void)putchar('\n');
}
