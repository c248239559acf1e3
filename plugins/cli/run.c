/* run.c - another program's output, within limits */
#include "plugins/cli/run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define OUTPUT_MAX	(1024 * 1024)	/* bytes of each stream */
#define STREAMS		2

struct stream {
	int fd;			/* -1: at its end */
	char *text;
	size_t len, room;
};

static int64_t now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* False: no memory, or too much. */
static bool stream_read(struct stream *stream)
{
	size_t room;
	ssize_t got;
	char *more;

	if (stream->room - stream->len < 4096) {
		room = stream->room * 2 + 8192;
		if (room > 2 * OUTPUT_MAX ||
		    (more = realloc(stream->text, room)) == NULL)
			return false;
		stream->text = more;
		stream->room = room;
	}
	got = read(stream->fd, stream->text + stream->len,
		   stream->room - stream->len - 1);
	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return true;
	if (got <= 0) {
		(void)close(stream->fd);
		stream->fd = -1;
		got = 0;
	}
	stream->len += (size_t)got;
	stream->text[stream->len] = 0;
	return stream->len <= OUTPUT_MAX;
}

static enum run_result streams_read(struct stream *streams, int ms)
{
	int64_t end = now_ms() + ms, left;
	struct pollfd polled[STREAMS];
	int i, ready;

	while (streams[0].fd >= 0 || streams[1].fd >= 0) {
		left = end - now_ms();
		if (left <= 0)
			return RUN_LATE;
		for (i = 0; i < STREAMS; i++)
			polled[i] = (struct pollfd){ streams[i].fd, POLLIN, 0 };
		ready = poll(polled, STREAMS, (int)left);
		if (ready < 0 && errno != EINTR)
			return RUN_FAILED;
		for (i = 0; ready > 0 && i < STREAMS; i++)
			if (polled[i].revents != 0 &&
			    !stream_read(&streams[i]))
				return RUN_FAILED;
	}
	return RUN_DONE;
}

/* In the child: a session of its own, so that it has no terminal and ends
 * with all that it started. */
static void __attribute__((noreturn)) child(const char *const *argv,
					     int out, int err)
{
	char *args[RUN_ARGUMENTS_MAX + 1] = { NULL };
	size_t count = 0;
	int null = open("/dev/null", O_RDONLY);

	while (argv[count] != NULL && count < RUN_ARGUMENTS_MAX)
		count++;
	(void)memcpy(args, argv, count * sizeof(args[0]));
	(void)setsid();
	if (null >= 0 && dup2(null, STDIN_FILENO) >= 0 &&
	    dup2(out, STDOUT_FILENO) >= 0 && dup2(err, STDERR_FILENO) >= 0)
		(void)execvp(args[0], args);
	_exit(127);
}

enum run_result run_program(const char *const *argv, int ms,
			    struct run_output *output)
{
	struct stream streams[STREAMS] = { { -1, NULL, 0, 0 },
					   { -1, NULL, 0, 0 } };
	enum run_result result = RUN_FAILED;
	int out[2] = { -1, -1 }, err[2] = { -1, -1 };
	pid_t pid = -1;

	*output = (struct run_output){ NULL, NULL, 0 };
	if (!run_is_there(argv[0], strlen(argv[0])))
		return RUN_MISSING;
	if (pipe2(out, O_CLOEXEC) == 0 && pipe2(err, O_CLOEXEC) == 0)
		pid = fork();
	if (pid == 0)
		child(argv, out[1], err[1]);
	if (out[1] >= 0)
		(void)close(out[1]);
	if (err[1] >= 0)
		(void)close(err[1]);
	streams[0].fd = out[0];
	streams[1].fd = err[0];
	if (pid > 0) {
		result = streams_read(streams, ms);
		if (result != RUN_DONE)
			(void)kill(-pid, SIGKILL);
		while (waitpid(pid, &output->status, 0) < 0 && errno == EINTR)
			;
	}
	if (streams[0].fd >= 0)
		(void)close(streams[0].fd);
	if (streams[1].fd >= 0)
		(void)close(streams[1].fd);
	output->out = streams[0].text;
	output->err = streams[1].text;
	if (result == RUN_DONE && (output->out == NULL || output->err == NULL))
		result = RUN_FAILED;
	return result;
}

void run_output_free(struct run_output *output)
{
	free(output->out);
	free(output->err);
	output->out = NULL;
	output->err = NULL;
}

static bool can_start(const char *folder, size_t folder_len, const char *name,
		      size_t len)
{
	char path[4096];
	int size;

	size = snprintf(path, sizeof(path), "%.*s%s%.*s", (int)folder_len,
			folder, folder_len > 0 ? "/" : "", (int)len, name);
	return size > 0 && (size_t)size < sizeof(path) &&
	       access(path, X_OK) == 0;
}

bool run_is_there(const char *name, size_t len)
{
	return run_is_in(getenv("PATH"), name, len);
}

bool run_is_in(const char *folders, const char *name, size_t len)
{
	const char *at = folders, *end;

	if (len == 0 || len > 1024)
		return false;
	if (memchr(name, '/', len) != NULL)
		return can_start("", 0, name, len);
	for (; at != NULL && *at != 0; at = *end == 0 ? end : end + 1) {
		end = at + strcspn(at, ":");
		if (end - at > 2048)
			continue;
		if (can_start(end == at ? "." : at,
			      end == at ? 1 : (size_t)(end - at), name, len))
			return true;
	}
	return false;
}
