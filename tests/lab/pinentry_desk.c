/* pinentry_desk.c - a pinentry in a thread */
#include "tests/lab/pinentry_desk.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct pinentry_desk {
	pthread_t thread;
	FILE *from;
	int fd;
	char *words, *next;
	int questions;
};

static void say(struct pinentry_desk *desk, const char *text)
{
	(void)send(desk->fd, text, strlen(text), MSG_NOSIGNAL);
}

static void pin_say(struct pinentry_desk *desk, const char *word)
{
	char line[1024] = "D ";
	size_t len = 2;

	for (; *word != '\0' && len < sizeof(line) - 8; word++)
		len += (size_t)snprintf(line + len, sizeof(line) - len,
					*word == '%' ? "%%25" : "%c", *word);
	(void)snprintf(line + len, sizeof(line) - len, "\n");
	say(desk, line);
}

/* False: that was its last word. */
static int question(struct pinentry_desk *desk)
{
	char *word = desk->next, *bar = strchr(word, '|');

	desk->questions++;
	if (bar != NULL) {
		*bar = '\0';
		desk->next = bar + 1;
	}
	if (strcmp(word, "!cancel") == 0)
		say(desk, "ERR 83886179 Operation cancelled <Pinentry>\n");
	else if (strcmp(word, "!timeout") == 0)
		say(desk, "ERR 83886142 Timeout <Pinentry>\n");
	else if (strcmp(word, "!die") == 0)
		return 0;
	else if (strcmp(word, "!wait") != 0) {
		if (*word != '\0')
			pin_say(desk, word);
		say(desk, "OK\n");
	}
	return 1;
}

static void *play(void *ctx)
{
	struct pinentry_desk *desk = ctx;
	char line[1100];
	int more = 1;

	say(desk, "OK Pleased to meet you\n");
	while (more && fgets(line, sizeof(line), desk->from) != NULL) {
		if (strncmp(line, "GETPIN", 6) == 0 ||
		    strncmp(line, "CONFIRM", 7) == 0)
			more = question(desk);
		else
			say(desk, "OK\n");
	}
	(void)shutdown(desk->fd, SHUT_RDWR);
	return NULL;
}

struct pinentry_desk *pinentry_desk_new(const char *words, int *fd)
{
	struct pinentry_desk *desk = calloc(1, sizeof(*desk));
	int ends[2];

	if (desk == NULL ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		abort();
	desk->fd = ends[1];
	desk->from = fdopen(ends[1], "r");
	desk->words = desk->next = strdup(words);
	*fd = ends[0];
	if (pthread_create(&desk->thread, NULL, play, desk) != 0)
		abort();
	return desk;
}

int pinentry_desk_free(struct pinentry_desk *desk)
{
	int questions;

	(void)pthread_join(desk->thread, NULL);
	questions = desk->questions;
	(void)fclose(desk->from);
	free(desk->words);
	free(desk);
	return questions;
}
