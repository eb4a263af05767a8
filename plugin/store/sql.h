/* sql.h - every statement that is run on the store. Its form is made in open.c. */
#ifndef PM_STORE_SQL_H
#define PM_STORE_SQL_H

/* constant, the statement. Prepared when first used and kept. */
#define PM_STATEMENTS(X)                                                                           \
    X(BEGIN, "BEGIN IMMEDIATE")                                                                    \
    X(COMMIT, "COMMIT")                                                                            \
    X(ROLLBACK, "ROLLBACK")                                                                        \
    X(PUT, "INSERT INTO reply(key, received_ms, until_ms, http, headers, body_bytes, "             \
           "packed, digest) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT(key) "              \
           "DO UPDATE SET received_ms = ?2, until_ms = ?3, http = ?4, headers = ?5, "              \
           "body_bytes = ?6, packed = ?7, digest = ?8 WHERE received_ms <= ?2 OR received_ms > "   \
           "?2 + 60000")                                                                           \
    X(GET, "SELECT received_ms, until_ms, http, headers, body_bytes, packed, digest FROM reply "   \
           "WHERE key = ?1")                                                                       \
    X(FORGET, "DELETE FROM reply WHERE key = ?1")                                                  \
    X(LEASE, "INSERT INTO lease(key, owner, until_ms) VALUES(?1, ?2, ?3) ON CONFLICT(key) DO "     \
             "UPDATE SET owner = ?2, until_ms = ?3 WHERE owner = ?2 OR until_ms <= ?4 OR "         \
             "until_ms > ?3")                                                                      \
    X(LEASE_DROP, "DELETE FROM lease WHERE key = ?1 AND owner = ?2")                               \
    X(SEE, "INSERT INTO seen(id, idx, at_ms, state, phase, step, tokens, clients) "                \
           "SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 WHERE NOT EXISTS(SELECT 1 FROM (SELECT * FROM "  \
           "seen WHERE id = ?1 AND idx = ?2 ORDER BY at_ms DESC LIMIT 1) WHERE at_ms >= ?3 OR "    \
           "(state IS ifnull(?4, state) AND phase IS ifnull(?5, phase) AND step IS ifnull(?6, "    \
           "step) AND tokens IS ifnull(?7, tokens) AND clients IS ifnull(?8, clients)))")          \
    X(LAST_SEEN, "SELECT id, idx, max(at_ms), state, phase, step, tokens, clients FROM seen "      \
                 "GROUP BY id, idx ORDER BY 3 DESC, id, idx LIMIT ?1")                             \
    X(HISTORY, "SELECT * FROM (SELECT id, idx, at_ms, state, phase, step, tokens, clients FROM "   \
               "seen WHERE id = ?1 AND idx = ?2 AND at_ms >= ?3 ORDER BY at_ms DESC LIMIT ?4) "    \
               "ORDER BY at_ms")                                                                   \
    X(ROOM, "SELECT (SELECT * FROM pragma_page_count()) - (SELECT * FROM "                         \
            "pragma_freelist_count()), (SELECT * FROM pragma_page_size())")                        \
    X(CHORE_DUE, "INSERT INTO chore(name, done_ms) VALUES(?1, ?2) ON CONFLICT(name) DO UPDATE "    \
                 "SET done_ms = ?2 WHERE done_ms <= ?2 - ?3 OR done_ms > ?2")                      \
    X(DROP_USELESS, "DELETE FROM reply WHERE rowid IN (SELECT rowid FROM reply WHERE until_ms "    \
                    "<= ?1 OR received_ms > ?3 LIMIT ?2)")                                         \
    X(DROP_OLDEST, "DELETE FROM reply WHERE rowid IN (SELECT rowid FROM reply ORDER BY "           \
                   "received_ms LIMIT ?1)")                                                        \
    X(DROP_LEASES, "DELETE FROM lease WHERE until_ms <= ?1 OR until_ms > ?2")                      \
    X(DROP_SEEN, "DELETE FROM seen WHERE (id, idx, at_ms) IN (SELECT id, idx, at_ms FROM seen "    \
                 "WHERE at_ms < ?1 OR at_ms > ?3 LIMIT ?2)")                                       \
    X(DROP_OLDEST_SEEN, "DELETE FROM seen WHERE (id, idx, at_ms) IN (SELECT id, idx, at_ms FROM "  \
                        "seen ORDER BY at_ms LIMIT ?1)")                                           \
    X(THIN_SEEN, "DELETE FROM seen WHERE (id, idx, at_ms) IN (SELECT s.id, s.idx, s.at_ms FROM "   \
                 "seen AS s WHERE s.at_ms < ?1 AND EXISTS(SELECT 1 FROM seen AS e WHERE e.id = "   \
                 "s.id AND e.idx = s.idx AND e.at_ms < s.at_ms AND e.at_ms >= s.at_ms - s.at_ms "  \
                 "% ?2 AND e.state IS s.state AND e.phase IS s.phase) LIMIT ?3)")

enum pm_statement {
#define PM_STATEMENT_ENUM(id, text) SQL_##id,
    PM_STATEMENTS(PM_STATEMENT_ENUM)
#undef PM_STATEMENT_ENUM
        SQL_COUNT
};

#endif
