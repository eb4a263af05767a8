/* test_can_join.c - may a wallet join a run, which reasons stand in its way, why are its rewards zero:
 * one case a row, each a run that can be joined but for what the row says. */

#include "action/can_join.h"
#include "check.h"

static const struct pm_wallet_who WHO = {.key = {{7}}};
static const struct pm_wallet_who WHO_NAMES_ANOTHER = {
    .key = {{7}}, .has_other = true, .other = {{9}}};

/* A run that waits for members and lets everybody in. */
static struct pm_wallet_run open_run(void)
{
    return (struct pm_wallet_run){
        .has_state = true,
        .state =
            {
                .state = PM_CHAIN_STATE_WAITING_FOR_MEMBERS,
                .batch_size_end = 512,
                .member_count = 3,
                .current_rates = {.earning_total = 1000},
                .future_rates = {.earning_total = 1000},
            },
        .grants =
            {
                [PM_GRANTEE_EVERYBODY] = {.leave = PM_LEAVE_VALID},
                [PM_GRANTEE_WALLET] = {.leave = PM_LEAVE_ABSENT},
            },
    };
}

static struct pm_wallet_account funded(void)
{
    return (struct pm_wallet_account){.kind = PM_WALLET_PLAIN, .lamports = 5};
}

static const char *reasons_of(const struct pm_join *join)
{
    static char text[400];
    size_t len = 0;
    text[0] = '\0';
    for (size_t i = 0; i < join->count; i++) {
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%s", i ? " " : "",
                                pm_join_word(join->reasons[i]));
    }
    return text;
}

/* --- the state of the run, and the wallet's own --- */

struct run_case {
    const char *what, *verdict, *reasons, *by_tool;
    enum pm_chain_state state;
    bool is_pause_asked, is_member, is_in_epoch;
    size_t members;
    uint16_t batch;
    uint64_t lamports;
    enum pm_wallet_kind kind;
};

static const struct run_case RUN_CASES[] = {
    {"waiting", "yes", "", "yes", PM_CHAIN_STATE_WAITING_FOR_MEMBERS, false, false, false, 3, 512,
     5, PM_WALLET_PLAIN},
    {"paused", "no", "paused", "yes", PM_CHAIN_STATE_PAUSED, false, false, false, 3, 512, 5,
     PM_WALLET_PLAIN},
    {"finished", "no", "finished", "yes", PM_CHAIN_STATE_FINISHED, false, false, false, 3, 512, 5,
     PM_WALLET_PLAIN},
    {"fresh", "no", "not_set_up batch_size_reached", "yes", PM_CHAIN_STATE_UNINITIALIZED, false,
     false, false, 0, 0, 5, PM_WALLET_PLAIN},
    {"training", "yes", "epoch_under_way", "yes", PM_CHAIN_STATE_ROUND_TRAIN, false, false, false,
     3, 512, 5, PM_WALLET_PLAIN},
    {"will pause", "yes", "pause_asked epoch_under_way", "yes", PM_CHAIN_STATE_COOLDOWN, true,
     false, false, 3, 512, 5, PM_WALLET_PLAIN},
    {"in the epoch", "no", "already_in_epoch", "no: already in this epoch",
     PM_CHAIN_STATE_ROUND_WITNESS, false, true, true, 3, 512, 5, PM_WALLET_PLAIN},
    {"in the epoch of a paused run", "no", "paused", "yes", PM_CHAIN_STATE_PAUSED, false, true,
     true, 3, 512, 5, PM_WALLET_PLAIN},
    {"in the epoch of a run that is set up anew", "no", "not_set_up", "yes",
     PM_CHAIN_STATE_UNINITIALIZED, false, true, true, 3, 512, 5, PM_WALLET_PLAIN},
    {"full", "no", "no_free_slot", "yes", PM_CHAIN_STATE_WAITING_FOR_MEMBERS, false, false, false,
     256, 512, 5, PM_WALLET_PLAIN},
    {"full, but it has a place", "yes", "", "yes", PM_CHAIN_STATE_WAITING_FOR_MEMBERS, false, true,
     false, 256, 512, 5, PM_WALLET_PLAIN},
    {"255 of 256", "yes", "", "yes", PM_CHAIN_STATE_WAITING_FOR_MEMBERS, false, false, false, 255,
     512, 5, PM_WALLET_PLAIN},
    {"as many as sequences", "no", "batch_size_reached", "yes", PM_CHAIN_STATE_WAITING_FOR_MEMBERS,
     false, false, false, 8, 8, 5, PM_WALLET_PLAIN},
    {"one less", "yes", "", "yes", PM_CHAIN_STATE_WAITING_FOR_MEMBERS, false, false, false, 7, 8, 5,
     PM_WALLET_PLAIN},
    {"no SOL", "no", "no_lamports", "no: no lamports", PM_CHAIN_STATE_WAITING_FOR_MEMBERS, false,
     false, false, 3, 512, 0, PM_WALLET_PLAIN},
    {"no account", "no", "no_lamports", "no: no lamports", PM_CHAIN_STATE_WAITING_FOR_MEMBERS,
     false, false, false, 3, 512, 0, PM_WALLET_ABSENT},
    {"a mint", "no", "not_a_wallet", "yes", PM_CHAIN_STATE_WAITING_FOR_MEMBERS, false, false, false,
     3, 512, 5, PM_WALLET_MINT},
    {"an address without a key", "no", "not_a_wallet", "yes", PM_CHAIN_STATE_WAITING_FOR_MEMBERS,
     false, false, false, 3, 512, 5, PM_WALLET_KEYLESS},
    {"account unknown", "unknown", "", NULL, PM_CHAIN_STATE_WAITING_FOR_MEMBERS, false, false,
     false, 3, 512, 0, PM_WALLET_UNKNOWN},
    {"all at once", "no", "paused no_free_slot no_lamports", "no: no lamports",
     PM_CHAIN_STATE_PAUSED, false, false, false, 256, 512, 0, PM_WALLET_PLAIN},
};

