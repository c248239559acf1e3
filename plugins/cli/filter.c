/* filter.c - mailseal filter: a message in, the same message with its verdict
 * on top out
 *
 * For delivery agents: whatever goes wrong, the message passes as it came, and
 * without the field a client hides the name.  Only when it cannot be passed
 * the status is 75, and the delivery agent keeps it. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "plugins/cli/cli.h"
#include "plugins/cli/filter.h"

#define LINE_ROOM	2048
#define REASON_MAX	700
#define CONNECT_SECONDS	30	/* a bus that hangs holds up no mail */

/* Plain ASCII that ends no quotes: what else a text has becomes '?'. */
static void put_plain(char *room, size_t size, const char *text)
{
	size_t len = 0;
	const unsigned char *at;

	for (at = (const unsigned char *)text; *at != 0 && len + 1 < size;
	     at++) {
		if ((*at & 0xC0) == 0x80)
			continue;	/* a character becomes one '?' */
		room[len++] = *at == '"' || *at == '\\' ? '\'' :
			      *at < 32 || *at > 126 ? '?' : (char)*at;
	}
	room[len] = 0;
}

static bool is_plain_word(const char *text)
{
	return text != NULL && text[0] != 0 &&
	       text[strspn(text, "abcdefghijklmnopqrstuvwxyz"
			   "0123456789")] == 0;
}

/* The whole field, folds as LF; false: the report is not what it should be. */
static bool make_line(const struct mailseal_report *report, const char *name,
		      char *line, size_t size)
{
	const char *verdict = mailseal_report_text(report, "verdict");
	const char *display = mailseal_report_text(report, "display");
	const char *id = mailseal_report_text(report, "id");
	const char *text = mailseal_report_text(report, "reasons.0.text");
	const char *from = mailseal_report_text(report, "from.address");
	char reason[REASON_MAX], address[REASON_MAX], when[32];
	time_t now = time(NULL);
	struct tm utc;
	int len;

	if (!is_plain_word(verdict) || !is_plain_word(display) ||
	    !is_plain_word(id) || gmtime_r(&now, &utc) == NULL ||
	    strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
		return false;
	put_plain(reason, sizeof(reason), text == NULL ? "" : text);
	put_plain(address, sizeof(address), from == NULL ? "" : from);
	len = snprintf(line, size, "%s: %s; display=%s;\n\taddress=\"%s\";\n"
		       "\tid=%s;\n\tjudged=%s;\n\treason=\"%s\"", name,
		       verdict, display, address, id, when, reason);
	return len > 0 && (size_t)len < size;
}

static bool is_field_name(const char *name)
{
	return name != NULL && strncmp(name, "X-Mailseal-", 11) == 0 &&
	       strlen(name) == 27 &&
	       strspn(name + 11, "0123456789abcdef") == 16;
}

/* False: there is no verdict; it complained. */
static bool ask(const struct spool *spool,
		const struct mailseal_option *options, char *line,
		size_t size)
{
	struct mailseal_report *report = NULL, *store = NULL;
	struct mailseal *mailseal;
	char why[512] = "the agent's answer has another form";
	bool fine = false;
	const char *name;
	int status;

	mailseal = connect_or_complain(&status);
	if (mailseal == NULL)
		return false;
	if (mailseal_property(mailseal, "Store", &store, why, sizeof(why)) ==
	    MAILSEAL_OK &&
	    mailseal_check_end(mailseal, mailseal_check_start(mailseal,
				spool->fd, options), &report, why,
			       sizeof(why)) == MAILSEAL_OK) {
		name = mailseal_report_text(store, "field");
		if (!is_field_name(name))
			(void)snprintf(why, sizeof(why), "the agent has no "
				       "name for its field; see mailseal "
				       "status");
		else if (mailseal_report_has(report, "error"))
			(void)snprintf(why, sizeof(why), "this is no mail");
		else
			fine = make_line(report, name, line, size);
	}
	if (!fine)
		complain("the message passes without a verdict: %s.", why);
	mailseal_report_free(report);
	mailseal_report_free(store);
	mailseal_close(mailseal);
	return fine;
}

static bool option_text(const char *name, int argc, char **argv, int *at,
			struct mailseal_option *option)
{
	if (strcmp(argv[*at], name) != 0 || *at + 1 >= argc)
		return false;
	option->text = argv[++*at];
	return true;
}

static struct spool spool;	/* for whom the alarm rings */

/* The bus or the agent hangs: the message passes now. */
static void on_alarm(int number)
{
	(void)number;
	_exit(spool_pass(&spool, STDIN_FILENO, STDOUT_FILENO) ? EX_OK :
	      EX_TEMPFAIL);
}

int filter_command(int argc, char **argv)
{
	struct mailseal_option options[] = {
		{ "client_ip", NULL, MAILSEAL_TEXT, 0 },
		{ "helo", NULL, MAILSEAL_TEXT, 0 },
		{ "mail_from", NULL, MAILSEAL_TEXT, 0 },
		{ "arrival", NULL, MAILSEAL_TRUTH, 1 },
		{ NULL, NULL, MAILSEAL_TEXT, 0 }
	};
	char line[LINE_ROOM];
	bool whole, done;
	int at;

	for (at = 0; at < argc; at++)
		if (!option_text("--client-ip", argc, argv, &at,
				 &options[0]) &&
		    !option_text("--helo", argc, argv, &at, &options[1]) &&
		    !option_text("--mail-from", argc, argv, &at, &options[2]))
			complain("unknown or incomplete option \"%s\"; it is "
				 "left out.", argv[at]);
	(void)signal(SIGPIPE, SIG_IGN);
	whole = spool_fill(&spool, STDIN_FILENO);
	if (!whole) {
		complain("the message cannot be read to its end.");
		spool_free(&spool);
		return EX_TEMPFAIL;
	}
	(void)signal(SIGALRM, on_alarm);
	(void)alarm(CONNECT_SECONDS);
	done = !spool.more && spool.size > 0 && ask(&spool, options, line,
						    sizeof(line));
	(void)alarm(0);
	if (spool.more)
		complain("the message passes without a verdict: there is no "
			 "room to keep it meanwhile.");
	done = done ? field_put(&spool, line, STDOUT_FILENO) :
		      spool_pass(&spool, STDIN_FILENO, STDOUT_FILENO);
	spool_free(&spool);
	return done ? EX_OK : EX_TEMPFAIL;
}
