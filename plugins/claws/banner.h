/* banner.h - the bar over a message
 *
 * An info bar of our own: icon, a word, a sentence and a button, in the
 * theme's colours, so that it is readable in dark and light ones.  Texts are
 * plain, never markup, and can be selected. */
#ifndef PLUGINS_CLAWS_BANNER_H
#define PLUGINS_CLAWS_BANNER_H

#include <gtk/gtk.h>

struct banner;

typedef void banner_pressed(void *ctx);

struct banner_text {
	GtkMessageType type;
	const char *icon;
	const char *title;
	const char *sentence;
	const char *button;	/* NULL: none */
};

/* Packs itself into `box`, as its second child; hidden until banner_show. */
struct banner *banner_new(GtkBox *box, banner_pressed *pressed, void *ctx);

/* Takes the bar away; NULL is allowed. */
void banner_free(struct banner *banner);

void banner_show(struct banner *banner, const struct banner_text *text);
void banner_hide(struct banner *banner);

#endif