static void check_text(const char *got, const char *want, const char *what)
{
    CHECK(got && want ? strcmp(got, want) == 0 : got == want, "%s: got %s, want %s", what,
          got ? got : "nothing", want ? want : "nothing");
}

static void test_runs(void)
{
    for (size_t i = 0; i < sizeof RUN_CASES / sizeof *RUN_CASES; i++) {
        const struct run_case *row = &RUN_CASES[i];
        struct pm_wallet_run run = open_run();
        struct pm_wallet_account account = {.kind = row->kind, .lamports = row->lamports};
        run.state.state = row->state;
        run.state.pending_pause = row->is_pause_asked;
        run.state.member_count = row->members;
        run.state.batch_size_end = row->batch;
        run.member.is_member = row->is_member;
        run.member.is_in_epoch = row->is_in_epoch;
        struct pm_join join = pm_can_join(&WHO, &account, &run);
        check_text(pm_join_verdict_word(join.verdict), row->verdict, row->what);
        check_text(reasons_of(&join), row->reasons, row->what);
        check_text(pm_can_join_by_tool(&account, &run, PM_GRANTEE_EVERYBODY), row->by_tool,
                   row->what);
    }
}

/* --- leave --- */

static const struct {
    enum pm_leave everybody, wallet, other;
    bool names_another;
    const char *verdict, *reasons;
    enum pm_grantee way;
} LEAVES[] = {
    {PM_LEAVE_VALID, PM_LEAVE_ABSENT, PM_LEAVE_UNKNOWN, false, "yes", "", PM_GRANTEE_EVERYBODY},
    {PM_LEAVE_ABSENT, PM_LEAVE_VALID, PM_LEAVE_UNKNOWN, false, "yes", "", PM_GRANTEE_WALLET},
    {PM_LEAVE_VALID, PM_LEAVE_VALID, PM_LEAVE_UNKNOWN, false, "yes", "", PM_GRANTEE_EVERYBODY},
    {PM_LEAVE_INACTIVE, PM_LEAVE_VALID, PM_LEAVE_UNKNOWN, false, "yes", "", PM_GRANTEE_WALLET},
    {PM_LEAVE_ABSENT, PM_LEAVE_ABSENT, PM_LEAVE_UNKNOWN, false, "no", "no_authorization",
     PM_GRANTEE_COUNT},
    {PM_LEAVE_ABSENT, PM_LEAVE_ABSENT, PM_LEAVE_VALID, true, "yes", "", PM_GRANTEE_OTHER},
    {PM_LEAVE_ABSENT, PM_LEAVE_ABSENT, PM_LEAVE_OTHER_GRANTEE, true, "no", "wrong_grantee",
     PM_GRANTEE_COUNT},
    {PM_LEAVE_ABSENT, PM_LEAVE_ABSENT, PM_LEAVE_UNKNOWN, true, "unknown", "", PM_GRANTEE_COUNT},
    {PM_LEAVE_UNKNOWN, PM_LEAVE_ABSENT, PM_LEAVE_UNKNOWN, false, "unknown", "", PM_GRANTEE_COUNT},
    {PM_LEAVE_INACTIVE, PM_LEAVE_ABSENT, PM_LEAVE_UNKNOWN, false, "no", "authorization_inactive",
     PM_GRANTEE_COUNT},
    {PM_LEAVE_OTHER_GRANTOR, PM_LEAVE_ABSENT, PM_LEAVE_UNKNOWN, false, "no", "wrong_grantor",
     PM_GRANTEE_COUNT},
    {PM_LEAVE_ABSENT, PM_LEAVE_OTHER_SCOPE, PM_LEAVE_UNKNOWN, false, "no", "wrong_scope",
     PM_GRANTEE_COUNT},
    {PM_LEAVE_UNREADABLE, PM_LEAVE_ABSENT, PM_LEAVE_UNKNOWN, false, "no",
     "authorization_unreadable", PM_GRANTEE_COUNT},
    {PM_LEAVE_INACTIVE, PM_LEAVE_OTHER_SCOPE, PM_LEAVE_UNKNOWN, false, "no",
     "authorization_inactive wrong_scope", PM_GRANTEE_COUNT},
};

