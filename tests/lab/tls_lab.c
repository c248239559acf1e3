/* tls_lab.c - mail servers with switchable faults, as a program for scripts
 *
 *   tls_lab DIR NAME=SPEECH:FAULT:LEAF...
 *
 * SPEECH: tls, smtp, imap, pop3; FAULT and LEAF as in tls_server.h and
 * tls_world.h.  Writes DIR/root.pem (the CA store), DIR/KIND.pem, DIR/tlsa
 * ("KIND SELECTOR MATCHING HEX" lines) and DIR/ports ("NAME PORT" lines), then
 * says "ready" and obeys lines on standard input, answering each:
 *
 *   switch NAME SPEECH:FAULT:LEAF	"ok"
 *   heard NAME				two lines: in the clear, under TLS
 *
 * and ends at "quit" or at its end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lab/tls_server.h"

#define SERVERS_MAX 32

struct named {
	char name[64];
	struct tls_server *server;
};

static struct named servers[SERVERS_MAX];
static unsigned server_count;

static void fault(const char *what, const char *which)
{
	(void)fprintf(stderr, "tls_lab: %s: %s\n", what, which);
	exit(1);
}

static void plan_read(const char *text, struct tls_plan *plan)
{
	static const char *const speeches[] = { "tls", "smtp", "imap",
						"pop3" };
	char speech[16], trouble[32], leaf[32];
	int i = 0;

	if (sscanf(text, "%15[^:]:%31[^:]:%31s", speech, trouble, leaf) != 3)
		fault("no plan", text);
	while (i < 4 && strcmp(speeches[i], speech) != 0)
		i++;
	if (i == 4 || tls_fault_of(trouble) == TLS_FAULTS ||
	    tls_kind_of(leaf) == TLS_KINDS)
		fault("no plan", text);
	tls_plan_usual(plan, tls_kind_of(leaf));
	plan->speech = (enum tls_speech)i;
	plan->fault = tls_fault_of(trouble);
}

static FILE *file_new(const char *dir, const char *name, const char *end)
{
	char path[4096];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%s%s", dir, name, end);
	file = fopen(path, "w");
	if (file == NULL)
		fault("cannot write", path);
	return file;
}

static void world_write(const struct tls_world *world, const char *dir)
{
	FILE *tlsa = file_new(dir, "tlsa", ""), *file;
	unsigned selector, matching;
	unsigned char rdata[4096];
	size_t len, i;
	int kind;
	char *pem;

	for (kind = 0; kind < TLS_KINDS; kind++) {
		file = file_new(dir, tls_kind_name[kind], ".pem");
		pem = tls_pem(world, (enum tls_kind)kind);
		(void)fputs(pem, file);
		OPENSSL_free(pem);
		(void)fclose(file);
		for (selector = 0; selector < 2; selector++)
			for (matching = 0; matching < 3; matching++) {
				len = tls_rdata(world, (enum tls_kind)kind, 3,
						selector, matching, rdata);
				(void)fprintf(tlsa, "%s %u %u ",
					      tls_kind_name[kind], selector,
					      matching);
				for (i = 3; i < len; i++)
					(void)fprintf(tlsa, "%02x", rdata[i]);
				(void)fputc('\n', tlsa);
			}
	}
	(void)fclose(tlsa);
}

static void servers_start(const struct tls_world *world, const char *dir,
			  char **specs, int count)
{
	FILE *ports = file_new(dir, "ports", "");
	struct tls_plan plan;
	struct named *named;
	char *equals;
	int i;

	if (count > SERVERS_MAX)
		fault("too many servers", dir);
	for (i = 0; i < count; i++) {
		equals = strchr(specs[i], '=');
		if (equals == NULL || equals - specs[i] > 60)
			fault("no server", specs[i]);
		*equals = 0;
		named = &servers[server_count++];
		(void)snprintf(named->name, sizeof(named->name), "%s",
			       specs[i]);
		plan_read(equals + 1, &plan);
		named->server = tls_server_start(world, &plan);
		(void)fprintf(ports, "%s %u\n", named->name,
			      tls_server_port(named->server));
	}
	(void)fclose(ports);
}

static struct tls_server *server_of(const char *name)
{
	unsigned i;

	for (i = 0; i < server_count; i++)
		if (strcmp(servers[i].name, name) == 0)
			return servers[i].server;
	fault("no such server", name);
	return NULL;
}

/* One line, line ends as blanks. */
static void line_print(char *text)
{
	for (; *text != 0; text++)
		(void)putchar(*text < 32 ? ' ' : *text);
	(void)putchar('\n');
}

static void obey(char *line)
{
	static char plain[TLS_HEARD_MAX], secret[TLS_HEARD_MAX];
	char name[64], text[128];
	struct tls_plan plan;

	if (sscanf(line, "switch %63s %127s", name, text) == 2) {
		plan_read(text, &plan);
		tls_server_switch(server_of(name), &plan);
		(void)puts("ok");
	} else if (sscanf(line, "heard %63s", name) == 1) {
		tls_server_heard(server_of(name), plain, secret);
		line_print(plain);
		line_print(secret);
	} else {
		fault("cannot obey", line);
	}
	(void)fflush(stdout);
}

int main(int argc, char **argv)
{
	struct tls_world *world;
	char line[512];
	unsigned i;

	if (argc < 2)
		fault("say", "tls_lab DIR NAME=SPEECH:FAULT:LEAF...");
	world = tls_world_new();
	world_write(world, argv[1]);
	servers_start(world, argv[1], argv + 2, argc - 2);
	(void)puts("ready");
	(void)fflush(stdout);
	while (fgets(line, sizeof(line), stdin) != NULL &&
	       strcmp(line, "quit\n") != 0)
		obey(line);
	for (i = 0; i < server_count; i++)
		tls_server_stop(servers[i].server);
	tls_world_free(world);
	return 0;
}
