/* contacts.c - whom the user knows: org.mailseal.Contacts1 */
#include "proto/call.h"

#define CONTACTS	"org.mailseal.Contacts1"
#define IMPORT_MS	30000

/* Waits for an answer that holds nothing. */
static enum mailseal_status nothing_end(struct mailseal *mailseal,
					DBusMessage *call, char *why,
					size_t why_size)
{
	enum mailseal_status status;
	DBusMessage *reply;

	status = call_end(mailseal, call_start(mailseal, call, CALL_SHORT_MS),
			  &reply, why, why_size);
	if (status == MAILSEAL_OK)
		dbus_message_unref(reply);
	return status;
}

struct mailseal_pending *mailseal_contacts_start(struct mailseal *mailseal)
{
	return call_start(mailseal, call_make(CONTACTS, "List", ""),
			  CALL_SHORT_MS);
}

enum mailseal_status mailseal_contact_add(struct mailseal *mailseal,
					  const char *address,
					  const char *name, char *why,
					  size_t why_size)
{
	return nothing_end(mailseal, call_make(CONTACTS, "Add", "ss", address,
					       name), why, why_size);
}

enum mailseal_status mailseal_contact_remove(struct mailseal *mailseal,
					     const char *address, char *why,
					     size_t why_size)
{
	return nothing_end(mailseal, call_make(CONTACTS, "Remove", "s",
					       address), why, why_size);
}

enum mailseal_status mailseal_contacts_import(struct mailseal *mailseal,
					      int book, const char *format,
					      unsigned *count, char *why,
					      size_t why_size)
{
	enum mailseal_status status;
	dbus_uint32_t number = 0;
	DBusMessage *reply;

	*count = 0;
	status = call_end(mailseal, call_start(mailseal,
				call_make(CONTACTS, "Import", "hs", book,
					  format), IMPORT_MS),
			  &reply, why, why_size);
	if (status != MAILSEAL_OK)
		return status;
	(void)dbus_message_get_args(reply, NULL, DBUS_TYPE_UINT32, &number,
				    DBUS_TYPE_INVALID);
	*count = number;
	dbus_message_unref(reply);
	return status;
}