static void test_leaves(void)
{
    for (size_t i = 0; i < sizeof LEAVES / sizeof *LEAVES; i++) {
        struct pm_wallet_run run = open_run();
        struct pm_wallet_account account = funded();
        char what[20];
        (void)snprintf(what, sizeof what, "leaves %zu", i);
        run.grants[PM_GRANTEE_EVERYBODY].leave = LEAVES[i].everybody;
        run.grants[PM_GRANTEE_WALLET].leave = LEAVES[i].wallet;
        run.grants[PM_GRANTEE_OTHER].leave = LEAVES[i].other;
        struct pm_join join =
            pm_can_join(LEAVES[i].names_another ? &WHO_NAMES_ANOTHER : &WHO, &account, &run);
        check_text(pm_join_verdict_word(join.verdict), LEAVES[i].verdict, what);
        check_text(reasons_of(&join), LEAVES[i].reasons, what);
        CHECK(join.way == LEAVES[i].way, "%s: way %d", what, (int)join.way);
        bool is_unknown =
            LEAVES[i].everybody == PM_LEAVE_UNKNOWN || LEAVES[i].everybody == PM_LEAVE_UNREADABLE;
        CHECK(!pm_can_join_by_tool(&account, &run, PM_GRANTEE_EVERYBODY) == is_unknown,
              "%s: what the tool says", what);
    }
}

