/* authorization.h - leave to join runs, given by one key to another or to everybody. */
#ifndef PM_CHAIN_AUTHORIZATION_H
#define PM_CHAIN_AUTHORIZATION_H

#include "chain/account.h"

#define PM_AUTHORIZATION_JOIN_RUN "CoordinatorJoinRun" /* the scope of joining a run */

struct pm_authorization {
    uint8_t bump;
    struct pm_key grantor, grantee; /* grantee zero: everybody */
    pm_str scope;                   /* bytes; what the leave is for */
    bool is_active;
    size_t delegate_count; /* keys that may use it in the grantee's place */
    pm_str delegates;      /* PM_KEY_BYTES each; see pm_authorization_delegate */
    int64_t granted_at;    /* unix seconds of the grantor's last change; can be any number */
};

/* For another verdict than PM_ACCOUNT_OK *out is all zero and `problem` says why. Scope and
 * delegates point into the account's data. */
PM_CHECKED enum pm_account_verdict pm_authorization_read(const struct pm_account *account,
                                                         const struct pm_key *program,
                                                         struct pm_authorization *out,
                                                         struct pm_account_problem *problem);
/* at < delegate_count */
struct pm_key pm_authorization_delegate(const struct pm_authorization *authorization, size_t at);

/* It was given to `user`, or to everybody, or `user` is one of its delegates. */
bool pm_authorization_names(const struct pm_authorization *authorization,
                            const struct pm_key *user);

/* Whether `user` may do what `scope` says on `grantor`'s word; the rule of the authorizer program. */
PM_CHECKED bool pm_authorization_allows(const struct pm_authorization *authorization,
                                        const struct pm_key *grantor, const struct pm_key *user,
                                        pm_str scope);

#endif
