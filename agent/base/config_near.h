/* config_near.h - which word a typo meant */
#ifndef MAILSEAL_BASE_CONFIG_NEAR_H
#define MAILSEAL_BASE_CONFIG_NEAR_H

#include "agent/base/bytes.h"

#define CONFIG_NEAR_MAX 40	/* characters; longer ones are far */

/* Levenshtein's distance of two short words. */
size_t config_distance(const char *a, struct bytes b);

#endif
