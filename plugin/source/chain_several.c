/* chain_several.c - one thing about each of a few runs whose ids are known. */

#include "source/chain_several.h"

#include "source/derived.h"
#include "source/seen.h"

static const struct pm_rpc_slice HEAD = {0, PM_COORDINATOR_HEAD_BYTES};
static const struct pm_key EVERYBODY;

/* --- asking --- */

static struct pm_ask *put_first(struct pm_batch *batch, pm_str url, const void *what, bool carries)
{
    const struct pm_chain_several *several = what;
    return pm_rpc_ask_accounts(batch, url, several->first_keys, several->first_count, NULL,
                               carries);
}

static struct pm_ask *put_second(struct pm_batch *batch, pm_str url, const void *what, bool carries)
{
    const struct pm_chain_several *several = what;
    bool is_head = several->wanted == PM_CHAIN_WANTED_HEADS;
    return pm_rpc_ask_accounts(batch, url, several->keys, several->key_count,
                               is_head ? &HEAD : NULL, carries);
}

/* Behind the instances the program itself: a node that does not show it proves nothing. */
static void choose_first_keys(struct pm_chain_several *several)
{
    several->first_count = 0;
    for (size_t i = 0; i < several->count; i++) {
        struct pm_chain_one *run = &several->runs[i];
        *run = (struct pm_chain_one){.id = run->id, .at = SIZE_MAX};
        run->has_key = pm_derived_instance(several->nodes->batch->memo,
                                           &several->nodes->program_key, run->id, &run->key);
        if (run->has_key) {
            run->found = PM_CHAIN_PENDING;
            several->first_keys[several->first_count++] = run->key;
        }
    }
    several->first_keys[several->first_count++] = several->nodes->program_key;
}

static void drop_second(struct pm_chain_several *several)
{
    several->second = NULL;
    several->second_question = (struct pm_question){0};
}

static void begin_anew(struct pm_chain_several *several)
{
    several->first = NULL;
    drop_second(several);
    choose_first_keys(several);
}

static void ask_first(struct pm_chain_several *several)
{
    several->moves = several->nodes->moves;
    begin_anew(several);
    if (several->first_count > 1) {
        pm_question_ask(&several->first_question, several->nodes, put_first, several,
                        several->carries);
    }
}

void pm_chain_several_ask(struct pm_chain_several *several, struct pm_nodes *nodes,
                          enum pm_chain_wanted wanted, const pm_str *ids, size_t count,
                          bool carries)
{
    *several = (struct pm_chain_several){.nodes = nodes, .wanted = wanted, .carries = carries};
    (void)pm_key_read(nodes->batch->settings->programs[PM_PSYCHE_AUTHORIZER].text,
                      &several->authorizer_program);
    for (size_t i = 0; i < count && i < PM_CHAIN_SEVERAL_MOST; i++) {
        several->runs[several->count++].id = ids[i];
    }
    if (!nodes->is_off) {
        ask_first(several);
    }
}

static bool choose_key(const struct pm_chain_several *several, const struct pm_chain_one *run,
                       struct pm_key *key)
{
    if (run->found != PM_CHAIN_THERE) {
        return false;
    }
    *key = run->instance.coordinator_account;
    return several->wanted == PM_CHAIN_WANTED_HEADS ||
           pm_derived_authorization(several->nodes->batch->memo, &several->authorizer_program,
                                    &run->instance.join_authority, &EVERYBODY, key);
}

static void ask_second(struct pm_chain_several *several)
{
    several->key_count = 0;
    drop_second(several);
    for (size_t i = 0; i < several->count; i++) {
        struct pm_chain_one *run = &several->runs[i];
        if (choose_key(several, run, &several->keys[several->key_count])) {
            run->at = several->key_count++;
        }
    }
    if (several->key_count) {
        pm_question_ask(&several->second_question, several->nodes, put_second, several,
                        several->carries);
    }
}

/* --- reading --- */

static void read_instance(const struct pm_chain_several *several, struct pm_chain_one *run,
                          const struct pm_rpc_row *row, bool has_program)
{
    struct pm_chain_part *part = &run->instance_part;
    *part = (struct pm_chain_part){.is_asked = true};
    part->verdict = pm_instance_read(&row->account, &several->nodes->program_key, &run->instance,
                                     &part->problem);
    if (part->verdict == PM_ACCOUNT_OK && !pm_str_equal(run->instance.run_id, run->id)) {
        part->verdict = pm_account_say(&part->problem, PM_ACCOUNT_BAD,
                                       "it names another run than its address does");
    }
    if (part->verdict == PM_ACCOUNT_ABSENT) {
        run->found = has_program ? PM_CHAIN_ABSENT : PM_CHAIN_DOUBTFUL;
    } else {
        run->found = part->verdict == PM_ACCOUNT_OK ? PM_CHAIN_THERE : PM_CHAIN_BAD;
    }
}

