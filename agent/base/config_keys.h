/* config_keys.h - the table of sections and keys (config.c's other half) */
#ifndef MAILSEAL_BASE_CONFIG_KEYS_H
#define MAILSEAL_BASE_CONFIG_KEYS_H

#include <stdint.h>

#include "agent/base/bytes.h"
#include "agent/base/config.h"

struct buf;

struct config_reader {
	const char *path;
	const char *home;
	unsigned line;
	struct buf *why;
	struct config *config;
	const char *section;		/* NULL: none yet */
	struct config_account *account;	/* in [account NAME] */
	uint64_t seen;			/* keys of the table, a bit each */
	char expected[128];		/* for CONFIG_VALUE: what would do */
};

enum config_result { CONFIG_FINE, CONFIG_UNKNOWN, CONFIG_TWICE, CONFIG_VALUE,
		     CONFIG_LIMIT, CONFIG_MEMORY };

/* CONFIG_TWICE: that account was there; CONFIG_LIMIT: too many accounts. */
enum config_result config_section(struct config_reader *reader,
				  struct bytes name);
enum config_result config_key(struct config_reader *reader, struct bytes key,
			      struct bytes value);
/* The key of this section that looks most like `key`; NULL: none does. */
const char *config_nearest(const struct config_reader *reader,
			   struct bytes key);
/* A section that does have `key`, as it is written; NULL: none. */
const char *config_elsewhere(struct bytes key);

#endif
