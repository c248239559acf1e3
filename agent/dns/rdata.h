/* rdata.h - inside dns: copies that live as long as a request */
#ifndef MAILSEAL_DNS_RDATA_H
#define MAILSEAL_DNS_RDATA_H

#include "agent/base/bytes.h"

struct dns_request;

/* data NULL: no memory. */
struct bytes dns_request_bytes(struct dns_request *request,
			       struct bytes from);

#endif
