/* config_near.c - which word a typo meant: Levenshtein's distance */
#include "agent/base/config_near.h"

#include <string.h>

size_t config_distance(const char *a, struct bytes b)
{
	size_t row[CONFIG_NEAR_MAX + 1], before, above, i, j;
	size_t len = strlen(a);

	if (b.len > CONFIG_NEAR_MAX)
		return CONFIG_NEAR_MAX;
	for (j = 0; j <= b.len; j++)
		row[j] = j;
	for (i = 1; i <= len; i++) {
		before = row[0];
		row[0] = i;
		for (j = 1; j <= b.len; j++) {
			above = row[j];
			if ((unsigned char)a[i - 1] != b.data[j - 1])
				before++;
			if (row[j] + 1 < before)
				before = row[j] + 1;
			if (row[j - 1] + 1 < before)
				before = row[j - 1] + 1;
			row[j] = before;
			before = above;
		}
	}
	return row[b.len];
}
