/* assumed_runs.c - whether the accounts of runs are still laid out as they were.
 *
 * The size, the version and the values of a coordinator account are three rows: each run is counted
 * in the first of them that it does not keep, so that one change makes one line. */

#include "source/assumed_inside.h"

#include "chain/layout.h"

#include <stdio.h>

#define NAMED_MOST 3 /* runs named in a line */

/* --- the search --- */

void pm_assumed_check_discovery(const struct pm_assumed *assumed, struct pm_finding *finding)
{
    const struct pm_chain_list *list = &assumed->list;
    const struct pm_ask *ask = pm_assumed_answer(&assumed->coordinator, &list->discovery, finding);
    const struct pm_ask *trouble = pm_question_trouble(&list->discovery);
    if (ask && pm_rpc_accounts(ask)->count == 0) {
        (void)pm_finding_set(finding, PM_FINDING_DIFFERS, "the search finds no run");
    } else if (ask) {
        (void)pm_finding_set(finding, PM_FINDING_OK, "%zu runs found", pm_rpc_accounts(ask)->count);
    } else if (trouble && trouble->outcome.status == PM_STATUS_METHOD_REFUSED) {
        (void)pm_finding_set(finding, PM_FINDING_DIFFERS,
                             "refused: runs are read by known ids, those only on chain stay unseen "
                             "(%.100s)",
                             trouble->outcome.problem);
    }
}

static size_t count_other_sizes(const struct pm_rpc_accounts *accounts, uint64_t *other)
{
    size_t count = 0;
    for (size_t i = 0; i < accounts->count; i++) {
        uint64_t space = accounts->rows[i].account.space;
        if (space != PM_ASSUMED_INSTANCE_BYTES) {
            *other = count == 0 ? space : *other;
            count++;
        }
    }
    return count;
}

void pm_assumed_check_instances(const struct pm_assumed *assumed, struct pm_finding *finding)
{
    const struct pm_chain_list *list = &assumed->list;
    const struct pm_rpc_accounts *found = pm_rpc_accounts(list->discovered);
    uint64_t other = 0;
    size_t others = found ? count_other_sizes(found, &other) : 0;
    if (list->count == 0 && list->unreadable == 0) {
        bool is_off = assumed->coordinator.nodes.is_off || assumed->batch->settings->is_offline;
        (void)pm_finding_set(finding, is_off ? PM_FINDING_OFF : PM_FINDING_UNKNOWN,
                             "there is no instance to look at");
    } else if (list->unreadable) {
        (void)pm_finding_set(finding, PM_FINDING_DIFFERS, "not readable, or elsewhere: %zu of %zu",
                             list->unreadable, list->unreadable + list->count);
    } else if (others) {
        (void)pm_finding_set(
            finding, PM_FINDING_DIFFERS, "assumed %d bytes, found %llu in %zu of %zu",
            PM_ASSUMED_INSTANCE_BYTES, (unsigned long long)other, others, found->count);
    } else {
        (void)pm_finding_set(finding, PM_FINDING_OK, "%zu of %zu", list->count, list->count);
    }
}

/* --- coordinator accounts --- */

enum standing { RIGHT, OTHER_SIZE, MISSING, OTHER_VERSION, OTHER_VALUES };

/* Those that do not stand as they should, and the first of them. */
struct tally {
    size_t looked_at, right, count;
    uint64_t found; /* the first one's size or version */
    struct pm_account_problem problem;
    struct pm_buf names;
};

static enum standing stand(const struct pm_assumed *assumed, const struct pm_rpc_row *row,
                           uint64_t *found, struct pm_account_problem *problem)
{
    const struct pm_layout *layout = pm_layout_newest(PM_ACCOUNT_COORDINATOR);
    struct pm_coordinator_head head;
    struct pm_reader reader = pm_account_reader(&row->account, PM_DISCRIMINATOR_BYTES);
    if (!row->account.is_there || row->account.space != layout->size_least) {
        *found = row->account.space;
        return row->account.is_there ? OTHER_SIZE : MISSING;
    }
    *found = pm_read_u64(&reader);
    if (!reader.bad && *found != layout->version) {
        return OTHER_VERSION;
    }
    return pm_coordinator_read_head(&row->account, &assumed->coordinator.nodes.program_key, &head,
                                    problem) == PM_ACCOUNT_OK
               ? RIGHT
               : OTHER_VALUES;
}

