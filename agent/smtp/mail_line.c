/* mail_line.c - MAIL and RCPT with what the server offers */
#include "agent/smtp/mail_line.h"

#include "agent/base/buf.h"
#include "agent/smtp/ehlo.h"
#include "agent/smtp/mail.h"

#define ADDRESS_BYTES_MAX 1000

bool mail_is_one_line(const char *address)
{
	size_t i;

	for (i = 0; address[i] != 0; i++)
		if ((unsigned char)address[i] < ' ' || address[i] == 0x7f)
			return false;
	return i <= ADDRESS_BYTES_MAX;
}

void mail_line(const struct smtp_mail *mail, const struct ehlo *ehlo,
	       struct buf *to)
{
	unsigned can = ehlo->can;

	buf_print(to, "MAIL FROM:<%s>", mail->sender);
	if ((can & EHLO_SIZE) != 0)
		buf_print(to, " SIZE=%llu", (unsigned long long)mail->size);
	if ((can & EHLO_8BITMIME) != 0 && mail->eight_bit)
		buf_text(to, " BODY=8BITMIME");
	if (mail->utf8 || ((can & EHLO_SMTPUTF8) != 0 && mail->utf8_header))
		buf_text(to, " SMTPUTF8");
	if ((can & EHLO_DSN) != 0 && mail->ret != NULL)
		buf_print(to, " RET=%.4s", mail->ret);
	if ((can & EHLO_DSN) != 0 && mail->envelope_id != NULL)
		buf_print(to, " ENVID=%.100s", mail->envelope_id);
	if ((can & EHLO_REQUIRETLS) != 0 && mail->require_tls)
		buf_text(to, " REQUIRETLS");
	buf_text(to, "\r\n");
}

void recipient_line(const struct smtp_mail *mail, const char *address,
		    const struct ehlo *ehlo, struct buf *to)
{
	buf_print(to, "RCPT TO:<%s>", address);
	if ((ehlo->can & EHLO_DSN) != 0 && mail->notify != NULL)
		buf_print(to, " NOTIFY=%.40s", mail->notify);
	buf_text(to, "\r\n");
}
