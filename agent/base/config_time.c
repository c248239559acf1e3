/* config_time.c - a time in the configuration */
#include "agent/base/config_time.h"

bool config_time_parse(struct bytes text, long long *seconds)
{
	static const struct { char unit; long long seconds; } units[] = {
		{ 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 },
		{ 'w', 604800 }, { 'y', 31536000 },
	};
	long long unit = 1, number;
	size_t i;

	for (i = 0; i < sizeof(units) / sizeof(units[0]) && text.len > 0; i++)
		if (text.data[text.len - 1] == (unsigned char)units[i].unit) {
			unit = units[i].seconds;
			text.len--;
			break;
		}
	number = bytes_number(text);
	return number >= 0 && !__builtin_mul_overflow(number, unit, seconds);
}
