/* dane_tlsa_run.c - mailseal dane --tlsa: hands over to mailseal-tlsa */
#include "plugins/cli/dane.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "plugins/cli/cli.h"

#define PROGRAM	"mailseal-tlsa"

/* Beside this program in a build; else where it is installed. */
static void program_find(char *path, size_t size)
{
	char self[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	self[len < 0 ? 0 : len] = 0;
	slash = strrchr(self, '/');
	if (slash != NULL) {
		(void)snprintf(path, size, "%.*s/" PROGRAM,
			       (int)(slash - self), self);
		if (access(path, X_OK) == 0)
			return;
	}
	(void)snprintf(path, size, "%s/" PROGRAM, MAILSEAL_LIBEXEC);
}

int dane_tlsa(const struct dane_request *request)
{
	char path[PATH_MAX + sizeof(PROGRAM) + 1], port[8];

	program_find(path, sizeof(path));
	(void)snprintf(port, sizeof(port), "%u", request->port);
	(void)execl(path, PROGRAM, request->certificate, request->host, port,
		    NULL);
	complain("%s: %s; install mailseal anew.", path, strerror(errno));
	return EX_UNAVAILABLE;
}
