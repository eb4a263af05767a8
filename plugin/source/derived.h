/* derived.h - addresses that follow from names, as chain/pda.h derives them, each derived once.
 *
 * A derivation tries points of a curve until one does not fit, which takes longer than all else that
 * a question costs whose replies are at hand. Questions come again about the same runs, so the
 * handle keeps what was derived last (base/memo.h); without a memo each is derived anew. */
#ifndef PM_SOURCE_DERIVED_H
#define PM_SOURCE_DERIVED_H

#include "base/memo.h"
#include "chain/pda.h"

PM_CHECKED bool pm_derived_instance(struct pm_memo *memo, const struct pm_key *program,
                                    pm_str run_id, struct pm_key *out);
PM_CHECKED bool pm_derived_pool(struct pm_memo *memo, const struct pm_key *program, uint64_t index,
                                struct pm_key *out);
PM_CHECKED bool pm_derived_run(struct pm_memo *memo, const struct pm_key *program, uint64_t index,
                               struct pm_key *out);
PM_CHECKED bool pm_derived_authorization(struct pm_memo *memo, const struct pm_key *program,
                                         const struct pm_key *grantor, const struct pm_key *grantee,
                                         struct pm_key *out);
PM_CHECKED bool pm_derived_token_account(struct pm_memo *memo, const struct pm_key *owner,
                                         const struct pm_key *mint, struct pm_key *out);

#endif
