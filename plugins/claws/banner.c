/* banner.c - the bar over a message */
#include "plugins/claws/banner.h"

#define TEXT_GAP	6	/* pixels */

/* A stripe in the theme's own colours, beside icon and word. */
static const char stripes[] =
	"#mailseal-banner > revealer > box {"
	" border-left: 6px solid transparent; }"
	"#mailseal-banner.error > revealer > box {"
	" border-left-color: @error_color; }"
	"#mailseal-banner.warning > revealer > box {"
	" border-left-color: @warning_color; }"
	"#mailseal-banner.info > revealer > box {"
	" border-left-color: @success_color; }";

struct banner {
	GtkCssProvider *style;
	GtkWidget *bar, *image, *title, *sentence, *button;
	banner_pressed *pressed;
	void *ctx;
};

static void responded(GtkInfoBar *bar, gint response, gpointer ctx)
{
	struct banner *banner = ctx;

	(void)bar;
	if (response == GTK_RESPONSE_HELP)
		banner->pressed(banner->ctx);
}

static GtkWidget *text_label(float align)
{
	GtkWidget *label = gtk_label_new("");

	gtk_label_set_xalign(GTK_LABEL(label), align);
	gtk_label_set_line_wrap(GTK_LABEL(label), TRUE);
	gtk_label_set_line_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
	gtk_label_set_selectable(GTK_LABEL(label), TRUE);
	gtk_widget_set_can_focus(label, FALSE);
	return label;
}

static void set_bold(GtkLabel *label)
{
	PangoAttrList *list = pango_attr_list_new();

	pango_attr_list_insert(list,
			       pango_attr_weight_new(PANGO_WEIGHT_BOLD));
	gtk_label_set_attributes(label, list);
	pango_attr_list_unref(list);
}

struct banner *banner_new(GtkBox *box, banner_pressed *pressed, void *ctx)
{
	struct banner *banner = g_new0(struct banner, 1);
	GtkWidget *content, *texts;

	banner->pressed = pressed;
	banner->ctx = ctx;
	banner->bar = gtk_info_bar_new();
	/* Ours until banner_free, whatever becomes of the window. */
	g_object_ref_sink(banner->bar);
	gtk_widget_set_name(banner->bar, "mailseal-banner");
	banner->style = gtk_css_provider_new();
	(void)gtk_css_provider_load_from_data(banner->style, stripes, -1,
					      NULL);
	gtk_style_context_add_provider_for_screen(gdk_screen_get_default(),
		GTK_STYLE_PROVIDER(banner->style),
		GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
	banner->image = gtk_image_new();
	banner->title = text_label(0);
	set_bold(GTK_LABEL(banner->title));
	banner->sentence = text_label(0);
	texts = gtk_box_new(GTK_ORIENTATION_VERTICAL, TEXT_GAP / 2);
	gtk_box_pack_start(GTK_BOX(texts), banner->title, FALSE, FALSE, 0);
	gtk_box_pack_start(GTK_BOX(texts), banner->sentence, FALSE, FALSE, 0);
	content = gtk_info_bar_get_content_area(GTK_INFO_BAR(banner->bar));
	gtk_box_set_spacing(GTK_BOX(content), 2 * TEXT_GAP);
	gtk_box_pack_start(GTK_BOX(content), banner->image, FALSE, FALSE, 0);
	gtk_box_pack_start(GTK_BOX(content), texts, TRUE, TRUE, 0);
	banner->button = gtk_info_bar_add_button(GTK_INFO_BAR(banner->bar),
						 "", GTK_RESPONSE_HELP);
	g_signal_connect(banner->bar, "response", G_CALLBACK(responded),
			 banner);
	gtk_box_pack_start(box, banner->bar, FALSE, FALSE, 0);
	gtk_box_reorder_child(box, banner->bar, 1);
	gtk_widget_show_all(banner->bar);
	gtk_widget_set_no_show_all(banner->bar, TRUE);
	gtk_widget_hide(banner->bar);
	return banner;
}

void banner_free(struct banner *banner)
{
	if (banner == NULL)
		return;
	gtk_style_context_remove_provider_for_screen(gdk_screen_get_default(),
		GTK_STYLE_PROVIDER(banner->style));
	g_object_unref(banner->style);
	g_signal_handlers_disconnect_by_data(banner->bar, banner);
	gtk_widget_destroy(banner->bar);
	g_object_unref(banner->bar);
	g_free(banner);
}

void banner_show(struct banner *banner, const struct banner_text *text)
{
	gchar *name;

	gtk_info_bar_set_message_type(GTK_INFO_BAR(banner->bar), text->type);
	/* What a screen reader calls the bar; GTK would say "Error". */
	name = g_strdup_printf("mailseal: %s", text->title);
	atk_object_set_name(gtk_widget_get_accessible(banner->bar), name);
	g_free(name);
	gtk_image_set_from_icon_name(GTK_IMAGE(banner->image), text->icon,
				     GTK_ICON_SIZE_LARGE_TOOLBAR);
	gtk_label_set_text(GTK_LABEL(banner->title), text->title);
	gtk_label_set_text(GTK_LABEL(banner->sentence), text->sentence);
	if (text->button != NULL)
		gtk_button_set_label(GTK_BUTTON(banner->button),
				     text->button);
	gtk_widget_set_visible(banner->button, text->button != NULL);
	gtk_widget_show(banner->bar);
}

void banner_hide(struct banner *banner)
{
	gtk_widget_hide(banner->bar);
}
