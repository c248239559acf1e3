/* keys_find.h - mailseal keys find and publish: keys of others, and for them */
#ifndef MAILSEAL_CLI_KEYS_FIND_H
#define MAILSEAL_CLI_KEYS_FIND_H

/* Each takes what stands behind its name; answers the exit status. */
int keys_find_command(int argc, char **argv);
int keys_publish_command(int argc, char **argv);

#endif
