/* date.c - by hand: strptime asks the locale and takes too much */
#include "agent/mail/date.h"

#include "agent/mail/cfws.h"

#define ZONE_HOURS_MAX	15

static bool number(struct bytes *text, size_t least, size_t most, int *out)
{
	size_t len = 0;

	while (len < text->len && len <= most &&
	       byte_is_digit(text->data[len]))
		len++;
	if (len < least || len > most)
		return false;
	*out = (int)bytes_number(bytes_slice(*text, 0, len));
	*text = bytes_slice(*text, len, text->len);
	return cfws_skip(text);
}

static bool mark(struct bytes *text, unsigned char c)
{
	if (text->len == 0 || text->data[0] != c)
		return false;
	*text = bytes_slice(*text, 1, text->len);
	return cfws_skip(text);
}

/* Which of `names`, three letters each, stands in front; -1: none. */
static int name(struct bytes *text, const char *names)
{
	int at;

	for (at = 0; names[3 * at] != 0; at++)
		if (text->len >= 3 && bytes_equal_nocase(
			bytes_slice(*text, 0, 3),
			bytes_slice(bytes_of(names + 3 * at), 0, 3))) {
			*text = bytes_slice(*text, 3, text->len);
			return cfws_skip(text) ? at : -1;
		}
	return -1;
}

static bool year_read(struct bytes *text, int *year)
{
	if (!number(text, 2, 4, year))
		return false;
	if (*year < 50)				/* section 4.3 */
		*year += 2000;
	else if (*year < 1000)
		*year += 1900;
	return *year >= 1970;
}

/* Minutes east of UTC.  A name that is not known counts as UTC. */
static bool zone_read(struct bytes text, int *minutes)
{
	static const char names[] = "EDTESTCDTCSTMDTMSTPDTPST";
	static const int hours[] = { -4, -5, -5, -6, -6, -7, -7, -8 };
	bool west = text.len > 0 && text.data[0] == '-';
	int found, hhmm;
	size_t i;

	*minutes = 0;
	if (west || (text.len > 0 && text.data[0] == '+')) {
		text = bytes_slice(text, 1, text.len);
		if (!number(&text, 4, 4, &hhmm) || text.len > 0 ||
		    hhmm % 100 > 59 || hhmm / 100 > ZONE_HOURS_MAX)
			return false;
		*minutes = hhmm / 100 * 60 + hhmm % 100;
		*minutes = west ? -*minutes : *minutes;
		return true;
	}
	for (i = 0; i < text.len; i++)
		if (!byte_is_alpha(text.data[i]))
			return false;
	found = text.len == 3 ? name(&text, names) : -1;
	if (found >= 0)
		*minutes = hours[found] * 60;
	return found >= 0 || text.len > 0;
}

/* Days from 1970-01-01 in the Gregorian calendar; month 0 to 11. */
static int64_t days(int year, int month, int day)
{
	static const int before[] = {
		0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334
	};
	int64_t past = year - (month < 2);	/* leap days are behind Feb */

	return (int64_t)(year - 1970) * 365 + past / 4 - past / 100 +
	       past / 400 - 477 + before[month] + day - 1;
}

int64_t date_parse(struct bytes text)
{
	int day, month, year, hour, minute, second = 0, zone;
	int64_t out;

	if (!cfws_skip(&text))
		return -1;
	if (name(&text, "SunMonTueWedThuFriSat") >= 0 && !mark(&text, ','))
		return -1;
	if (!number(&text, 1, 2, &day))
		return -1;
	month = name(&text, "JanFebMarAprMayJunJulAugSepOctNovDec");
	if (month < 0 || !year_read(&text, &year) ||
	    !number(&text, 1, 2, &hour) || !mark(&text, ':') ||
	    !number(&text, 2, 2, &minute))
		return -1;
	if (mark(&text, ':') && !number(&text, 2, 2, &second))
		return -1;
	/* A comment behind the zone is not the zone's. */
	text = bytes_trim(bytes_slice(text, 0, bytes_find(text, '(')));
	if (!zone_read(text, &zone) || day < 1 || day > 31 || hour > 23 ||
	    minute > 59 || second > 60)
		return -1;
	out = days(year, month, day) * 86400 + hour * 3600 +
	      (minute - zone) * 60 + second;
	return out < 0 ? -1 : out;
}
