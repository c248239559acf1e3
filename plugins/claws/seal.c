/* seal.c - mail that is signed and encrypted on its way out */
#include <claws-features.h>
#include <compose.h>
#include <prefs_account.h>
#include <privacy.h>
#include <procmime.h>
#include <utils.h>
#include <glib/gi18n-lib.h>

#include "plugins/claws/crypt.h"
#include "plugins/claws/entity.h"
#include "plugins/claws/seal.h"
#include "plugins/claws/shape.h"
#include "plugins/claws/systems.h"

#define ASKED_MAX	6	/* questions for one message */

struct seal {
	struct agent *agent;
	struct seal_events events;
	void *ctx;
	GList *jobs;		/* of struct job */
	struct job *now;	/* what Claws Mail builds, or NULL */
};

/* Something that the agent made of an entity. */
struct made {
	GBytes *from, *result;
	gchar *for_whom;	/* the recipients, or NULL */
};

struct job {
	struct seal *seal;
	Compose *compose;
	gboolean signs;		/* as the user wants; else it encrypts only */
	GPtrArray *boundaries;	/* those of the first time */
	gchar *outer;		/* around what is signed */
	gchar *digest;		/* micalg */
	struct made sealed, hidden;
	struct made *open;	/* which the agent works at, or NULL */
	guint asked;
};

static void made_clear(struct made *made)
{
	g_clear_pointer(&made->from, g_bytes_unref);
	g_clear_pointer(&made->result, g_bytes_unref);
	g_clear_pointer(&made->for_whom, g_free);
}

static void job_free(struct job *job)
{
	struct seal *seal = job->seal;

	if (seal->now == job)
		seal->now = NULL;
	seal->jobs = g_list_remove(seal->jobs, job);
	g_ptr_array_unref(job->boundaries);
	g_free(job->outer);
	g_free(job->digest);
	made_clear(&job->sealed);
	made_clear(&job->hidden);
	g_free(job);
}

static struct job *job_find(const struct seal *seal, const Compose *compose)
{
	GList *link;

	for (link = seal->jobs; link != NULL; link = link->next) {
		struct job *job = link->data;

		if (job->compose == compose)
			return job;
	}
	return NULL;
}

/* Its window may have gone. */
static gboolean is_open(const Compose *compose)
{
	const GList *link;

	for (link = compose_get_compose_list(); link != NULL;
	     link = link->next)
		if (link->data == compose)
			return TRUE;
	return FALSE;
}

void seal_begin(struct seal *seal, Compose *compose)
{
	struct job *job = job_find(seal, compose);

	seal->now = NULL;
	if (!systems_has(compose->privacy_system) ||
	    (!compose->use_signing && !compose->use_encryption)) {
		seal_end(seal, compose);
		return;
	}
	if (job == NULL) {
		job = g_new0(struct job, 1);
		job->seal = seal;
		job->compose = compose;
		job->signs = compose->use_signing;
		job->boundaries = g_ptr_array_new_with_free_func(g_free);
		job->outer = generate_mime_boundary("Sig");
		seal->jobs = g_list_prepend(seal->jobs, job);
	}
	compose->use_signing = TRUE;
	seal->now = job;
}

void seal_end(struct seal *seal, const Compose *compose)
{
	struct job *job = job_find(seal, compose);

	if (job == NULL)
		return;
	if (is_open(compose))
		job->compose->use_signing = job->signs;
	job_free(job);
}

void seal_settle(struct seal *seal)
{
	GList *link = seal->jobs;

	while (link != NULL) {
		const struct job *job = link->data;

		link = link->next;
		if (job->open == NULL)
			seal_end(seal, job->compose);
	}
}

static void made_come(void *ctx, GBytes *content, GVariant *report,
		      const char *failure)
{
	struct job *job = ctx;
	struct seal *seal = job->seal;
	struct made *made = job->open;
	const char *digest = NULL;

	job->open = NULL;
	if (content == NULL) {
		seal->events.fail(seal->ctx, job->compose, failure);
		return;
	}
	made->result = g_bytes_ref(content);
	if (made == &job->sealed &&
	    g_variant_lookup(report, "algorithm", "&s", &digest)) {
		g_free(job->digest);
		job->digest = g_strdup(digest);
	}
	seal->events.go(seal->ctx, job->compose);
}

/* Whether the agent made it already; else it is asked to. */
static gboolean made_of(const struct made *made, GBytes *entity,
			const char *for_whom)
{
	return made->result != NULL && g_bytes_equal(made->from, entity) &&
	       g_strcmp0(made->for_whom, for_whom) == 0;
}

