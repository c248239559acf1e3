/* fresh.c - the file by which a running Mutt knows that nothing changed */
#include "plugins/mutt/fresh.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "proto/mailseal.h"

#define AGENTS		"fresh"
#define ASK		"source \"exec mailseal mutt-rules|\"\n"
#define SILENT		"setenv MAILSEAL_SILENT 1\n"

bool fresh_is_name(const char *name)
{
	return name != NULL && strlen(name) == FRESH_NAME &&
	       strspn(name, "0123456789abcdef") == FRESH_NAME;
}

/* `tail` AGENTS: the agent's. */
bool fresh_file(const char *name, const char *tail, char out[FRESH_PATH])
{
	char folder[FRESH_PATH / 2];

	if (!fresh_is_name(name) ||
	    !mailseal_runtime_folder(FRESH_FOLDER, folder, sizeof(folder)))
		return false;
	if (strcmp(tail, AGENTS) == 0)
		(void)snprintf(out, FRESH_PATH, "%s/" AGENTS, folder);
	else
		(void)snprintf(out, FRESH_PATH, "%s/mutt-%s.%s", folder, name,
			       tail);
	return true;
}

bool fresh_path(const char *name, char out[FRESH_PATH])
{
	return fresh_file(name, "rc", out) &&
	       out[strcspn(out, " \t\n\"'`$\\;#|")] == 0;
}

bool fresh_take(const char *name)
{
	char agents[FRESH_PATH], taken[FRESH_PATH];

	if (!fresh_file(name, "taken", taken) ||
	    !fresh_file(name, AGENTS, agents))
		return false;
	(void)unlink(taken);
	return link(agents, taken) == 0;
}

void fresh_put(const char *name)
{
	char path[FRESH_PATH], taken[FRESH_PATH];

	if (!fresh_file(name, "rc", path) || !fresh_file(name, "taken", taken))
		return;
	(void)rename(taken, path);
	/* Two names of one file are left both. */
	(void)unlink(taken);
}

void fresh_spoil(const char *name, enum fresh_agent agent)
{
	const char *text = agent == FRESH_SILENT ? SILENT ASK : ASK;
	char path[FRESH_PATH], taken[FRESH_PATH];
	bool fine;
	int fd;

	if (!fresh_file(name, "rc", path) || !fresh_file(name, "taken", taken))
		return;
	(void)unlink(taken);
	fd = open(taken, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	fine = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	if (close(fd) == 0 && fine)
		(void)rename(taken, path);
	(void)unlink(taken);
}

void fresh_mend(const char *name)
{
	char path[FRESH_PATH];

	if (fresh_file(name, "rc", path) && access(path, R_OK) < 0)
		fresh_spoil(name, FRESH_ANSWERS);
}
