/* lab_server.c - the lab for a test: a port nobody has, a folder of its own */
#include "tests/lab/lab_server.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TRIES		5
#define COMMAND_MAX	2048

/* Free for UDP and TCP a moment ago; 0: none. */
static unsigned port_free(void)
{
	struct sockaddr_in address;
	socklen_t len = sizeof(address);
	int tcp = socket(AF_INET, SOCK_STREAM, 0);
	int udp = socket(AF_INET, SOCK_DGRAM, 0);
	unsigned port = 0;

	memset(&address, 0, sizeof(address));
	address.sin_family = AF_INET;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (udp >= 0 && tcp >= 0 &&
	    bind(udp, (struct sockaddr *)&address, sizeof(address)) == 0 &&
	    getsockname(udp, (struct sockaddr *)&address, &len) == 0 &&
	    bind(tcp, (struct sockaddr *)&address, sizeof(address)) == 0)
		port = ntohs(address.sin_port);
	if (udp >= 0)
		(void)close(udp);
	if (tcp >= 0)
		(void)close(tcp);
	return port;
}

static bool anchors_read(struct lab *lab)
{
	char path[300];
	size_t len;
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/root.key", lab->dir);
	file = fopen(path, "r");
	if (file == NULL)
		return false;
	len = fread(lab->anchors, 1, sizeof(lab->anchors) - 1, file);
	lab->anchors[len] = 0;
	(void)fclose(file);
	return len > 0;
}

bool lab_start(struct lab *lab, const char *specs)
{
	const char *room = getenv("TMPDIR");
	char command[COMMAND_MAX];
	unsigned i;

	memset(lab, 0, sizeof(*lab));
	(void)snprintf(lab->dir, sizeof(lab->dir), "%.200s/mailseal-lab.XXXXXX",
		       room == NULL ? "/tmp" : room);
	if (mkdtemp(lab->dir) == NULL)
		return false;
	for (i = 0; i < TRIES; i++) {
		lab->port = port_free();
		(void)snprintf(command, sizeof(command),
			       "\"%s/lab_zones.sh\" start \"%s\" %u %s",
			       MAILSEAL_LAB_DIR, lab->dir, lab->port,
			       specs == NULL ? "" : specs);
		if (lab->port != 0 && system(command) == 0)
			return anchors_read(lab);
	}
	(void)fprintf(stderr, "lab: lab_zones.sh does not start\n");
	return false;
}

void lab_stop(struct lab *lab)
{
	char command[COMMAND_MAX];

	if (lab->dir[0] == 0)
		return;
	(void)snprintf(command, sizeof(command), "\"%s/lab_zones.sh\" stop "
		       "\"%s\"; rm -rf \"%s\"", MAILSEAL_LAB_DIR, lab->dir,
		       lab->dir);
	if (system(command) != 0)
		(void)fprintf(stderr, "lab: it does not stop\n");
}
