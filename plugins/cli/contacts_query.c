/* contacts_query.c - mailseal contacts query: for Mutt's query_command
 *
 * Mutt wants a line that it shows, then for each address a line of address,
 * name and more, between tabs.  "More" says by which standard that address can
 * be encrypted to, as far as this is known without a question to DNS. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <wchar.h>
#include <wctype.h>

#include "plugins/cli/cli.h"
#include "plugins/cli/contacts_query.h"
#include "plugins/cli/print_text.h"

#define PEOPLE_MAX	100000
#define SHOWN_MAX	200
#define KEYS_OF_MAX	12	/* matches; of more, nobody's keys are asked */
#define KEYS_MAX	16	/* of one address */
#define WORDS_MAX	16
#define TEXT_ROOM	512
#define ANSWER_MS	4000	/* Mutt stands still meanwhile */
#define KEYS_MS		1000

struct match {
	const char *address, *name;
	struct mailseal_pending *keys;	/* NULL: not asked */
};

/* Small letters, as wide ones; false: it is no text, or too long. */
static bool fold(const char *text, wchar_t out[TEXT_ROOM])
{
	size_t len = mbstowcs(out, text, TEXT_ROOM), i;

	if (len == (size_t)-1 || len >= TEXT_ROOM)
		return false;
	for (i = 0; i < len; i++)
		out[i] = (wchar_t)towlower((wint_t)out[i]);
	return true;
}

/* Every word stands in the address or in the name. */
static bool is_asked(const char *address, const char *name,
		     const wchar_t words[][TEXT_ROOM], size_t count)
{
	wchar_t where[TEXT_ROOM], who[TEXT_ROOM];
	size_t i;

	if (!fold(address, where))
		return false;
	if (!fold(name, who))
		who[0] = 0;
	for (i = 0; i < count; i++)
		if (wcsstr(where, words[i]) == NULL &&
		    wcsstr(who, words[i]) == NULL)
			return false;
	return true;
}

/* What Mutt takes for one address, whatever it does with the line. */
static bool is_plain(const char *address)
{
	const char *at;

	for (at = address; *at != 0; at++)
		if ((unsigned char)*at <= ' ' || *at == 0x7F ||
		    strchr(",;:<>()\"\\", *at) != NULL)
			return false;
	return at != address;
}

static size_t person_match(const struct mailseal_report *person,
			   const wchar_t words[][TEXT_ROOM], size_t count,
			   struct match *matches, size_t room)
{
	const char *name = mailseal_report_text(person, "name"), *address;
	size_t found = 0;
	char key[32];
	unsigned i;

	for (i = 0; found < room; i++) {
		(void)snprintf(key, sizeof(key), "addresses.%u", i);
		address = mailseal_report_text(person, key);
		if (address == NULL)
			break;
		if (is_plain(address) &&
		    is_asked(address, name == NULL ? "" : name, words, count))
			matches[found++] = (struct match){
				address, name == NULL ? "" : name, NULL };
	}
	return found;
}

static void keys_ask(struct mailseal *mailseal, struct match *matches,
		     size_t count)
{
	static const struct mailseal_option options[] = {
		{ "no_dns", NULL, MAILSEAL_TRUTH, 1 },
		{ NULL, NULL, MAILSEAL_TEXT, 0 }
	};
	size_t i;

	if (count > KEYS_OF_MAX)
		return;
	mailseal_hurry(mailseal, KEYS_MS);
	for (i = 0; i < count; i++)
		matches[i].keys = mailseal_correspondent_start(mailseal,
					matches[i].address, options);
}

static void print_keys(struct mailseal *mailseal, struct match *match)
{
	struct mailseal_report *keys[KEYS_MAX];
	const char *scheme, *before = "encrypts: ";
	size_t count = 0, i;
	char why[256];

	if (match->keys == NULL ||
	    mailseal_list_end(mailseal, match->keys, keys, KEYS_MAX, &count,
			      why, sizeof(why)) != MAILSEAL_OK)
		return;
	for (i = 0; i < count; i++) {
		scheme = mailseal_report_text(keys[i], "scheme");
		if (scheme != NULL &&
		    mailseal_report_truth(keys[i], "chosen")) {
			(void)printf("%s%s", before,
				     strcmp(scheme, "smime") == 0 ? "S/MIME" :
				     "OpenPGP");
			before = ", ";
		}
		mailseal_report_free(keys[i]);
	}
}

static void print_matches(struct mailseal *mailseal, struct match *matches,
			  size_t count)
{
	size_t i;

	keys_ask(mailseal, matches, count);
	if (count == 0)
		(void)puts("mailseal: nobody that you know");
	else
		(void)printf("mailseal: %zu address%s%s\n", count,
			     count == 1 ? "" : "es",
			     count == SHOWN_MAX ? ", and perhaps more" : "");
	for (i = 0; i < count; i++) {
		(void)printf("%s\t", matches[i].address);
		put_text(matches[i].name);
		(void)putchar('\t');
		print_keys(mailseal, &matches[i]);
		(void)putchar('\n');
	}
}

static enum mailseal_status query(struct mailseal *mailseal,
				  const wchar_t words[][TEXT_ROOM],
				  size_t count, char *why, size_t why_size)
{
	struct mailseal_report **people = calloc(PEOPLE_MAX, sizeof(*people));
	struct match *matches = calloc(SHOWN_MAX, sizeof(*matches));
	enum mailseal_status status = MAILSEAL_NO_MEMORY;
	size_t known = 0, found = 0, i;

	(void)snprintf(why, why_size, "out of memory");
	mailseal_hurry(mailseal, ANSWER_MS);
	if (people != NULL && matches != NULL)
		status = mailseal_list_end(mailseal,
					   mailseal_contacts_start(mailseal),
					   people, PEOPLE_MAX, &known, why,
					   why_size);
	for (i = 0; i < known && found < SHOWN_MAX; i++)
		found += person_match(people[i], words, count,
				      matches + found, SHOWN_MAX - found);
	if (status == MAILSEAL_OK)
		print_matches(mailseal, matches, found);
	for (i = 0; i < known; i++)
		mailseal_report_free(people[i]);
	free(people);
	free(matches);
	return status;
}

/* The words of all arguments; false: too many. */
static bool words_take(int argc, char **argv, wchar_t words[][TEXT_ROOM],
		       size_t *count)
{
	char *rest, *word;
	int i;

	for (i = 0; i < argc; i++) {
		rest = argv[i];
		while ((word = strsep(&rest, " \t")) != NULL) {
			if (word[0] == 0)
				continue;
			if (*count == WORDS_MAX ||
			    !fold(word, words[(*count)++]))
				return false;
		}
	}
	return true;
}

int contacts_query_command(int argc, char **argv)
{
	static wchar_t words[WORDS_MAX][TEXT_ROOM];
	enum mailseal_status status = MAILSEAL_NO_BUS;
	struct mailseal *mailseal;
	size_t count = 0;
	char why[512];

	if (!words_take(argc, argv, words, &count)) {
		(void)puts("mailseal: too long, or no text");
		return EX_USAGE;
	}
	mailseal = mailseal_open(&status, why, sizeof(why));
	if (mailseal != NULL)
		status = query(mailseal, words, count, why, sizeof(why));
	mailseal_close(mailseal);
	if (status == MAILSEAL_OK)
		return EX_OK;
	/* Mutt shows the first line, and nothing of standard error. */
	(void)printf("mailseal: ");
	put_text(why);
	(void)putchar('\n');
	return failure_status(status);
}
