/* test_config.c - what a configuration says, and what it may not say */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/base/buf.h"
#include "agent/base/config.h"
#include "agent/base/err.h"

static struct config *reads(const char *text)
{
	struct config *config;
	struct buf why;
	int r;

	buf_init(&why, 4096);
	r = config_parse(text, strlen(text), "F", "/h", &config, &why);
	if (r < 0)
		print_message("%s\n", buf_string(&why));
	buf_free(&why);
	assert_int_equal(r, 0);
	assert_non_null(config);
	return config;
}

static void refuses(const char *text, const char *sentence)
{
	struct config *config;
	struct buf why;

	buf_init(&why, 4096);
	assert_int_equal(config_parse(text, strlen(text), "F", "/h",
				      &config, &why), ERR_CONFIG);
	assert_null(config);
	assert_string_equal(buf_string(&why), sentence);
	buf_free(&why);
}

static void list_is(const struct config_list *list, const char *joined)
{
	struct buf text;
	size_t i;

	buf_init(&text, 4096);
	for (i = 0; i < list->count; i++)
		buf_print(&text, "%s|", list->items[i]);
	assert_string_equal(buf_string(&text), joined);
	buf_free(&text);
}

static void defaults_are_the_design_s(const struct config *config)
{
	assert_int_equal(config->dns_mode, CONFIG_DNS_AUTO);
	assert_false(config->allow_loopback);
	assert_true(config->require_policy);
	assert_false(config->accept_spf_only);
	assert_false(config->require_dnssec);
	assert_int_equal(config->notify, CONFIG_NOTIFY_SPOOFED);
	assert_int_equal(config->lookup, CONFIG_LOOKUP_ARRIVAL);
	assert_int_equal(config->keep_seconds, 2LL * 365 * 86400);
	assert_true(config->learn_recipients);
	assert_int_equal(config->account_count, 0);
	assert_int_equal(config->idle_lock_seconds, 30 * 60);
	assert_int_equal(config->life_time_seconds, 0);
	assert_false(config->confirm);
	assert_true(config->system_authorities);
	list_is(&config->authorities, "");
	assert_string_equal(config->pinentry, "pinentry");
	assert_true(config->lock_on_suspend);
	assert_true(config->lock_on_screen);
	list_is(&config->contact_sources, "");
}

static void nothing_is_the_default(void **state)
{
	struct config *config = config_default();

	(void)state;
	assert_non_null(config);
	defaults_are_the_design_s(config);
	config_free(config);
	config = reads("");
	defaults_are_the_design_s(config);
	config_free(config);
	config = reads("\n# a comment\r\n[dns]\n[incoming] # another\n[keys]");
	defaults_are_the_design_s(config);
	config_free(config);
	config_free(NULL);
}

static void reads_every_section(void **state)
{
	struct config *config = reads(
		"[dns]\nmode = forward\ninsecure-zone = corp.example\n"
		"forward = 127.0.0.1@5353 ; ;::1\n"
		"trust-anchor = ~/root.key\n"
		"allow-loopback = true\n"
		"[incoming]\ntrusted-relay = mx.example.net; *.example.org\n"
		"trusted-authserv = none:outlook.com\n"
		"trusted-sealer=a.example\n"
		"require-policy = false\naccept-spf-only = true\n"
		"require-dnssec = true\nwatch = ~/Mail/INBOX; /m/#1\n"
		"notify = suspicious\nlookup = never\nkeep = 6w\n"
		"[contacts]\r\nsource = ~/.mutt/aliases; /b/~/x\r\n"
		"learn-recipients = false\n"
		"[keys]\nidle-lock = 0\nlife-time = 8h\nconfirm = true\n"
		"authority = ~/ca.pem; /c\nsystem-authorities = false\n"
		"pinentry = /usr/bin/pinentry-curses\nlock-on = screen\n");

	(void)state;
	assert_int_equal(config->dns_mode, CONFIG_DNS_FORWARD);
	list_is(&config->insecure_zones, "corp.example|");
	list_is(&config->forwarders, "127.0.0.1@5353|::1|");
	list_is(&config->trust_anchors, "/h/root.key|");
	assert_true(config->allow_loopback);
	list_is(&config->trusted_relays, "mx.example.net|*.example.org|");
	list_is(&config->trusted_authservs, "none:outlook.com|");
	list_is(&config->trusted_sealers, "a.example|");
	assert_false(config->require_policy);
	assert_true(config->accept_spf_only);
	assert_true(config->require_dnssec);
	list_is(&config->watch, "/h/Mail/INBOX|/m/#1|");
	assert_int_equal(config->notify, CONFIG_NOTIFY_SUSPICIOUS);
	assert_int_equal(config->lookup, CONFIG_LOOKUP_NEVER);
	assert_int_equal(config->keep_seconds, 6 * 7 * 86400);
	list_is(&config->contact_sources, "/h/.mutt/aliases|/b/~/x|");
	assert_false(config->learn_recipients);
	assert_int_equal(config->idle_lock_seconds, 0);
	assert_int_equal(config->life_time_seconds, 8 * 3600);
	assert_true(config->confirm);
	list_is(&config->authorities, "/h/ca.pem|/c|");
	assert_false(config->system_authorities);
	assert_string_equal(config->pinentry, "/usr/bin/pinentry-curses");
	assert_false(config->lock_on_suspend);
	assert_true(config->lock_on_screen);
	config_free(config);
}

