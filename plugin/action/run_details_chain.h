/* run_details_chain.h - what the chain tells of a run, in detail.
 *
 * _chain writes the facts of its group, _chain_setup how the run is set up, _chain_rewards who is
 * paid what, _chain_lists the long lists, _chain_words what is said of it. */
#ifndef PM_ACTION_RUN_DETAILS_CHAIN_H
#define PM_ACTION_RUN_DETAILS_CHAIN_H

#include "action/run_details.h"

/* Nothing when the chain does not have the run. */
void pm_chain_details_write(struct pm_call *call, struct pm_answer *answer,
                            const struct pm_view *view);

/* Parts of that group. */
void pm_chain_details_write_data(struct pm_call *call, struct pm_group *group,
                                 const struct pm_coordinator_model *model);
void pm_chain_details_write_config(struct pm_call *call, struct pm_group *group,
                                   const struct pm_coordinator_head *head);
void pm_chain_details_write_rewards(struct pm_call *call, struct pm_group *group,
                                    const struct pm_chain_run *run);
void pm_chain_details_write_lists(struct pm_call *call, struct pm_group *group,
                                  const struct pm_coordinator *state);

/* The verdict on the two sources; computed once, said in summary and group. */
struct pm_agreement pm_chain_details_agree(const struct pm_look *look, const struct pm_view *view);

/* " The chain (devnet) agrees: epoch 61, step 6001 [on-chain]." */
void pm_chain_details_say_agreement(const struct pm_look *look, struct pm_say *say,
                                    const struct pm_view *view,
                                    const struct pm_agreement *agreement);
/* " is training on chain (devnet): epoch 61, step 6001, 24 clients [on-chain]." */
void pm_chain_details_say_state(struct pm_call *call, struct pm_say *say,
                                const struct pm_chain_run *run);

/* A key of Solana in base58. */
void pm_chain_details_put_key(struct pm_call *call, struct pm_group *group, const char *name,
                              const struct pm_key *key);
/* Nothing for a moment that never was, or that has no date. */
void pm_chain_details_put_moment(struct pm_group *group, const char *name, uint64_t seconds);
/* A text of an account, as Psyche's own tools show it; nothing for an empty one. */
void pm_chain_details_put_fixed(struct pm_call *call, struct pm_group *group, const char *name,
                                enum pm_text_use use, struct pm_fixed text);

#endif
