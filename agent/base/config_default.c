/* config_default.c - what holds without a file, and letting go of it */
#include "agent/base/config.h"

#include <stdlib.h>
#include <string.h>

struct config *config_default(void)
{
	struct config *config = calloc(1, sizeof(*config));

	if (config == NULL)
		return NULL;
	config->require_policy = true;
	config->notify = CONFIG_NOTIFY_SPOOFED;
	config->keep_seconds = 2LL * 31536000;
	config->learn_recipients = true;
	config->system_authorities = true;
	config->idle_lock_seconds = 1800;
	config->lock_on_suspend = config->lock_on_screen = true;
	config->pinentry = strdup("pinentry");
	if (config->pinentry == NULL) {
		free(config);
		return NULL;
	}
	return config;
}

static void list_free(struct config_list *list)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		free(list->items[i]);
	free(list->items);
}

void config_free(struct config *config)
{
	struct config_account *account;
	size_t i;

	if (config == NULL)
		return;
	list_free(&config->insecure_zones);
	list_free(&config->forwarders);
	list_free(&config->trust_anchors);
	list_free(&config->trusted_relays);
	list_free(&config->trusted_authservs);
	list_free(&config->trusted_sealers);
	list_free(&config->watch);
	list_free(&config->contact_sources);
	list_free(&config->authorities);
	for (i = 0; i < config->account_count; i++) {
		account = &config->accounts[i];
		list_free(&account->addresses);
		free(account->name);
		free(account->server);
		free(account->user);
		free(account->password);
		free(account->key);
		free(account->certificate);
	}
	free(config->accounts);
	free(config->pinentry);
	free(config);
}
