/* verdict.c - what the agent's answer means to a reader */
#include <glib/gi18n-lib.h>

#include "plugins/claws/verdict.h"

static const struct verdict_look looks[] = {
	[VERDICT_GENUINE] = { "genuine", N_("Genuine"),
		"security-high-symbolic", GTK_MESSAGE_INFO },
	[VERDICT_AUTHENTICATED] = { "authenticated", N_("Authenticated"),
		"security-medium-symbolic", GTK_MESSAGE_OTHER },
	[VERDICT_UNVERIFIED] = { "unverified", N_("Unverified"),
		"dialog-question-symbolic", GTK_MESSAGE_OTHER },
	[VERDICT_SUSPICIOUS] = { "suspicious", N_("Suspicious"),
		"dialog-warning-symbolic", GTK_MESSAGE_WARNING },
	[VERDICT_SPOOFED] = { "spoofed", N_("Spoofed"),
		"dialog-error-symbolic", GTK_MESSAGE_ERROR }
};

const struct verdict_look *verdict_look(enum verdict_word word)
{
	return &looks[word];
}

static enum verdict_word word_of(const char *code)
{
	guint i;

	for (i = 0; i < G_N_ELEMENTS(looks); i++)
		if (g_strcmp0(looks[i].code, code) == 0)
			return (enum verdict_word)i;
	return VERDICT_SUSPICIOUS;
}

/* The deciding reason is the first one. */
static gchar *reason(GVariant *report)
{
	GVariant *reasons, *first = NULL;
	gchar *text = NULL;

	reasons = g_variant_lookup_value(report, "reasons",
					 G_VARIANT_TYPE("aa{sv}"));
	if (reasons != NULL && g_variant_n_children(reasons) > 0) {
		first = g_variant_get_child_value(reasons, 0);
		(void)g_variant_lookup(first, "text", "s", &text);
		g_variant_unref(first);
	}
	if (reasons != NULL)
		g_variant_unref(reasons);
	if (text == NULL)
		(void)g_variant_lookup(report, "error", "s", &text);
	if (text == NULL)
		text = g_strdup(_("The agent gave no reason."));
	return text;
}

static gchar *address_of(GVariant *report)
{
	GVariant *from = g_variant_lookup_value(report, "from",
						G_VARIANT_TYPE_VARDICT);
	gchar *address = NULL;

	if (from != NULL) {
		(void)g_variant_lookup(from, "address", "s", &address);
		g_variant_unref(from);
	}
	return address != NULL ? address : g_strdup("");
}

struct verdict *verdict_new(GVariant *report)
{
	struct verdict *verdict = g_new0(struct verdict, 1);
	const char *code = NULL, *display = NULL;

	(void)g_variant_lookup(report, "verdict", "&s", &code);
	(void)g_variant_lookup(report, "display", "&s", &display);
	verdict->word = word_of(code);
	verdict->name = VERDICT_HIDES_NAME;
	if (verdict->word == VERDICT_GENUINE &&
	    g_strcmp0(display, "name") == 0)
		verdict->name = VERDICT_SHOWS_NAME;
	if (!g_variant_lookup(report, "shown_from", "s", &verdict->shown_from))
		verdict->shown_from = g_strdup("");
	verdict->address = address_of(report);
	verdict->sentence = reason(report);
	return verdict;
}

void verdict_free(struct verdict *verdict)
{
	if (verdict == NULL)
		return;
	g_free(verdict->shown_from);
	g_free(verdict->address);
	g_free(verdict->sentence);
	g_free(verdict);
}
