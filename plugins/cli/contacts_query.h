/* contacts_query.h - mailseal contacts query */
#ifndef MAILSEAL_CLI_CONTACTS_QUERY_H
#define MAILSEAL_CLI_CONTACTS_QUERY_H

/* Takes the words that are looked for; answers the exit status. */
int contacts_query_command(int argc, char **argv);

#endif
