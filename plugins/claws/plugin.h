/* plugin.h - what Claws Mail calls; its plugin.h says when
 *
 * Each is looked up by its name in the loaded module. */
#ifndef PLUGINS_CLAWS_PLUGIN_H
#define PLUGINS_CLAWS_PLUGIN_H

#include <glib.h>

struct PluginFeature;

#pragma GCC visibility push(default)
/* 0, or -1 and why. */
gint plugin_init(gchar **error);
/* Whether the module may be unloaded. */
gboolean plugin_done(void);
const gchar *plugin_name(void);
const gchar *plugin_desc(void);
const gchar *plugin_type(void);
const gchar *plugin_licence(void);
const gchar *plugin_version(void);
struct PluginFeature *plugin_provides(void);
#pragma GCC visibility pop

#endif
