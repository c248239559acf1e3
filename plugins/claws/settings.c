/* settings.c - what the user chose on our page of the preferences */
#include <stdio.h>

#include <claws-features.h>
#include <defs.h>
#include <prefs.h>
#include <prefs_gtk.h>
#include <utils.h>

#include "plugins/claws/settings.h"

#define SETTINGS_BLOCK	"mailseal"
#define COLOUR_MAX	15	/* Claws Mail has so many */

/* A PrefParam takes no const, and nothing writes to these texts. */
#pragma GCC diagnostic ignored "-Wdiscarded-qualifiers"

static struct settings chosen;

static PrefParam params[] = {
	{ "hide_names", "TRUE", &chosen.hide_names, P_BOOL, NULL, NULL, NULL },
	{ "mark", "1", &chosen.mark, P_INT, NULL, NULL, NULL },
	{ "mark_colour", "2", &chosen.colour, P_INT, NULL, NULL, NULL },
	{ "judge_imap", "TRUE", &chosen.judge_imap, P_BOOL, NULL, NULL, NULL },
	{ "check_server", "TRUE", &chosen.check_server, P_BOOL, NULL, NULL,
	  NULL },
	{ NULL, NULL, NULL, P_OTHER, NULL, NULL, NULL }
};

static gchar *settings_path(void)
{
	return g_build_filename(get_rc_dir(), COMMON_RC, NULL);
}

struct settings *settings_read(void)
{
	gchar *path = settings_path();

	prefs_set_default(params);
	prefs_read_config(params, SETTINGS_BLOCK, path, NULL);
	g_free(path);
	if (chosen.mark < SETTINGS_MARK_NOTHING ||
	    chosen.mark > SETTINGS_MARK_SUSPICIOUS)
		chosen.mark = SETTINGS_MARK_SPOOFED;
	chosen.colour = CLAMP(chosen.colour, 0, COLOUR_MAX);
	return &chosen;
}

gboolean settings_write(void)
{
	gchar *path = settings_path();
	PrefFile *file = prefs_write_open(path);

	g_free(path);
	if (file == NULL)
		return FALSE;
	if (prefs_set_block_label(file, SETTINGS_BLOCK) < 0 ||
	    prefs_write_param(params, file->fp) < 0 ||
	    fputc('\n', file->fp) == EOF) {
		prefs_file_close_revert(file);
		return FALSE;
	}
	return prefs_file_close(file) == 0;
}
