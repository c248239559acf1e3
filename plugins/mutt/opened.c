/* opened.c - that something was decrypted, told from one command to the next */
#include "plugins/mutt/opened.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "plugins/mutt/fresh.h"
#include "plugins/mutt/head.h"
#include "proto/mailseal.h"

#define TAIL		"opened"	/* of the file's name */
#define MARK		"mailseal: opened by "
#define IDS_MAX		16		/* Message-IDs of one page */
#define ASK_MS		2000		/* a person waits for the page */

static const char *const words[] = {
	[OPENED_FIRST] = " first\n", [OPENED_AGAIN] = " again\n"
};

enum opened_note opened_put(const char *name)
{
	char path[FRESH_PATH];
	int fd;

	if (!fresh_is_name(name))
		return OPENED_NONE;
	if (!fresh_file(name, TAIL, path))
		return OPENED_FAILED;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return errno == EEXIST ? OPENED_AGAIN : OPENED_FAILED;
	(void)close(fd);
	return OPENED_FIRST;
}

bool opened_is_noted(const char *name)
{
	char path[FRESH_PATH];

	return fresh_file(name, TAIL, path) && access(path, F_OK) == 0;
}

void opened_forget(const char *name)
{
	char path[FRESH_PATH];

	if (fresh_file(name, TAIL, path))
		(void)unlink(path);
}

void opened_line_put(const char *name, enum opened_note note, FILE *to)
{
	if (note == OPENED_FIRST || note == OPENED_AGAIN)
		(void)fprintf(to, MARK "%s%s", name, words[note]);
}

enum opened_note opened_line(const char *name, const char *line, size_t len)
{
	const size_t mark = sizeof(MARK) - 1;
	enum opened_note note;

	if (!fresh_is_name(name) || len <= mark + FRESH_NAME ||
	    memcmp(line, MARK, mark) != 0 ||
	    memcmp(line + mark, name, FRESH_NAME) != 0)
		return OPENED_NONE;
	line += mark + FRESH_NAME;
	len -= mark + FRESH_NAME;
	for (note = OPENED_FIRST; note <= OPENED_AGAIN; note++)
		if (len == strlen(words[note]) &&
		    memcmp(line, words[note], len) == 0)
			return note;
	return OPENED_NONE;
}

/* All "<...>" of one value, each at most once told.  False: one could not
 * be. */
static bool value_tell(struct mailseal *mailseal, char *value, unsigned *told)
{
	char why[256], *end;

	while ((value = strchr(value, '<')) != NULL &&
	       (end = strchr(value, '>')) != NULL) {
		if (++*told > IDS_MAX)
			return false;
		*end = 0;
		if (mailseal_entity_opened(mailseal, value + 1, why,
					   sizeof(why)) != MAILSEAL_OK)
			return false;
		value = end + 1;
	}
	return value == NULL;
}

bool opened_tell(const char *head, size_t len)
{
	char value[HEAD_VALUE_MAX], why[256];
	enum mailseal_status status;
	struct mailseal *mailseal = mailseal_open(&status, why, sizeof(why));
	bool fine = mailseal != NULL;
	unsigned told = 0;
	size_t at = 0;

	if (fine)
		mailseal_hurry(mailseal, ASK_MS);
	while (fine && head_next(head, len, &at, "Message-ID", value))
		fine = value_tell(mailseal, value, &told);
	mailseal_close(mailseal);
	return fine && told > 0;
}
