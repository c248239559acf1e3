/* server.c - what was asked, and the journey of one host */
#include "agent/flow/server.h"

#include <arpa/inet.h>
#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/base/value.h"
#include "agent/dane/link.h"
#include "agent/flow/server_part.h"
#include "agent/flow/server_report.h"
#include "agent/mail/domain.h"

#define HOST_TEXT_MAX	1024	/* bytes of what a person wrote */

const char *const server_option_names[] = {
	"starttls", "need", "what", NULL
};

static const struct start {
	const char *word;
	enum dane_start start;
	uint16_t port;		/* where it is usual */
	uint16_t more;
} starts[] = {
	{ "none", DANE_TLS, 465, 0 },
	{ "smtp", DANE_STARTTLS_SMTP, 587, 25 },
	{ "imap", DANE_STARTTLS_IMAP, 143, 0 },
	{ "pop3", DANE_STARTTLS_POP3, 110, 0 },
};
#define STARTS (sizeof(starts) / sizeof(starts[0]))

/* NULL: there is no such word. */
static const struct start *start_of(const struct server_options *options)
{
	size_t i;

	if (options->starttls == NULL) {
		for (i = 0; i < STARTS; i++)
			if (options->port != 0 &&
			    (starts[i].port == options->port ||
			     starts[i].more == options->port))
				return &starts[i];
		return &starts[0];
	}
	for (i = 0; i < STARTS; i++)
		if (strcmp(starts[i].word, options->starttls) == 0)
			return &starts[i];
	return NULL;
}

static bool is_word(const char *text, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcmp(text, *words) == 0)
			return true;
	return false;
}

static bool is_address(const char *text)
{
	unsigned char room[16];

	return inet_pton(AF_INET, text, room) == 1 ||
	       inet_pton(AF_INET6, text, room) == 1;
}

const char *server_host_normal(struct arena *arena, const char *text)
{
	struct bytes host = bytes_trim(bytes_of(text));
	char *plain;

	if (host.len > 1 && host.data[0] == '[' &&
	    host.data[host.len - 1] == ']')
		host = bytes_slice(host, 1, host.len - 1);
	else if (host.len > 1 && host.data[host.len - 1] == '.')
		host.len--;
	plain = arena_text(arena, host);
	if (plain != NULL && is_address(plain))
		return plain;
	return domain_normal(arena, host);
}

const char *server_options_problem(const struct server_options *options)
{
	static const char *const needs[] = { "require-if-published",
					     "require", NULL };
	static const char *const whats[] = { "host", "mx", "srv", NULL };
	struct arena *arena;
	const char *host;

	if (start_of(options) == NULL)
		return "The option starttls takes none, smtp, imap or pop3.";
	if (options->need != NULL && !is_word(options->need, needs))
		return "The option need takes require-if-published or "
		       "require.";
	if (options->what != NULL && !is_word(options->what, whats))
		return "The option what takes host, mx or srv.";
	if (strlen(options->host) > HOST_TEXT_MAX)
		return "The host's name is longer than any name.";
	arena = arena_new(16 * HOST_TEXT_MAX);
	if (arena == NULL)
		return "There is no memory.";
	host = server_host_normal(arena, options->host);
	if (host != NULL && is_address(host) && options->what != NULL &&
	    strcmp(options->what, "host") != 0)
		host = NULL;
	arena_free(arena);
	return host == NULL ? "That is no host name and no address." : NULL;
}

void server_question(struct dane_question *question,
			  const struct server_options *options,
			  const struct server_world *world)
{
	const struct start *start = start_of(options);

	memset(question, 0, sizeof(*question));
	question->start = start->start;
	question->port = options->port != 0 ? options->port : start->port;
	if (options->need != NULL && strcmp(options->need, "require") == 0)
		question->need = DANE_NEEDED;
	question->detail = DANE_EXPLAIN;
	question->deadline = world->deadline;
	question->cancel_fd = world->cancel_fd;
}

const char *server_start_word(enum dane_start start)
{
	size_t i = 0;

	while (i + 1 < STARTS && starts[i].start != start)
		i++;
	return starts[i].word;
}

static int check_host(struct arena *arena,
		      const struct server_options *options,
		      const struct server_world *world,
		      struct dns_request *request, struct value *into)
{
	struct dane_question question;
	struct dane_report *report;
	struct dane_link *link = NULL;

	server_question(&question, options, world);
	question.host = server_host_normal(arena, options->host);
	if (question.host == NULL)
		return ERR_MEMORY;
	report = dane_server_open(arena, request, world->trust, &question,
				  &link);
	dane_link_free(link);
	if (report == NULL)
		return ERR_MEMORY;
	value_put_text(arena, into, "what", "host");
	value_put_text(arena, into, "starttls",
		       server_start_word(question.start));
	server_report_full(arena, into, report, world->now);
	return 0;
}

int server_check(struct arena *arena, const struct server_options *options,
		 const struct server_world *world,
		 struct dns_request *request, struct value **report)
{
	const char *what = options->what == NULL ? "host" : options->what;
	int r;

	*report = value_dict(arena);
	if (*report == NULL)
		return ERR_MEMORY;
	if (strcmp(what, "mx") == 0)
		r = server_check_mx(arena, options, request, *report);
	else if (strcmp(what, "srv") == 0)
		r = server_check_srv(arena, options, world, request, *report);
	else
		r = check_host(arena, options, world, request, *report);
	return r;
}