static void reads_accounts(void **state)
{
	struct config *config = reads(
		"[account work]\naddress = a@example.org; b@example.org\n"
		"server = smtps://smtp.example.org:465\nuser = a\n"
		"password = command: pass show a=b\ndane = require\n"
		"sign = openpgp\nencrypt = always\nkey = ABCD1234\n"
		"require-tls = true\n"
		"[account  home two ]\nuser = b\n");
	const struct config_account *account = config->accounts;

	(void)state;
	assert_int_equal(config->account_count, 2);
	assert_string_equal(account->name, "work");
	list_is(&account->addresses, "a@example.org|b@example.org|");
	assert_string_equal(account->server, "smtps://smtp.example.org:465");
	assert_string_equal(account->user, "a");
	assert_string_equal(account->password, "command: pass show a=b");
	assert_int_equal(account->dane, CONFIG_DANE_REQUIRE);
	assert_int_equal(account->sign, CONFIG_SIGN_OPENPGP);
	assert_int_equal(account->encrypt, CONFIG_ENCRYPT_ALWAYS);
	assert_string_equal(account->key, "ABCD1234");
	assert_true(account->require_tls);
	account++;
	assert_string_equal(account->name, "home two");
	assert_string_equal(account->user, "b");
	assert_null(account->server);
	assert_int_equal(account->dane, CONFIG_DANE_IF_PUBLISHED);
	assert_int_equal(account->sign, CONFIG_SIGN_NONE);
	config_free(config);
}

static void names_file_line_and_remedy(void **state)
{
	(void)state;
	refuses("[incoming]\n\nnotfy = none\n",
		"F:3: unknown key \"notfy\" in [incoming]; "
		"did you mean \"notify\"?");
	refuses("[dns]\nqqqqqqqqqq = 1\n",
		"F:2: unknown key \"qqqqqqqqqq\" in [dns]; "
		"see mailseal-config(5)");
	refuses("[dns]\nnotify = none\n",
		"F:2: unknown key \"notify\" in [dns]; it belongs in "
		"[incoming]");
	/* What was written in the wrong place is not said again. */
	refuses("[account a]\npassword = hunter2\n",
		"F:2: this is no value of \"password\"; write command: "
		"COMMAND, secret-service or ask; the password itself never "
		"stands here");
	refuses("[account a]\nserver = imap://x\n",
		"F:2: \"imap://x\" is no value of \"server\"; write "
		"smtps://HOST:PORT, or smtp://HOST:PORT with STARTTLS");
	refuses("[account a]\nadress = a@example.org\n",
		"F:2: unknown key \"adress\" in [account a]; "
		"did you mean \"address\"?");
	refuses("[dsn]\n", "F:1: unknown section [dsn]; there are [dns], "
		"[incoming], [contacts], [account NAME] and [keys]");
}

static void refuses_what_is_no_value(void **state)
{
	(void)state;
	refuses("[dns]\nmode = fast\n", "F:2: \"fast\" is no value of "
		"\"mode\"; write auto, recursive or forward");
	refuses("[incoming]\nrequire-policy = yes\n", "F:2: \"yes\" is no "
		"value of \"require-policy\"; write true or false");
	refuses("[incoming]\nkeep = 2 years\n", "F:2: \"2 years\" is no value "
		"of \"keep\"; write a number and s, m, h, d, w or y, as in "
		"30m");
	refuses("[incoming]\nkeep = 999999999999999999y\n",
		"F:2: \"999999999999999999y\" is no value of \"keep\"; write "
		"a number and s, m, h, d, w or y, as in 30m");
	refuses("[keys]\npinentry =\n", "F:2: \"\" is no value of "
		"\"pinentry\"; write something, or leave the line out");
	refuses("[keys]\nlock-on = sunset\n", "F:2: \"sunset\" is no value of "
		"\"lock-on\"; write suspend, screen, both with \";\", or "
		"none");
	refuses("[keys]\nlock-on = none; screen\n", "F:2: \"none; screen\" "
		"is no value of \"lock-on\"; write suspend, screen, both "
		"with \";\", or none");
	refuses("[account a]\naddress = a@b.c; Alice <a@b.c>\n", "F:2: "
		"\"a@b.c; Alice <a@b.c>\" is no value of \"address\"; write "
		"addresses alone, as alice@example.org, with \";\" between "
		"them");
	refuses("[account a]\naddress = alice\n", "F:2: \"alice\" is no "
		"value of \"address\"; write addresses alone, as "
		"alice@example.org, with \";\" between them");
	refuses("[account a]\nkey = alice@example.org\n", "F:2: "
		"\"alice@example.org\" is no value of \"key\"; write the "
		"first digits of a fingerprint, 8 at least");
	refuses("[account a]\ncertificate = 1234567\n", "F:2: \"1234567\" "
		"is no value of \"certificate\"; write the first digits of a "
		"fingerprint, 8 at least");
}

