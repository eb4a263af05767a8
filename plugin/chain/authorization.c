/* authorization.c - leave to join runs. */

#include "chain/authorization.h"

#include <assert.h>

enum pm_account_verdict pm_authorization_read(const struct pm_account *account,
                                              const struct pm_key *program,
                                              struct pm_authorization *out,
                                              struct pm_account_problem *problem)
{
    struct pm_reader reader;
    enum pm_account_verdict verdict =
        pm_account_begin(account, program, PM_ACCOUNT_AUTHORIZATION, &reader, problem);
    out->bump = pm_read_u8(&reader);
    out->grantor = pm_read_key(&reader);
    out->grantee = pm_read_key(&reader);
    out->scope = pm_read_list(&reader, 1, "bytes of the scope");
    out->is_active = pm_read_bool(&reader, "whether it is active");
    out->delegates = pm_read_list(&reader, PM_KEY_BYTES, "number of delegates");
    out->delegate_count = out->delegates.len / PM_KEY_BYTES;
    out->granted_at = pm_read_i64(&reader);
    return pm_account_end(verdict, &reader, out, sizeof *out, problem);
}

struct pm_key pm_authorization_delegate(const struct pm_authorization *authorization, size_t at)
{
    assert(at < authorization->delegate_count);
    struct pm_reader reader = pm_reader_at(authorization->delegates, at * PM_KEY_BYTES);
    return pm_read_key(&reader);
}

static bool has_delegate(const struct pm_authorization *authorization, const struct pm_key *user)
{
    for (size_t i = 0; i < authorization->delegate_count; i++) {
        struct pm_key delegate = pm_authorization_delegate(authorization, i);
        if (pm_key_equal(&delegate, user)) {
            return true;
        }
    }
    return false;
}

bool pm_authorization_names(const struct pm_authorization *authorization, const struct pm_key *user)
{
    return pm_key_is_zero(&authorization->grantee) || pm_key_equal(&authorization->grantee, user) ||
           has_delegate(authorization, user);
}

bool pm_authorization_allows(const struct pm_authorization *authorization,
                             const struct pm_key *grantor, const struct pm_key *user, pm_str scope)
{
    return authorization->is_active && pm_key_equal(&authorization->grantor, grantor) &&
           pm_str_equal(authorization->scope, scope) && pm_authorization_names(authorization, user);
}
