/* status_order.h - what is not in order, in plain words */
#ifndef MAILSEAL_CLI_STATUS_ORDER_H
#define MAILSEAL_CLI_STATUS_ORDER_H

struct mailseal_report;

/* Prints, of the agent's properties, a sentence for each thing that is amiss
 * with what to do; or that there is none. */
void status_order_print(const struct mailseal_report *report);

#endif
