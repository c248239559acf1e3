/* dane.c - mailseal dane: who is that server, and does DNS vouch for it? */
#include "plugins/cli/dane.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "plugins/cli/cli.h"
#include "proto/mailseal.h"

static bool number_read(const char *text, long most, long *into)
{
	char *end;

	errno = 0;
	*into = strtol(text, &end, 10);
	return errno == 0 && end != text && *end == 0 && *into >= 1 &&
	       *into <= most;
}

bool dane_host_read(const char *text, struct dane_request *into)
{
	const char *colon = strrchr(text, ':');
	const char *bracket = strrchr(text, ']');
	size_t len = strlen(text);
	long port;

	/* An address of version 6 without brackets has no port. */
	if (colon != NULL && bracket == NULL && strchr(text, ':') != colon)
		colon = NULL;
	if (colon != NULL && bracket != NULL && colon < bracket)
		colon = NULL;
	if (colon != NULL) {
		if (!number_read(colon + 1, 65535, &port))
			return false;
		into->port = (uint16_t)port;
		len = (size_t)(colon - text);
	}
	if (len == 0 || len >= sizeof(into->host))
		return false;
	memcpy(into->host, text, len);
	into->host[len] = 0;
	return true;
}

int dane_status(const struct mailseal_report *report)
{
	const char *result = mailseal_report_text(report, "result");

	if (result == NULL)
		return EX_SOFTWARE;
	if (strcmp(result, "dane") == 0)
		return DANE_EXIT_VERIFIED;
	if (strcmp(result, "pkix") == 0 || strcmp(result, "unprotected") == 0)
		return DANE_EXIT_PKIX;
	return strcmp(result, "refused") == 0 ? DANE_EXIT_REFUSED :
						DANE_EXIT_UNKNOWN;
}

struct mailseal_report *dane_ask(const struct dane_request *request,
				 int *status)
{
	struct mailseal_option options[] = {
		{ "starttls", request->starttls, MAILSEAL_TEXT, 0 },
		{ "need", request->need, MAILSEAL_TEXT, 0 },
		{ "what", request->what, MAILSEAL_TEXT, 0 },
		{ NULL, NULL, MAILSEAL_TEXT, 0 }
	};
	struct mailseal_report *report = NULL;
	struct mailseal *mailseal = connect_or_complain(status);
	enum mailseal_status result;
	char why[512];

	if (mailseal == NULL)
		return NULL;
	result = mailseal_server(mailseal, request->host, request->port,
				 options, &report, why, sizeof(why));
	mailseal_close(mailseal);
	if (result == MAILSEAL_OK)
		return report;
	complain("%s: %s", request->host, why);
	*status = result == MAILSEAL_TIMED_OUT ? EX_TEMPFAIL : EX_UNAVAILABLE;
	return NULL;
}

static int look_once(const struct dane_request *request)
{
	struct mailseal_report *report;
	int status;

	report = dane_ask(request, &status);
	if (report == NULL)
		return status;
	if (request->json) {
		mailseal_report_json(report, NULL, stdout);
		(void)fputc('\n', stdout);
	} else {
		dane_print(report);
	}
	status = dane_status(report);
	mailseal_report_free(report);
	return status;
}

/* Options that take the next word. */
static bool option_word(int argc, char **argv, int *at,
			struct dane_request *into)
{
	const char *option = argv[*at], *word;

	if (*at + 1 >= argc)
		return false;
	word = argv[*at + 1];
	if (strcmp(option, "--starttls") == 0)
		into->starttls = word;
	else if (strcmp(option, "--tlsa") == 0)
		into->certificate = word;
	else if (strcmp(option, "--every") != 0 ||
		 !number_read(word, 1000000, &into->every))
		return false;
	(*at)++;
	return true;
}

static bool option_read(int argc, char **argv, int *at,
			struct dane_request *into)
{
	const char *option = argv[*at];

	if (strcmp(option, "--json") == 0)
		into->json = true;
	else if (strcmp(option, "--watch") == 0)
		into->watch = true;
	else if (strcmp(option, "--require") == 0)
		into->need = "require";
	else if (strcmp(option, "--mx") == 0)
		into->what = "mx";
	else if (strcmp(option, "--srv") == 0)
		into->what = "srv";
	else
		return option_word(argc, argv, at, into);
	return true;
}

int dane_command(int argc, char **argv)
{
	struct dane_request request;
	int at;

	memset(&request, 0, sizeof(request));
	request.every = DANE_EVERY;
	for (at = 0; at < argc && argv[at][0] == '-' && argv[at][1] != 0;
	     at++) {
		if (strcmp(argv[at], "--") == 0) {
			at++;
			break;
		}
		if (!option_read(argc, argv, &at, &request)) {
			complain("unknown or incomplete option \"%s\"; "
				 "mailseal --help lists the options.",
				 argv[at]);
			return EX_USAGE;
		}
	}
	if (argc - at > 1 || (argc == at && request.certificate == NULL)) {
		complain("dane takes one HOST[:PORT]; mailseal --help shows "
			 "how.");
		return EX_USAGE;
	}
	if (at < argc && !dane_host_read(argv[at], &request)) {
		complain("\"%s\" is no HOST or HOST:PORT.", argv[at]);
		return EX_USAGE;
	}
	if (request.certificate != NULL)
		return dane_tlsa(&request);
	return request.watch ? dane_watch(&request) : look_once(&request);
}
