/* store_sql.c - everything that is said to SQLite, on one page */
#include "agent/store/store_inside.h"

/* Spoofed first, genuine last. */
#define WORST_FIRST \
	"CASE verdict WHEN 'spoofed' THEN 0 WHEN 'suspicious' THEN 1 " \
	"WHEN 'unverified' THEN 2 WHEN 'authenticated' THEN 3 ELSE 4 END"

#define JUDGEMENT \
	"SELECT id, address, verdict, final, seen, judged, facts " \
	"FROM judgement JOIN facts USING (number) "

const char *const store_sql[SQL_COUNT] = {
	[SQL_BEGIN] = "BEGIN IMMEDIATE",
	[SQL_COMMIT] = "COMMIT",
	[SQL_ROLLBACK] = "ROLLBACK",
	[SQL_SETTING_GET] = "SELECT value FROM setting WHERE name = ?1",
	[SQL_SETTING_PUT] =
		"INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)",

	[SQL_JUDGEMENT_PUT] =
		"INSERT INTO judgement (id, address, verdict, final, seen, "
		"judged) VALUES (?1, ?2, ?3, ?4, ?5, ?6) "
		"ON CONFLICT (id) DO UPDATE SET address = ?2, verdict = ?3, "
		"final = ?4, judged = ?6 WHERE ?4 >= final RETURNING number",
	[SQL_MESSAGE_ID_PUT] =
		"INSERT OR IGNORE INTO message_id (number, message_id) "
		"VALUES (?1, ?2)",
	[SQL_FACTS_PUT] =
		"INSERT OR REPLACE INTO facts (number, facts) VALUES (?1, ?2)",
	[SQL_JUDGEMENT_FIND] = JUDGEMENT "WHERE id = ?1",
	[SQL_JUDGEMENT_FIND_ALL] = JUDGEMENT
		"JOIN message_id USING (number) WHERE message_id = ?1 "
		"ORDER BY " WORST_FIRST ", number LIMIT ?2",
	/* Numbers grow with the time that a message was first seen. */
	[SQL_JUDGEMENT_NEWEST] =
		"SELECT message_id FROM message_id GROUP BY message_id "
		"ORDER BY max(number) DESC LIMIT ?1",
	[SQL_JUDGEMENT_FORGET] = "DELETE FROM judgement WHERE id = ?1",
	[SQL_JUDGEMENT_FORGET_ADDRESS] =
		"DELETE FROM judgement WHERE address = ?1",
	/* Numbers grow with the time that a message was first seen. */
	[SQL_JUDGEMENT_EXPIRE] =
		"DELETE FROM judgement WHERE number IN (SELECT number "
		"FROM judgement ORDER BY number LIMIT ?2) AND seen < ?1",
	[SQL_JUDGEMENT_COUNT] = "SELECT count(*) FROM judgement",
	[SQL_JUDGEMENT_IDS] =
		"SELECT number, id FROM judgement WHERE number > ?1 "
		"ORDER BY number LIMIT ?2",
	[SQL_SIGNATURE_GET] = "SELECT body FROM signature WHERE sum = ?1",
	[SQL_SIGNATURE_PUT] =
		"INSERT OR IGNORE INTO signature (sum, body, seen) "
		"VALUES (?1, ?2, ?3)",
	[SQL_SIGNATURE_EXPIRE] = "DELETE FROM signature WHERE seen < ?1",

	/* What was seen unsigned once is not believed more because of it. */
	[SQL_KEY_PUT] =
		"INSERT INTO dkim_key (domain, selector, text, secure, "
		"first_seen, last_seen) VALUES (?1, ?2, ?3, ?4, ?5, ?6) "
		"ON CONFLICT DO UPDATE SET secure = ?4, "
		"first_seen = min(first_seen, ?5), "
		"last_seen = max(last_seen, ?6)",
	[SQL_KEY_FIND] =
		"SELECT domain, selector, text, secure, first_seen, last_seen "
		"FROM dkim_key WHERE domain = ?1 AND selector = ?2 "
		"ORDER BY last_seen DESC LIMIT ?3",
	[SQL_KEY_TRIM] =
		"DELETE FROM dkim_key WHERE domain = ?1 AND selector = ?2 "
		"AND text NOT IN (SELECT text FROM dkim_key "
		"WHERE domain = ?1 AND selector = ?2 "
		"ORDER BY last_seen DESC LIMIT ?3)",
	[SQL_KEY_EXPIRE] = "DELETE FROM dkim_key WHERE last_seen < ?1",
	[SQL_KEY_LIMIT] =
		"DELETE FROM dkim_key WHERE last_seen <= (SELECT last_seen "
		"FROM dkim_key ORDER BY last_seen DESC LIMIT 1 OFFSET ?1)",

	/* Two of the same second: the one that came first stays the first. */
	[SQL_CERTIFICATE_PUT] =
		"INSERT INTO certificate (address, fingerprint, der, source, "
		"first_seen, last_seen, reads, proven) "
		"VALUES (lower(?1), ?2, ?3, ?4, coalesce((SELECT "
		"max(first_seen) + 1 FROM certificate WHERE address = "
		"lower(?1) AND first_seen >= ?5), ?5), ?6, ?7, ?8) "
		"ON CONFLICT DO UPDATE SET last_seen = max(last_seen, ?6), "
		"source = CASE ?4 WHEN 'user' THEN 'user' ELSE source END, "
		"reads = CASE ?4 WHEN 'mail' THEN ?7 ELSE reads END, "
		"proven = max(proven, ?8)",
	[SQL_CERTIFICATE_FIND] =
		"SELECT address, fingerprint, der, source, first_seen, "
		"last_seen, reads, proven FROM certificate "
		"WHERE address = lower(?1) "
		"ORDER BY first_seen, fingerprint LIMIT ?2",
	[SQL_CERTIFICATE_ADDRESSES] =
		"SELECT address, max(last_seen) AS seen FROM certificate "
		"WHERE substr(der, 1, 1) = x'30' "
		"GROUP BY address ORDER BY seen DESC, address LIMIT ?1",
	/* The first one, and those of the user's own, are not pushed out. */
	[SQL_CERTIFICATE_TRIM] =
		"DELETE FROM certificate WHERE address = lower(?1) "
		"AND source <> 'user' AND fingerprint NOT IN "
		"(SELECT fingerprint FROM certificate "
		"WHERE address = lower(?1) "
		"ORDER BY last_seen DESC LIMIT ?2) AND fingerprint NOT IN "
		"(SELECT fingerprint FROM certificate "
		"WHERE address = lower(?1) "
		"ORDER BY first_seen, fingerprint LIMIT 1)",
	[SQL_CERTIFICATE_FORGET] =
		"DELETE FROM certificate WHERE address = lower(?1) "
		"AND fingerprint = ?2",
	[SQL_CERTIFICATE_FORGET_ADDRESS] =
		"DELETE FROM certificate WHERE address = lower(?1)",

	[SQL_SIGNER_PUT] =
		"INSERT INTO signer (address, fingerprint, first_seen, "
		"last_seen) VALUES (lower(?1), upper(?2), ?3, ?3) "
		"ON CONFLICT DO UPDATE SET last_seen = max(last_seen, ?3)",
	[SQL_SIGNER_FIND] =
		"SELECT fingerprint, first_seen, last_seen FROM signer "
		"WHERE address = lower(?1) "
		"ORDER BY first_seen, fingerprint LIMIT ?2",
	/* The first one is not pushed out. */
	[SQL_SIGNER_TRIM] =
		"DELETE FROM signer WHERE address = lower(?1) "
		"AND fingerprint NOT IN (SELECT fingerprint FROM signer "
		"WHERE address = lower(?1) "
		"ORDER BY last_seen DESC LIMIT ?2) AND fingerprint NOT IN "
		"(SELECT fingerprint FROM signer WHERE address = lower(?1) "
		"ORDER BY first_seen, fingerprint LIMIT 1)",
	[SQL_SIGNER_FORGET_ADDRESS] =
		"DELETE FROM signer WHERE address = lower(?1)",

	[SQL_LEARNED_PUT] =
		"INSERT INTO contact (address, name, source, seen) "
		"VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE "
		"SET name = ?2, source = ?3 WHERE ?3 = 'user'",
	[SQL_LEARNED_FORGET] = "DELETE FROM contact WHERE address = ?1",
	[SQL_LEARNED_EACH] =
		"SELECT address, name, source, seen FROM contact "
		"ORDER BY address",
	[SQL_LEARNED_COUNT] = "SELECT count(*) FROM contact",

	[SQL_OPENED_PUT] =
		"INSERT INTO opened (sum, seen) VALUES (?1, ?2) "
		"ON CONFLICT DO UPDATE SET seen = max(seen, ?2)",
	[SQL_OPENED_GET] = "SELECT 1 FROM opened WHERE sum = ?1",
	[SQL_OPENED_EXPIRE] = "DELETE FROM opened WHERE seen < ?1",
	[SQL_OPENED_LIMIT] =
		"DELETE FROM opened WHERE seen <= (SELECT seen FROM opened "
		"ORDER BY seen DESC LIMIT 1 OFFSET ?1)",

	[SQL_DEATH_PUT] =
		"INSERT INTO death (sum, size, count, seen) "
		"VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE "
		"SET count = ?3, seen = ?4",
	[SQL_DEATH_TRIM] =
		"DELETE FROM death WHERE seen < (SELECT seen FROM death "
		"ORDER BY seen DESC LIMIT 1 OFFSET ?1)",
	[SQL_DEATH_EXPIRE] = "DELETE FROM death WHERE seen < ?1",
	[SQL_DEATH_EACH] =
		"SELECT sum, size, count, seen FROM death ORDER BY seen",
};
