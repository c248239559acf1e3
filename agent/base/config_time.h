/* config_time.h - a time in the configuration: "30m" */
#ifndef MAILSEAL_BASE_CONFIG_TIME_H
#define MAILSEAL_BASE_CONFIG_TIME_H

#include <stdbool.h>

#include "agent/base/bytes.h"

/* A number and s, m, h, d, w or y; bare, it is seconds.  False: it is none, or
 * more than fits. */
bool config_time_parse(struct bytes text, long long *seconds);

#endif