static GCancellable *job_wait(struct job *job, struct made *made,
			      GBytes *entity, const char *for_whom,
			      const char *sentence)
{
	made_clear(made);
	made->from = g_bytes_ref(entity);
	made->for_whom = g_strdup(for_whom);
	if (++job->asked > ASKED_MAX) {
		privacy_set_error("%s", _("The message is another one each "
			"time Claws Mail writes it, so it cannot be sealed."));
		return NULL;
	}
	job->open = made;
	return job->seal->events.wait(job->seal->ctx, job->compose, sentence);
}

static const char *sender_of(const PrefsAccount *account, const char *from)
{
	return from != NULL && from[0] != '\0' ? from : account->address;
}

static void sign_ask(struct job *job, const struct crypt_order *order)
{
	GCancellable *cancel = job_wait(job, &job->sealed, order->entity, NULL,
					_("The message is being signed..."));

	if (cancel != NULL)
		crypt_sign(job->seal->agent, order, cancel, made_come, job);
}

static void encrypt_ask(struct job *job, struct crypt_order *order,
			const char *recipients)
{
	GCancellable *cancel = job_wait(job, &job->hidden, order->entity,
		recipients, _("The message is being encrypted..."));
	gchar **list;

	if (cancel == NULL)
		return;
	list = g_strsplit(recipients, " ", -1);
	order->recipients = (const char *const *)list;
	crypt_encrypt(job->seal->agent, order, cancel, made_come, job);
	g_strfreev(list);
}

static void job_wrap(const struct job *job, enum crypt_scheme scheme,
		     MimeInfo *message)
{
	const struct shape_signature signature = { scheme, job->sealed.result,
						   job->digest, job->outer };

	shape_sign(message, &signature);
}

static gboolean job_sign(struct job *job, struct crypt_order *order,
			 MimeInfo *message)
{
	gboolean made;

	order->entity = entity_write(shape_content(message));
	if (order->entity == NULL) {
		privacy_set_error("%s", _("The message is too large to be "
					  "signed here."));
		return FALSE;
	}
	made = made_of(&job->sealed, order->entity, NULL);
	if (made)
		job_wrap(job, order->scheme, message);
	else
		sign_ask(job, order);
	g_bytes_unref(order->entity);
	return made;
}

static gboolean job_encrypt(struct job *job, struct crypt_order *order,
			    MimeInfo *message, const char *recipients)
{
	gboolean made;

	order->entity = entity_write(shape_content(message));
	if (order->entity == NULL) {
		privacy_set_error("%s", _("The message is too large to be "
					  "encrypted here."));
		return FALSE;
	}
	made = made_of(&job->hidden, order->entity, recipients);
	if (!made)
		encrypt_ask(job, order, recipients);
	g_bytes_unref(order->entity);
	return made;
}

gboolean seal_sign(struct seal *seal, enum crypt_scheme scheme,
		   MimeInfo *message, const PrefsAccount *account,
		   const char *from)
{
	struct crypt_order order = { scheme, NULL, sender_of(account, from),
				     NULL };
	struct job *job = seal->now;
	const Compose *compose;

	if (job == NULL) {
		privacy_set_error("%s", _("Claws Mail signs outside of a "
					  "window; that is not supported."));
		return FALSE;
	}
	compose = job->compose;
	shape_boundaries(message, job->boundaries);
	if (job->signs && !job_sign(job, &order, message))
		return FALSE;
	return !compose->use_encryption || compose->encdata == NULL ||
	       job_encrypt(job, &order, message, compose->encdata);
}

gboolean seal_encrypt(struct seal *seal, MimeInfo *message,
		      const char *recipients)
{
	struct job *job = seal->now;
	MimeInfo *part = NULL;
	GBytes *entity = entity_write(shape_content(message));

	if (job != NULL && entity != NULL &&
	    made_of(&job->hidden, entity, recipients))
		part = entity_read(job->hidden.result);
	if (entity != NULL)
		g_bytes_unref(entity);
	if (part == NULL) {
		privacy_set_error("%s", _("What was encrypted is not the "
					  "message that is sent now."));
		return FALSE;
	}
	shape_replace(message, part);
	return TRUE;
}

struct seal *seal_new(struct agent *agent, const struct seal_events *events,
		      void *ctx)
{
	struct seal *seal = g_new0(struct seal, 1);

	seal->agent = agent;
	seal->events = *events;
	seal->ctx = ctx;
	return seal;
}

void seal_free(struct seal *seal)
{
	if (seal == NULL)
		return;
	while (seal->jobs != NULL) {
		const struct job *job = seal->jobs->data;

		seal_end(seal, job->compose);
	}
	g_free(seal);
}