void pm_chain_several_take_first(struct pm_chain_several *several,
                                 const struct pm_rpc_accounts *accounts)
{
    bool has_program = accounts->rows[accounts->count - 1].account.is_there;
    size_t at = 0;
    for (size_t i = 0; i < several->count; i++) {
        struct pm_chain_one *run = &several->runs[i];
        run->at = SIZE_MAX;
        run->part = (struct pm_chain_part){0};
        run->joining = PM_JOINING_UNKNOWN;
        if (run->has_key && at + 1 < accounts->count) {
            read_instance(several, run, &accounts->rows[at++], has_program);
        }
    }
}

static void read_head(const struct pm_chain_several *several, struct pm_chain_one *run,
                      const struct pm_rpc_row *row)
{
    struct pm_chain_part *part = &run->part;
    part->verdict = pm_coordinator_read_head(&row->account, &several->nodes->program_key,
                                             &run->head, &part->problem);
    if (part->verdict == PM_ACCOUNT_OK &&
        !pm_instance_has_run_id(&run->instance, run->head.run_id)) {
        part->verdict = pm_account_say(&part->problem, PM_ACCOUNT_BAD,
                                       "it names another run than its instance");
    }
}

void pm_chain_several_take_second(struct pm_chain_several *several,
                                  const struct pm_rpc_accounts *accounts)
{
    for (size_t i = 0; i < several->count; i++) {
        struct pm_chain_one *run = &several->runs[i];
        if (run->at >= accounts->count) {
            continue;
        }
        const struct pm_rpc_row *row = &accounts->rows[run->at];
        run->part = (struct pm_chain_part){.is_asked = true};
        if (several->wanted == PM_CHAIN_WANTED_HEADS) {
            read_head(several, run, row);
        } else {
            struct pm_chain_part leave;
            run->joining = pm_joining_read(row, &several->authorizer_program,
                                           &run->instance.join_authority, &leave);
        }
    }
}

/* --- steps --- */

static void read_answers(struct pm_chain_several *several)
{
    const struct pm_ask *first = pm_question_answer(&several->first_question);
    if (first && first != several->first) {
        several->first = first;
        pm_chain_several_take_first(several, pm_rpc_accounts(first));
        ask_second(several);
    } else if (!first && several->first) {
        begin_anew(several); /* what was read turned out to be of another cluster */
    }
    const struct pm_ask *second = pm_question_answer(&several->second_question);
    if (several->first && second && second != several->second) {
        several->second = second;
        pm_chain_several_take_second(several, pm_rpc_accounts(second));
    }
}

bool pm_chain_several_go_on(struct pm_chain_several *several)
{
    if (several->count == 0 || several->nodes->is_off) {
        return false;
    }
    if (several->moves != several->nodes->moves) {
        ask_first(several);
        return true;
    }
    const struct pm_ask *before = several->first;
    bool has_asked = pm_question_go_on(&several->first_question, several->nodes);
    has_asked |= pm_question_go_on(&several->second_question, several->nodes);
    read_answers(several);
    return has_asked || (several->first != before && several->second_question.is_asked);
}

void pm_chain_several_settle(struct pm_chain_several *several)
{
    if (several->count == 0) {
        return;
    }
    several->nodes->is_over = true; /* what is not in now will not be waited for */
    (void)pm_chain_several_go_on(several);
    several->nodes->is_over = false;
    for (size_t i = 0; i < several->count; i++) {
        struct pm_chain_one *run = &several->runs[i];
        run->found = run->found == PM_CHAIN_PENDING ? PM_CHAIN_SILENT : run->found;
        if (several->wanted == PM_CHAIN_WANTED_HEADS && run->part.is_asked &&
            run->part.verdict == PM_ACCOUNT_OK) {
            pm_seen_on_chain(several->nodes->batch, run->id, &run->head, PM_SEEN_NO_CLIENTS);
        }
    }
}

/* --- looking --- */

const struct pm_chain_one *pm_chain_several_find(const struct pm_chain_several *several, pm_str id)
{
    for (size_t i = 0; i < several->count; i++) {
        if (pm_str_equal(several->runs[i].id, id)) {
            return &several->runs[i];
        }
    }
    return NULL;
}

bool pm_chain_several_lacks_any(const struct pm_chain_several *several)
{
    for (size_t i = 0; i < several->count; i++) {
        enum pm_chain_found found = several->runs[i].found;
        if (found == PM_CHAIN_ABSENT || found == PM_CHAIN_DOUBTFUL) {
            return true;
        }
    }
    return false;
}

const struct pm_ask *pm_chain_several_trouble(const struct pm_chain_several *several)
{
    if (!several->first) {
        return pm_question_trouble(&several->first_question);
    }
    return several->second ? NULL : pm_question_trouble(&several->second_question);
}
