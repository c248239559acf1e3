/* lab_fault.c - forwarders as laptops meet them */
#include "tests/lab/lab_server.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define PACKET_MAX	4096
#define HEADER		12	/* RFC 1035 section 4.1.1 */
#define TYPE_A		1
#define TYPE_DNSKEY	48
#define RCODE_SERVFAIL	2
#define RCODE_NXDOMAIN	3
#define RCODE_REFUSED	5
#define UPSTREAM_MS	500

struct faulty {
	enum fault fault;
	unsigned port;
	int fd, upstream;
	int stop[2];		/* a pipe; closed to stop */
	pthread_t thread;
};

/* Behind the question, or 0: it is none. */
static size_t question_end(const unsigned char *packet, size_t len)
{
	size_t at = HEADER;

	while (at < len && packet[at] != 0)
		at += packet[at] + 1U;
	return at + 5 <= len ? at + 5 : 0;
}

static unsigned question_type(const unsigned char *packet, size_t end)
{
	return packet[end - 4] * 256U + packet[end - 3];
}

/* The question alone, turned into an answer. */
static size_t answer_bare(unsigned char *packet, size_t end, unsigned rcode)
{
	packet[2] = 0x84;
	packet[3] = (unsigned char)(0x80 | rcode);
	memset(packet + 6, 0, 6);
	return end;
}

static size_t answer_portal(unsigned char *packet, size_t end)
{
	static const unsigned char record[] = {
		0xc0, HEADER, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 80
	};

	(void)answer_bare(packet, end, 0);
	if (question_type(packet, end) != TYPE_A)
		return end;
	memcpy(packet + end, record, sizeof(record));
	packet[7] = 1;
	return end + sizeof(record);
}

/* The lab's answer; `strip` asks without the OPT record. */
static size_t answer_upstream(struct faulty *faulty, unsigned char *packet,
			      size_t len, size_t end)
{
	ssize_t got;

	if (faulty->fault == FAULT_STRIP) {
		packet[10] = packet[11] = 0;
		len = end;
	}
	if (send(faulty->upstream, packet, len, 0) < 0)
		return 0;
	got = recv(faulty->upstream, packet, PACKET_MAX, 0);
	return got > 0 ? (size_t)got : 0;
}

static size_t answer_make(struct faulty *faulty, unsigned char *packet,
			  size_t len)
{
	size_t end = len < HEADER ? 0 : question_end(packet, len);

	if (end == 0)
		return 0;
	switch (faulty->fault) {
	case FAULT_SERVFAIL:
		return answer_bare(packet, end, RCODE_SERVFAIL);
	case FAULT_REFUSED:
		return answer_bare(packet, end, RCODE_REFUSED);
	case FAULT_HIJACK:
		return answer_portal(packet, end);
	case FAULT_NO_KEYS:
		if (question_type(packet, end) == TYPE_DNSKEY)
			return answer_bare(packet, end, RCODE_NXDOMAIN);
		return answer_upstream(faulty, packet, len, end);
	case FAULT_STRIP:
		return answer_upstream(faulty, packet, len, end);
	case FAULT_SILENT:
	default:
		return 0;
	}
}

static void *faulty_run(void *ctx)
{
	struct faulty *faulty = ctx;
	unsigned char packet[PACKET_MAX + 64];
	struct sockaddr_in from;
	struct pollfd fds[2];
	socklen_t from_len;
	ssize_t got;
	size_t len;

	memset(fds, 0, sizeof(fds));
	fds[0].fd = faulty->fd;
	fds[1].fd = faulty->stop[0];
	fds[0].events = fds[1].events = POLLIN;
	while (poll(fds, 2, -1) > 0 && fds[1].revents == 0) {
		from_len = sizeof(from);
		got = recvfrom(faulty->fd, packet, PACKET_MAX, MSG_DONTWAIT,
			       (struct sockaddr *)&from, &from_len);
		len = got > 0 ? answer_make(faulty, packet, (size_t)got) : 0;
		if (len > 0)
			(void)sendto(faulty->fd, packet, len, 0,
				     (struct sockaddr *)&from, from_len);
	}
	return NULL;
}

static void must(bool fine, const char *what)
{
	if (fine)
		return;
	perror(what);
	abort();
}

struct faulty *faulty_start(enum fault fault, unsigned upstream)
{
	struct faulty *faulty = calloc(1, sizeof(*faulty));
	struct timeval patience = { 0, UPSTREAM_MS * 1000 };
	struct sockaddr_in address;
	socklen_t len = sizeof(address);

	must(faulty != NULL, "calloc");
	faulty->fault = fault;
	memset(&address, 0, sizeof(address));
	address.sin_family = AF_INET;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	faulty->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	must(bind(faulty->fd, (struct sockaddr *)&address, len) == 0, "bind");
	must(getsockname(faulty->fd, (struct sockaddr *)&address, &len) == 0,
	     "getsockname");
	faulty->port = ntohs(address.sin_port);
	address.sin_port = htons((uint16_t)upstream);
	faulty->upstream = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	must(connect(faulty->upstream, (struct sockaddr *)&address, len) == 0,
	     "connect");
	must(setsockopt(faulty->upstream, SOL_SOCKET, SO_RCVTIMEO, &patience,
			sizeof(patience)) == 0, "setsockopt");
	must(pipe(faulty->stop) == 0, "pipe");
	must(pthread_create(&faulty->thread, NULL, faulty_run, faulty) == 0,
	     "pthread_create");
	return faulty;
}

void faulty_stop(struct faulty *faulty)
{
	if (faulty == NULL)
		return;
	(void)close(faulty->stop[1]);
	(void)pthread_join(faulty->thread, NULL);
	(void)close(faulty->stop[0]);
	(void)close(faulty->fd);
	(void)close(faulty->upstream);
	free(faulty);
}

unsigned faulty_port(const struct faulty *faulty)
{
	return faulty->port;
}
