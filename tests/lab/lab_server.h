/* lab_server.h - starting lab_zones.sh from a test, and forwarders at fault */
#ifndef MAILSEAL_TESTS_LAB_SERVER_H
#define MAILSEAL_TESTS_LAB_SERVER_H

#include <stdbool.h>

struct lab {
	char dir[256];		/* of its own; removed by lab_stop() */
	unsigned port;
	char anchors[2048];	/* the text of root.key */
};

/* `specs`: NULL, or what lab_zones.sh takes after the port, for a shell.
 * False: said on standard error. */
bool lab_start(struct lab *lab, const char *specs);
void lab_stop(struct lab *lab);

enum fault {
	FAULT_SILENT,		/* takes questions, never answers */
	FAULT_SERVFAIL,
	FAULT_REFUSED,
	FAULT_HIJACK,		/* a portal: 192.0.2.80 for every A */
	FAULT_STRIP,		/* the lab's answers without DNSSEC */
	FAULT_NO_KEYS		/* the lab's, but NXDOMAIN for DNSKEY */
};

struct faulty;

/* A forwarder on 127.0.0.1 over UDP; `upstream` is the lab's port. Aborts
 * when it cannot start. */
struct faulty *faulty_start(enum fault fault, unsigned upstream);
void faulty_stop(struct faulty *faulty);	/* NULL is allowed */
unsigned faulty_port(const struct faulty *faulty);

#endif
