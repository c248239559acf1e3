/* explain.c - a judgement as a page that the desktop can open
 *
 * Everything on it is escaped: it shows what strangers wrote. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/base/buf.h"
#include "agent/base/log.h"
#include "agent/base/value.h"
#include "agent/roles/front/incoming/notices.h"

#define PAGES_MAX	16
#define PAGE_MAX	(64 * 1024)
#define OPENER		"xdg-open"

struct pages {
	struct {
		char id[NOTICE_ID_MAX];
		char *text;		/* NULL: none */
	} list[PAGES_MAX];
	size_t next;
};

static void escape(struct buf *to, const char *text)
{
	for (; text != NULL && *text != 0; text++)
		switch (*text) {
		case '&':	buf_text(to, "&amp;"); break;
		case '<':	buf_text(to, "&lt;"); break;
		case '>':	buf_text(to, "&gt;"); break;
		case '"':	buf_text(to, "&quot;"); break;
		case '\'':	buf_text(to, "&#39;"); break;
		default:	buf_byte(to, (unsigned char)*text);
		}
}

static void row(struct buf *to, const char *head, const char *text)
{
	if (text == NULL || text[0] == 0)
		return;
	buf_print(to, "<tr><th>%s</th><td>", head);
	escape(to, text);
	buf_text(to, "</td></tr>\n");
}

static void rows_of(struct buf *to, const struct value *report)
{
	const struct value *from = value_find(report, "from", VALUE_DICT);
	const struct value *dmarc = value_find(report, "dmarc", VALUE_DICT);
	const struct value *spf = value_find(report, "spf", VALUE_DICT);
	const struct value *list = value_find(report, "dkim", VALUE_LIST);
	const struct value *one;

	row(to, "From", value_text(report, "shown_from"));
	if (from != NULL)
		row(to, "Domain", value_text(from, "domain"));
	for (one = list == NULL ? NULL : list->first; one != NULL;
	     one = one->next) {
		row(to, "DKIM", value_text(one, "result"));
		row(to, "&nbsp;&nbsp;signed by", value_text(one, "domain"));
		row(to, "&nbsp;&nbsp;found", value_text(one, "reason"));
	}
	if (spf != NULL)
		row(to, "SPF", value_text(spf, "result"));
	if (dmarc != NULL) {
		row(to, "DMARC", value_text(dmarc, "result"));
		row(to, "&nbsp;&nbsp;policy", value_text(dmarc, "policy"));
	}
}

/* NULL: no memory. */
static char *page_write(const struct value *report)
{
	const struct value *reasons = value_find(report, "reasons",
						 VALUE_LIST);
	const struct value *one;
	char *text = NULL;
	struct buf page;

	buf_init(&page, PAGE_MAX);
	buf_text(&page, "<!DOCTYPE html>\n<html lang=\"en\"><head>"
		 "<meta charset=\"utf-8\">\n<meta "
		 "http-equiv=\"Content-Security-Policy\" content=\""
		 "default-src 'none'; style-src 'unsafe-inline'\">\n"
		 "<meta name=\"color-scheme\" content=\"light dark\">\n"
		 "<title>mailseal</title>\n<style>body{font-family:sans-serif;"
		 "max-width:42em;margin:2em auto;padding:0 1em}th{text-align:"
		 "left;padding-right:1em;vertical-align:top}</style></head>\n"
		 "<body><h1>");
	escape(&page, value_text(report, "verdict"));
	buf_text(&page, "</h1>\n");
	for (one = reasons == NULL ? NULL : reasons->first; one != NULL;
	     one = one->next) {
		buf_text(&page, "<p>");
		escape(&page, value_text(one, "text"));
		buf_text(&page, "</p>\n");
	}
	buf_text(&page, "<table>\n");
	rows_of(&page, report);
	buf_text(&page, "</table>\n<p><code>mailseal check -v FILE</code> "
		 "tells every step.</p></body></html>\n");
	if (!page.full)
		text = strdup(buf_string(&page));
	buf_free(&page);
	return text;
}

void pages_add(struct pages **pages, const char *id,
	       const struct value *report)
{
	size_t at;

	if (*pages == NULL)
		*pages = calloc(1, sizeof(**pages));
	if (*pages == NULL || strlen(id) >= NOTICE_ID_MAX)
		return;
	at = (*pages)->next++ % PAGES_MAX;
	free((*pages)->list[at].text);
	(*pages)->list[at].text = page_write(report);
	(void)snprintf((*pages)->list[at].id, NOTICE_ID_MAX, "%s", id);
}

void pages_free(struct pages *pages)
{
	size_t i;

	for (i = 0; pages != NULL && i < PAGES_MAX; i++)
		free(pages->list[i].text);
	free(pages);
}

/* Twice forked: nobody has to wait for a browser. */
static void opener_run(const char *path)
{
	pid_t pid = fork();
	sigset_t none;

	if (pid == 0) {
		if (fork() != 0)
			_exit(0);
		(void)sigemptyset(&none);
		(void)sigprocmask(SIG_SETMASK, &none, NULL);
		(void)signal(SIGPIPE, SIG_DFL);
		(void)setsid();
		(void)execlp(OPENER, OPENER, path, (char *)NULL);
		_exit(127);
	}
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

static bool file_write(const char *path, const char *text)
{
	size_t len = strlen(text);
	bool fine;
	int fd;

	(void)unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
		  0600);
	if (fd < 0)
		return false;
	fine = write(fd, text, len) == (ssize_t)len;
	return close(fd) == 0 && fine;
}

void pages_show(const struct pages *pages, const char *id)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR"), *text = NULL;
	char path[512];
	size_t i;

	for (i = 0; pages != NULL && i < PAGES_MAX; i++)
		if (pages->list[i].text != NULL &&
		    strcmp(pages->list[i].id, id) == 0)
			text = pages->list[i].text;
	if (text == NULL || runtime == NULL || runtime[0] != '/')
		return;
	(void)snprintf(path, sizeof(path), "%.400s/mailseal", runtime);
	(void)mkdir(path, 0700);
	(void)snprintf(path, sizeof(path), "%.400s/mailseal/explain.html",
		       runtime);
	if (file_write(path, text))
		opener_run(path);
	else
		log_line(LOG_LEVEL_WARNING, "%s: %s; nothing is explained",
			 path, strerror(errno));
}
