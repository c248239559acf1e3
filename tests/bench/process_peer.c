/* process_peer.c - two pipes and a folder */
#include "tests/bench/process_peer.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/bench.h"

#define COMMAND_MAX 2048

struct process_peer {
	char folder[64];
	FILE *to, *from;
	pid_t pid;
};

static FILE *file_in(const struct process_peer *peer, const char *name)
{
	char path[128];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%s", peer->folder, name);
	file = fopen(path, "w");
	bench_must(file != NULL, "no file for a peer");
	return file;
}

static void put_letters(const struct process_peer *peer,
			const struct letters *letters, const char *key_record)
{
	FILE *file = file_in(peer, "records");
	unsigned char head[4];
	size_t i, len;

	(void)fprintf(file, LETTER_SELECTOR "._domainkey." LETTER_DOMAIN
		      " %s\n" LETTER_DOMAIN " v=spf1 ip4:192.0.2.0/24 -all\n"
		      "_dmarc." LETTER_DOMAIN " v=DMARC1; p=reject; "
		      "rua=mailto:d@example.org\n", key_record);
	(void)fclose(file);
	file = file_in(peer, "letters");
	for (i = 0; i < letters->count; i++) {
		len = letters->list[i].len;
		head[0] = (unsigned char)(len >> 24);
		head[1] = (unsigned char)(len >> 16);
		head[2] = (unsigned char)(len >> 8);
		head[3] = (unsigned char)len;
		(void)fwrite(head, 1, sizeof(head), file);
		(void)fwrite(letters->list[i].data, 1, len, file);
	}
	bench_must(fclose(file) == 0, "no room for a peer's letters");
}

static void child_run(const int to[2], const int from[2], const char *command)
{
	if (dup2(to[0], STDIN_FILENO) < 0 || dup2(from[1], STDOUT_FILENO) < 0)
		_exit(127);
	(void)execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

static void start(struct process_peer *peer, const char *command)
{
	int to[2], from[2];

	/* No peer holds what another one waits at. */
	bench_must(pipe2(to, O_CLOEXEC) == 0 && pipe2(from, O_CLOEXEC) == 0,
		   "no pipe");
	peer->pid = fork();
	bench_must(peer->pid >= 0, "no process");
	if (peer->pid == 0)
		child_run(to, from, command);
	(void)close(to[0]);
	(void)close(from[1]);
	peer->to = fdopen(to[1], "w");
	peer->from = fdopen(from[0], "r");
	bench_must(peer->to != NULL && peer->from != NULL, "no pipe");
}

struct process_peer *process_peer_new(const char *probe, const char *run,
				      const char *what,
				      const struct letters *letters,
				      const char *key_record)
{
	struct process_peer *peer;
	char command[COMMAND_MAX];

	if (system(probe) != 0)
		return NULL;
	peer = calloc(1, sizeof(*peer));
	bench_must(peer != NULL, "no memory");
	(void)snprintf(peer->folder, sizeof(peer->folder),
		       "/tmp/mailseal-bench-peer.XXXXXX");
	bench_must(mkdtemp(peer->folder) != NULL, "no folder for a peer");
	put_letters(peer, letters, key_record);
	(void)snprintf(command, sizeof(command), "exec %s %s '%s/records' "
		       "'%s/letters'", run, what, peer->folder, peer->folder);
	start(peer, command);
	return peer;
}

double process_peer_many(void *ctx, size_t count)
{
	struct process_peer *peer = ctx;
	char line[256];

	(void)fprintf(peer->to, "%zu\n", count);
	bench_must(fflush(peer->to) == 0 &&
		   fgets(line, sizeof(line), peer->from) != NULL,
		   "a peer is gone");
	line[strcspn(line, "\n")] = 0;
	bench_must(strncmp(line, "failed", 6) != 0, line);
	return strtod(line, NULL);
}

void process_peer_free(struct process_peer *peer)
{
	char command[COMMAND_MAX];

	if (peer == NULL)
		return;
	(void)fclose(peer->to);
	(void)fclose(peer->from);
	(void)waitpid(peer->pid, NULL, 0);
	(void)snprintf(command, sizeof(command), "rm -r '%s'", peer->folder);
	bench_must(system(command) == 0, "a peer's folder stays");
	free(peer);
}
