/* hostile_files.c - a descriptor of every kind */
#include "tests/bus/hostile_files.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define DESCRIPTORS_MAX	24

static int fds[DESCRIPTORS_MAX];
static size_t fd_count;

static void fd_add(int fd)
{
	if (fd < 0 || fd_count == DESCRIPTORS_MAX) {
		perror("bus_hostile: a descriptor");
		exit(EXIT_FAILURE);
	}
	fds[fd_count++] = fd;
}

/* A message's file that grows and shrinks all the time, some thousand times a
 * second: as fast as can be, it would take a processor of its own. */
static void *breathe(void *ctx)
{
	int fd = *(int *)ctx;

	for (;;) {
		(void)!ftruncate(fd, 100000);
		(void)!ftruncate(fd, 40);
		(void)usleep(100);
	}
	return NULL;
}

int hostile_file(const char *folder, const char *name, const char *text)
{
	char path[512];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (fd >= 0 && write(fd, text, strlen(text)) < 0)
		return -1;
	return fd;
}

size_t hostile_files(const char *folder, const int **out)
{
	static const char mail[] = "From: a@example.org\n\nx\n";
	static int breathing;
	char path[512];
	int ends[2], fd;
	pthread_t thread;

	if (pipe(ends) < 0)
		exit(EXIT_FAILURE);
	fd_add(ends[0]);
	fd_add(ends[1]);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
		exit(EXIT_FAILURE);
	fd_add(ends[0]);
	fd_add(open(folder, O_RDONLY | O_DIRECTORY));
	(void)snprintf(path, sizeof(path), "%s/fifo", folder);
	(void)mkfifo(path, 0600);
	fd_add(open(path, O_RDWR));
	fd_add(open("/dev/zero", O_RDONLY));
	fd_add(open("/dev/null", O_RDONLY));
	fd_add(open("/proc/self/mem", O_RDONLY));
	fd_add(open("/proc/self/maps", O_RDONLY));
	fd_add(eventfd(0, 0));
	fd_add(memfd_create("empty", 0));
	fd = memfd_create("unsealed", MFD_ALLOW_SEALING);
	(void)!write(fd, mail, sizeof(mail) - 1);
	fd_add(fd);
	fd = memfd_create("grow", MFD_ALLOW_SEALING);
	(void)!write(fd, mail, sizeof(mail) - 1);
	(void)fcntl(fd, F_ADD_SEALS, F_SEAL_GROW);	/* it may shrink */
	fd_add(fd);
	fd_add(hostile_file(folder, "small", mail));
	fd = hostile_file(folder, "sparse", mail);
	(void)!ftruncate(fd, 1LL << 27);
	fd_add(fd);
	breathing = hostile_file(folder, "breathing", mail);
	fd_add(breathing);
	if (pthread_create(&thread, NULL, breathe, &breathing) != 0)
		exit(EXIT_FAILURE);
	close(hostile_file(folder, "write-only", mail));
	(void)snprintf(path, sizeof(path), "%s/write-only", folder);
	fd_add(open(path, O_WRONLY));
	fd_add(open(path, O_PATH));
	*out = fds;
	return fd_count;
}