/* What a leave says of itself counts, whatever address it stands at; and all that is wrong with it. */
static void test_judging(void)
{
    static const struct pm_key grantor = {{1}}, another = {{2}};
    const pm_str scope = PM_STR(PM_AUTHORIZATION_JOIN_RUN), other_scope = PM_STR("Else");
    const struct pm_key user = {{7}}, boss = {{9}}, nobody = {{0}};
    const pm_str delegates = {(const char *)user.bytes, PM_KEY_BYTES};
    const struct {
        struct pm_authorization leave;
        enum pm_leave want;
        unsigned flaws;
    } cases[] = {
        {{.grantor = grantor, .scope = scope, .is_active = true}, PM_LEAVE_VALID, 0},
        {{.grantor = another, .scope = scope, .is_active = true},
         PM_LEAVE_OTHER_GRANTOR,
         1U << PM_LEAVE_OTHER_GRANTOR},
        {{.grantor = grantor, .scope = other_scope, .is_active = true},
         PM_LEAVE_OTHER_SCOPE,
         1U << PM_LEAVE_OTHER_SCOPE},
        {{.grantor = grantor, .scope = scope}, PM_LEAVE_INACTIVE, 1U << PM_LEAVE_INACTIVE},
        {{.grantor = grantor, .grantee = boss, .scope = scope, .is_active = true},
         PM_LEAVE_OTHER_GRANTEE,
         1U << PM_LEAVE_OTHER_GRANTEE},
        {{.grantor = grantor, .grantee = user, .scope = scope, .is_active = true},
         PM_LEAVE_VALID,
         0},
        {{.grantor = grantor, .grantee = nobody, .scope = scope, .is_active = true},
         PM_LEAVE_VALID,
         0},
        {{.grantor = grantor, .grantee = boss, .scope = scope},
         PM_LEAVE_INACTIVE,
         1U << PM_LEAVE_INACTIVE | 1U << PM_LEAVE_OTHER_GRANTEE},
        {{.grantor = another, .grantee = boss, .scope = other_scope},
         PM_LEAVE_INACTIVE,
         1U << PM_LEAVE_INACTIVE | 1U << PM_LEAVE_OTHER_GRANTEE | 1U << PM_LEAVE_OTHER_GRANTOR |
             1U << PM_LEAVE_OTHER_SCOPE},
        {{.grantor = grantor,
          .grantee = boss,
          .scope = scope,
          .is_active = true,
          .delegate_count = 1,
          .delegates = delegates},
         PM_LEAVE_VALID,
         0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pm_wallet_grant got =
            pm_wallet_judge_leave(&WHO_NAMES_ANOTHER, &cases[i].leave, &grantor);
        CHECK(got.leave == cases[i].want && got.flaws == cases[i].flaws,
              "leave %zu: got %d and %x, want %d and %x", i, (int)got.leave, got.flaws,
              (int)cases[i].want, cases[i].flaws);
    }
}

static void test_all_flaws(void)
{
    struct pm_wallet_run run = open_run();
    struct pm_wallet_account account = funded();
    run.grants[PM_GRANTEE_EVERYBODY] = (struct pm_wallet_grant){
        .leave = PM_LEAVE_INACTIVE, .flaws = 1U << PM_LEAVE_INACTIVE | 1U << PM_LEAVE_OTHER_SCOPE};
    run.grants[PM_GRANTEE_OTHER].leave = PM_LEAVE_UNREADABLE;
    struct pm_join join = pm_can_join(&WHO_NAMES_ANOTHER, &account, &run);
    check_text(reasons_of(&join), "authorization_inactive wrong_scope authorization_unreadable",
               "all flaws of all leaves");
}

/* Psyche's tool looks at one thing after the other: what it does not come to need not be known. */
static void test_by_tool(void)
{
    static const struct {
        enum pm_leave leave;
        bool has_state;
        uint64_t lamports;
        const char *want;
    } cases[] = {
        {PM_LEAVE_UNKNOWN, false, 0, "no: no lamports"},
        {PM_LEAVE_UNREADABLE, true, 0, "no: no lamports"},
        {PM_LEAVE_UNREADABLE, true, 5, NULL},
        {PM_LEAVE_ABSENT, false, 5, "no: Authorization does not exist"},
        {PM_LEAVE_INACTIVE, false, 5, "no: Authorization invalid"},
        {PM_LEAVE_VALID, false, 5, NULL},
        {PM_LEAVE_VALID, true, 5, "yes"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pm_wallet_run run = open_run();
        struct pm_wallet_account account = funded();
        char what[20];
        (void)snprintf(what, sizeof what, "by tool %zu", i);
        account.lamports = cases[i].lamports;
        run.has_state = cases[i].has_state;
        run.grants[PM_GRANTEE_EVERYBODY].leave = cases[i].leave;
        check_text(pm_can_join_by_tool(&account, &run, PM_GRANTEE_EVERYBODY), cases[i].want, what);
    }
}

/* --- when, and why nothing --- */

/* An epoch that began at 50 and lasts 10; the phase began at 53; a cooldown lasts 5. */
static void test_openings(void)
{
    static const struct {
        enum pm_chain_state state;
        bool is_pause_asked;
        uint64_t start, length, state_start;
        uint32_t step;
        const char *when;
        uint64_t at; /* 0: not known */
    } cases[] = {
        {PM_CHAIN_STATE_UNINITIALIZED, false, 0, 10, 53, 1, "not_set_up", 0},
        {PM_CHAIN_STATE_WAITING_FOR_MEMBERS, false, 50, 10, 53, 1, "now", 0},
        {PM_CHAIN_STATE_WARMUP, false, 50, 10, 53, 1, "next_epoch", 65},
        {PM_CHAIN_STATE_ROUND_TRAIN, false, 50, 10, 53, 1, "next_epoch", 65},
        {PM_CHAIN_STATE_ROUND_WITNESS, true, 50, 10, 53, 1, "after_a_pause", 0},
        {PM_CHAIN_STATE_COOLDOWN, false, 50, 10, 53, 1, "next_epoch", 58},
        {PM_CHAIN_STATE_COOLDOWN, true, 50, 10, 53, 1, "after_a_pause", 58},
        {PM_CHAIN_STATE_COOLDOWN, false, 50, 10, 53, 99, "next_epoch", 58},
        {PM_CHAIN_STATE_COOLDOWN, false, 50, 10, 53, 100, "never", 58},
        {PM_CHAIN_STATE_COOLDOWN, true, 50, 10, 53, 101, "never", 58},
        {PM_CHAIN_STATE_COOLDOWN, false, 50, 10, 0, 1, "next_epoch", 0},
        {PM_CHAIN_STATE_COOLDOWN, false, 50, 10, UINT64_MAX - 4, 1, "next_epoch", 0},
        {PM_CHAIN_STATE_ROUND_TRAIN, false, UINT64_MAX, UINT64_MAX, 53, 1, "next_epoch", 0},
        {PM_CHAIN_STATE_ROUND_TRAIN, false, UINT64_MAX - 12, 10, 53, 1, "next_epoch", 0},
        {PM_CHAIN_STATE_FINISHED, true, 50, 10, 53, 1, "never", 0},
        {PM_CHAIN_STATE_PAUSED, false, 50, 10, 53, 1, "when_resumed", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct pm_wallet_state state = {.state = cases[i].state,
                                              .pending_pause = cases[i].is_pause_asked,
                                              .epoch_started_at = cases[i].start,
                                              .state_started_at = cases[i].state_start,
                                              .epoch_time = cases[i].length,
                                              .cooldown_time = 5,
                                              .step = cases[i].step,
                                              .total_steps = 100};
        struct pm_opening got = pm_next_opening(&state);
        check_text(got.when, cases[i].when, "when");
        CHECK(got.has_time == (cases[i].at > 0) && (!got.has_time || got.at == cases[i].at),
              "opening %zu: %d, %llu", i, got.has_time, (unsigned long long)got.at);
        CHECK(got.why && *got.why, "opening %zu: why", i);
    }
}

static void test_zeros(void)
{
    static const struct {
        struct pm_wallet_member member;
        enum pm_chain_state state;
        uint64_t rate, next_rate;
        bool has_treasurer;
        const char *word, *why;
    } cases[] = {
        {{0}, PM_CHAIN_STATE_ROUND_TRAIN, 9, 9, true, "none", NULL},
        {{.is_member = true, .earned = 5, .is_in_epoch = true},
         PM_CHAIN_STATE_ROUND_TRAIN,
         9,
         9,
         true,
         "active",
         NULL},
        {{.is_member = true, .earned = 5},
         PM_CHAIN_STATE_ROUND_TRAIN,
         9,
         9,
         false,
         "past",
         "nothing to claim: the run has no treasurer"},
        {{.is_member = true, .is_in_epoch = true},
         PM_CHAIN_STATE_ROUND_TRAIN,
         0,
         0,
         true,
         "active",
         "rates are 0"},
        {{.is_member = true, .is_in_epoch = true},
         PM_CHAIN_STATE_ROUND_TRAIN,
         0,
         7,
         true,
         "active",
         "rates are 0 until the next epoch"},
        {{.is_member = true, .is_in_epoch = true},
         PM_CHAIN_STATE_ROUND_TRAIN,
         9,
         9,
         true,
         "active",
         "points are given when the epoch ends"},
        {{.is_member = true, .is_next = true},
         PM_CHAIN_STATE_ROUND_TRAIN,
         9,
         9,
         true,
         "pending",
         "joined after the epoch began"},
        {{.is_member = true, .is_next = true},
         PM_CHAIN_STATE_WAITING_FOR_MEMBERS,
         9,
         9,
         true,
         "pending",
         "no epoch has begun since it joined"},
        {{.is_member = true, .has_exited = true, .exited_state = PM_CHAIN_CLIENT_DROPPED},
         PM_CHAIN_STATE_ROUND_TRAIN,
         9,
         9,
         true,
         "exited",
         "left before the epoch's end"},
        {{.is_member = true, .is_in_epoch = true, .epoch_state = PM_CHAIN_CLIENT_WITHDRAWN},
         PM_CHAIN_STATE_ROUND_TRAIN,
         9,
         9,
         true,
         "exited",
         "left before the epoch's end"},
        {{.is_member = true},
         PM_CHAIN_STATE_PAUSED,
         9,
         9,
         true,
         "past",
         "finished no epoch that gave points"},
        {{.is_member = true, .was_next = true},
         PM_CHAIN_STATE_ROUND_WITNESS,
         9,
         9,
         true,
         "past",
         "joined after the epoch began"}, /* while it was warming up */
        {{.is_member = true, .was_next = true},
         PM_CHAIN_STATE_WARMUP,
         9,
         9,
         true,
         "past",
         "finished no epoch that gave points"},
        {{.is_member = true, .is_next = true, .has_exited = true},
         PM_CHAIN_STATE_WAITING_FOR_MEMBERS,
         9,
         9,
         true,
         "pending",
         "left before the epoch's end"}, /* of the last one, and has joined anew */
        {{.is_member = true, .has_exited = true},
         PM_CHAIN_STATE_WAITING_FOR_MEMBERS,
         9,
         9,
         true,
         "exited",
         "left before the epoch's end"},
        {{.is_member = true, .is_in_epoch = true},
         PM_CHAIN_STATE_WAITING_FOR_MEMBERS,
         9,
         9,
         true,
         "past",
         "its last epoch gave it no points"},
        {{.is_member = true, .is_in_epoch = true, .epoch_state = PM_CHAIN_CLIENT_WITHDRAWN},
         PM_CHAIN_STATE_PAUSED,
         9,
         9,
         true,
         "past",
         "withdrawn from the epoch: a pause does that to all who are in it"},
        {{.is_member = true, .is_in_epoch = true, .epoch_state = PM_CHAIN_CLIENT_DROPPED},
         PM_CHAIN_STATE_PAUSED,
         9,
         9,
         true,
         "exited",
         "left before the epoch's end"},
        {{.is_member = true, .is_in_epoch = true},
         PM_CHAIN_STATE_ROUND_TRAIN,
         2,
         9,
         true,
         "active",
         "rates are less than a point for each client"},
        {{.is_member = true, .is_next = true},
         PM_CHAIN_STATE_FINISHED,
         9,
         9,
         true,
         "past",
         "finished no epoch that gave points"},
        {{.is_in_epoch = true}, PM_CHAIN_STATE_PAUSED, 9, 9, true, "past", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pm_wallet_run run = open_run();
        char what[20];
        (void)snprintf(what, sizeof what, "zero %zu", i);
        run.member = cases[i].member;
        run.state.state = cases[i].state;
        run.state.current_rates.earning_total = cases[i].rate;
        run.state.future_rates.earning_total = cases[i].next_rate;
        run.rewards.is_known = true;
        run.rewards.has_treasurer = cases[i].has_treasurer;
        run.state.client_count = 3;
        check_text(pm_member_word(&run), cases[i].word, what);
        check_text(pm_why_zero(&run), cases[i].why, what);
        run.has_state = false;
        check_text(pm_why_zero(&run), NULL, "without the run's account");
    }
    struct pm_wallet_run run = open_run();
    run.member = (struct pm_wallet_member){.is_member = true, .earned = 5};
    check_text(pm_why_zero(&run), NULL, "it is not known whether there is a treasurer");
}

static void test_unclaimed(void)
{
    struct pm_wallet_run run = open_run();
    run.member.earned = 10;
    CHECK(pm_wallet_unclaimed(&run) == 10, "nothing was claimed");
    run.rewards.participant.claimed_points = 4;
    CHECK(pm_wallet_unclaimed(&run) == 6, "a part");
    run.rewards.participant.claimed_points = 11;
    CHECK(pm_wallet_unclaimed(&run) == 0, "more than there is");
    run.member.is_member = run.rewards.is_known = run.rewards.has_treasurer = true;
    check_text(pm_why_zero(&run), NULL, "what was claimed is not known");
    run.rewards.is_participant_known = true;
    check_text(pm_why_zero(&run), "nothing to claim: all of it was claimed", "nothing is left");
    run.rewards.participant.claimed_points = 4;
    check_text(pm_why_zero(&run), NULL, "something is left");
}

int main(void)
{
    test_runs();
    test_leaves();
    test_judging();
    test_all_flaws();
    test_by_tool();
    test_openings();
    test_zeros();
    test_unclaimed();
    return check_done();
}
