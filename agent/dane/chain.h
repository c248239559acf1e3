/* chain.h - inside dane: facts about the certificates a server sent */
#ifndef MAILSEAL_DANE_CHAIN_H
#define MAILSEAL_DANE_CHAIN_H

#include "agent/dane/report.h"

struct arena;
struct stack_st_X509;

/* Fills report->chain, and which records describe which certificate; NULL
 * leaves it empty.  0 or ERR_MEMORY. */
int dane_chain_report(struct arena *arena, struct stack_st_X509 *chain,
		      struct dane_report *report);

#endif