static void note(struct tally *tally, const struct pm_instance *instance, uint64_t found,
                 const struct pm_account_problem *problem)
{
    if (tally->count == 0) {
        tally->found = found;
        tally->problem = *problem;
    }
    if (tally->count < NAMED_MOST) {
        pm_buf_add_c(&tally->names, tally->count ? ", " : "");
        pm_buf_add(&tally->names, instance->run_id);
    }
    if (tally->count == NAMED_MOST) {
        pm_buf_add_c(&tally->names, ", …");
    }
    tally->count++;
}

/* False with the finding set when there is nothing to look at. */
static bool take_stock(const struct pm_assumed *assumed, enum standing wanted, struct tally *tally,
                       struct pm_finding *finding)
{
    const struct pm_assumed_side *side = &assumed->coordinator;
    *tally = (struct tally){0};
    pm_buf_init(&tally->names, assumed->batch->arena, 256);
    if (!assumed->heads_question.is_asked) {
        bool is_off = side->nodes.is_off || assumed->batch->settings->is_offline;
        return pm_finding_set(finding, is_off ? PM_FINDING_OFF : PM_FINDING_UNKNOWN,
                              "there is no run to look at");
    }
    const struct pm_ask *ask = pm_assumed_answer(side, &assumed->heads_question, finding);
    const struct pm_rpc_accounts *accounts = pm_rpc_accounts(ask);
    for (size_t i = 0; accounts && i < accounts->count; i++) {
        struct pm_account_problem problem = {0};
        uint64_t found = 0;
        enum standing standing = stand(assumed, &accounts->rows[i], &found, &problem);
        tally->looked_at++;
        tally->right += standing == RIGHT;
        if (standing == wanted) {
            note(tally, &assumed->list.rows[i].instance, found, &problem);
        }
    }
    return accounts != NULL;
}

static void say_others(struct pm_finding *finding, const struct tally *tally, const char *what)
{
    (void)pm_finding_set(finding, PM_FINDING_DIFFERS, "%s in %zu of %zu: %.*s", what, tally->count,
                         tally->looked_at, PM_STR_ARG(pm_buf_text(&tally->names)));
}

void pm_assumed_check_sizes(const struct pm_assumed *assumed, struct pm_finding *finding)
{
    const struct pm_layout *layout = pm_layout_newest(PM_ACCOUNT_COORDINATOR);
    struct tally sizes, missing;
    char what[80];
    if (!take_stock(assumed, OTHER_SIZE, &sizes, finding)) {
        return;
    }
    (void)take_stock(assumed, MISSING, &missing, finding);
    if (sizes.count) {
        (void)snprintf(what, sizeof what, "assumed %llu bytes, found %llu",
                       (unsigned long long)layout->size_least, (unsigned long long)sizes.found);
        say_others(finding, &sizes, what);
    } else if (missing.count) {
        say_others(finding, &missing, "no account");
    } else {
        (void)pm_finding_set(finding, PM_FINDING_OK, "%zu of %zu have %llu bytes", sizes.looked_at,
                             sizes.looked_at, (unsigned long long)layout->size_least);
    }
}

void pm_assumed_check_versions(const struct pm_assumed *assumed, struct pm_finding *finding)
{
    const struct pm_layout *layout = pm_layout_newest(PM_ACCOUNT_COORDINATOR);
    struct tally versions;
    char what[80];
    if (!take_stock(assumed, OTHER_VERSION, &versions, finding)) {
        return;
    }
    (void)snprintf(what, sizeof what, "assumed version %llu, found %llu",
                   (unsigned long long)layout->version, (unsigned long long)versions.found);
    if (versions.count) {
        say_others(finding, &versions, what);
    } else {
        (void)pm_finding_set(finding, PM_FINDING_OK, "no other version");
    }
}

void pm_assumed_check_values(const struct pm_assumed *assumed, struct pm_finding *finding)
{
    struct tally values;
    if (!take_stock(assumed, OTHER_VALUES, &values, finding)) {
        return;
    }
    if (values.count) {
        say_others(finding, &values, values.problem.text);
    } else {
        (void)pm_finding_set(finding, PM_FINDING_OK, "%zu of %zu are readable", values.right,
                             values.looked_at);
    }
}
