/* agent_socket.c - where gpg-agent listens */
#include "agent/pgp/agent_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/base/err.h"
#include "agent/pgp/engine.h"

#define PATH_ROOM 4096

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

int agent_socket_read(const char *line, char *out, size_t out_size)
{
	size_t at = 0;
	int high, low;

	for (; *line != 0 && *line != '\n'; line++) {
		if (at + 1 >= out_size)
			return ERR_SYNTAX;
		out[at] = *line;
		if (*line == '%') {
			high = hex_value(line[1]);
			low = high < 0 ? -1 : hex_value(line[2]);
			if (low < 0 || (high == 0 && low == 0))
				return ERR_SYNTAX;
			out[at] = (char)(high * 16 + low);
			line += 2;
		}
		at++;
	}
	if (at == 0 || out[0] != '/')
		return ERR_SYNTAX;
	out[at] = 0;
	return 0;
}

/* gpgconf, with what it prints on `out`. */
static void conf_exec(const struct pgp_engine *engine, int out)
{
	char program[PATH_ROOM];
	const char *slash = strrchr(engine->program, '/');
	char *const argv[] = { (char *)(uintptr_t)"gpgconf",
			       (char *)(uintptr_t)"--homedir",
			       (char *)(uintptr_t)engine->home,
			       (char *)(uintptr_t)"--list-dirs",
			       (char *)(uintptr_t)"agent-socket", NULL };
	int len, quiet = open("/dev/null", O_RDWR);

	len = snprintf(program, sizeof(program), "%.*s/gpgconf",
		       slash == NULL ? 0 : (int)(slash - engine->program),
		       engine->program);
	if (len < 0 || (size_t)len >= sizeof(program) ||
	    dup2(quiet, 0) < 0 || dup2(out, 1) < 0 || dup2(quiet, 2) < 0)
		_exit(127);
	(void)close_range(3, ~0U, 0);
	(void)execv(program, argv);
	_exit(127);
}

int agent_socket_find(const struct pgp_engine *engine, char *out,
		      size_t out_size)
{
	char line[PATH_ROOM] = "";
	int ends[2], status = -1;
	FILE *from;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return ERR_IO;
	pid = fork();
	if (pid == 0)
		conf_exec(engine, ends[1]);
	(void)close(ends[1]);
	from = pid < 0 ? NULL : fdopen(ends[0], "r");
	if (from == NULL)
		(void)close(ends[0]);
	else if (fgets(line, sizeof(line), from) == NULL)
		line[0] = 0;
	if (from != NULL)
		(void)fclose(from);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (pid < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return ERR_IO;
	return agent_socket_read(line, out, out_size);
}