static void refuses_what_is_no_line(void **state)
{
	(void)state;
	refuses("[dns]\nmode\n",
		"F:2: \"mode\" is no \"key = value\" line");
	refuses("mode = auto\n", "F:1: \"mode\" stands before the first "
		"section; write [dns] or another section above it");
	refuses("[dns\n", "F:1: the section \"[dns\" has no \"]\" at its end");
	refuses("[]\n", "F:1: unknown section []; there are [dns], "
		"[incoming], [contacts], [account NAME] and [keys]");
	refuses("[dns]\nmode = auto\nmode = auto\n", "F:3: the key \"mode\" "
		"stands twice; separate the members of a list by \";\"");
	refuses("[dns]\n[keys]\n[dns]\nmode = auto\nmode = auto\n",
		"F:5: the key \"mode\" stands twice; separate the members of "
		"a list by \";\"");
	refuses("[account a]\n[account a]\n", "F:2: the section [account a] "
		"stands twice; give each account a name of its own");
	refuses("[dns]\n\xFF = 1\n", "F:2: this line is no UTF-8");
}

static void bounds_lists_and_accounts(void **state)
{
	struct buf text;
	size_t i;

	(void)state;
	buf_init(&text, CONFIG_FILE_MAX);
	buf_text(&text, "[contacts]\nsource = ");
	for (i = 0; i < CONFIG_LIST_MAX; i++)
		buf_text(&text, "a;");
	config_free(reads(buf_string(&text)));
	buf_text(&text, "b\n");
	assert_false(text.full);
	refuses(buf_string(&text), "F:2: \"a;a;a;a;a;a;a;a;a;a;a;a;a;a;a;a;a;"
		"a;a;a;a;a;a;a;a;a;a;a;a;a;\" is no value of \"source\"; a "
		"list has at most 1000 members");
	buf_clear(&text);
	for (i = 0; i < CONFIG_ACCOUNTS_MAX; i++)
		buf_print(&text, "[account a%zu]\n", i);
	config_free(reads(buf_string(&text)));
	buf_text(&text, "[account one-more]\n");
	refuses(buf_string(&text), "F:65: too many accounts; there may be "
		"64");
	buf_free(&text);
}

static void reads_files(void **state)
{
	char path[] = "/tmp/mailseal-config-XXXXXX";
	int fd = mkstemp(path);
	struct config *config;
	struct buf why;
	FILE *file;
	size_t i;

	(void)state;
	buf_init(&why, 4096);
	assert_true(fd >= 0);
	file = fdopen(fd, "w");
	assert_non_null(file);
	assert_true(fputs("[dns]\nmode = recursive\n", file) >= 0);
	assert_int_equal(fflush(file), 0);
	assert_int_equal(config_read(path, "/h", &config, &why), 0);
	assert_int_equal(config->dns_mode, CONFIG_DNS_RECURSIVE);
	config_free(config);
	for (i = 0; i < CONFIG_FILE_MAX; i++)
		assert_true(fputc('\n', file) >= 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(config_read(path, "/h", &config, &why),
			 ERR_LIMIT);
	assert_null(config);
	assert_true(why.len > 0);
	assert_int_equal(unlink(path), 0);
	buf_clear(&why);
	errno = 0;
	assert_int_equal(config_read(path, "/h", &config, &why), ERR_IO);
	assert_int_equal(errno, ENOENT);
	assert_non_null(strstr(buf_string(&why), path));
	buf_clear(&why);
	assert_int_equal(config_read("/", "/h", &config, &why), ERR_IO);
	assert_true(why.len > 0);
	buf_free(&why);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_the_default),
		cmocka_unit_test(reads_every_section),
		cmocka_unit_test(reads_accounts),
		cmocka_unit_test(names_file_line_and_remedy),
		cmocka_unit_test(refuses_what_is_no_value),
		cmocka_unit_test(refuses_what_is_no_line),
		cmocka_unit_test(bounds_lists_and_accounts),
		cmocka_unit_test(reads_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
