/* test_gate.c - who computes, who waits for a place, and who does not wait for one. */

#include "net/inside.h"

#include "check.h"

#include <stdatomic.h>
#include <string.h>

#define PLACES 2
#define CALLERS 12
#define ROUNDS 400
#define LONG_MS 60000

struct caller {
    pthread_t thread;
    struct pm_net *net;
    struct pm_wait wait;
    int64_t until_mono_ms;
    atomic_int *inside, *most, *came;
    int order; /* in which it came inside: 1 first; 0: not yet */
};

static struct pm_net *make_net(void)
{
    struct pm_settings settings;
    memset(&settings, 0, sizeof settings);
    struct pm_net *net = pm_net_make(&settings);
    if (net) {
        net->gate.places = PLACES;
    }
    return net;
}

/* --- many --- */

static void note_most(atomic_int *most, int now)
{
    int before = atomic_load(most);
    while (now > before && !atomic_compare_exchange_weak(most, &before, now)) {
    }
}

static void *go_round(void *user)
{
    struct caller *caller = user;
    for (int i = 0; i < ROUNDS; i++) {
        pm_net_enter(caller->net, &caller->wait, caller->until_mono_ms);
        note_most(caller->most, atomic_fetch_add(caller->inside, 1) + 1);
        if (i % 8 == 0) { /* as if it waited for a source */
            atomic_fetch_sub(caller->inside, 1);
            pm_net_lock(caller->net);
            bool has_left = pm_gate_leave(caller->net, &caller->wait);
            pm_net_sleep(caller->net, &caller->wait, pm_clock_mono_ms() + 1);
            if (has_left) {
                pm_gate_enter(caller->net, &caller->wait, caller->until_mono_ms);
            }
            pm_net_unlock(caller->net);
            note_most(caller->most, atomic_fetch_add(caller->inside, 1) + 1);
        }
        atomic_fetch_sub(caller->inside, 1);
        pm_net_exit(caller->net, &caller->wait);
    }
    return NULL;
}

static void test_many(struct pm_net *net)
{
    static struct caller callers[CALLERS];
    atomic_int inside = 0, most = 0;
    for (int i = 0; i < CALLERS; i++) {
        callers[i] = (struct caller){
            .net = net,
            .until_mono_ms = pm_clock_mono_ms() + LONG_MS,
            .inside = &inside,
            .most = &most,
        };
        CHECK(pm_wait_init(&callers[i].wait), "caller %d", i);
        CHECK(pthread_create(&callers[i].thread, NULL, go_round, &callers[i]) == 0, "%d", i);
    }
    for (int i = 0; i < CALLERS; i++) {
        (void)pthread_join(callers[i].thread, NULL);
        pm_wait_finish(&callers[i].wait);
    }
    CHECK(most <= PLACES, "%d at a time", most);
    CHECK(net->gate.inside == 0 && !net->gate.first && !net->gate.last, "%u left",
          net->gate.inside);
}

/* --- the line --- */

static void *enter_once(void *user)
{
    struct caller *caller = user;
    pm_net_enter(caller->net, &caller->wait, caller->until_mono_ms);
    caller->order = atomic_fetch_add(caller->came, 1) + 1;
    pm_net_exit(caller->net, &caller->wait);
    return NULL;
}

static void wait_for_line(struct pm_net *net, const struct pm_wait *last)
{
    for (bool is_there = false; !is_there;) {
        pm_net_lock(net);
        is_there = net->gate.last == last;
        pm_net_unlock(net);
        (void)sched_yield();
    }
}

static void line_up(struct caller *caller, struct pm_net *net, atomic_int *came, int64_t wait_ms)
{
    *caller =
        (struct caller){.net = net, .until_mono_ms = pm_clock_mono_ms() + wait_ms, .came = came};
    CHECK(pm_wait_init(&caller->wait), "a caller");
    CHECK(pthread_create(&caller->thread, NULL, enter_once, caller) == 0, "its thread");
}

static void finish(struct caller *caller)
{
    (void)pthread_join(caller->thread, NULL);
    pm_wait_finish(&caller->wait);
}

/* Both places are taken: those who come later go in one by one, in the order in which they came, but
 * for the one that is cancelled and the one whose time is up. */
static void test_line(struct pm_net *net)
{
    struct pm_wait holders[PLACES];
    struct caller first, cancelled, second, late;
    atomic_int came = 0;
    for (int i = 0; i < PLACES; i++) {
        CHECK(pm_wait_init(&holders[i]), "holder %d", i);
        pm_net_enter(net, &holders[i], pm_clock_mono_ms() + LONG_MS);
    }
    line_up(&first, net, &came, LONG_MS);
    wait_for_line(net, &first.wait);
    line_up(&cancelled, net, &came, LONG_MS);
    wait_for_line(net, &cancelled.wait);
    line_up(&second, net, &came, LONG_MS);
    wait_for_line(net, &second.wait);
    pm_net_cancel(net, &cancelled.wait);
    finish(&cancelled);
    line_up(&late, net, &came, 1);
    finish(&late);
    CHECK(came == 2 && cancelled.order == 1 && late.order == 2, "%d came", came);
    CHECK(net->gate.first == &first.wait && net->gate.last == &second.wait, "the line");
    pm_net_exit(net, &holders[0]); /* its place goes to the first, and from there to the second */
    finish(&first);
    finish(&second);
    CHECK(first.order == 3 && second.order == 4, "%d before %d", first.order, second.order);
    CHECK(net->gate.inside == 1, "%u inside", net->gate.inside);
    pm_net_exit(net, &holders[1]);
    pm_net_exit(net, &holders[1]); /* nobody is inside twice, nor leaves twice */
    CHECK(net->gate.inside == 0 && !net->gate.first, "%u inside", net->gate.inside);
    for (int i = 0; i < PLACES; i++) {
        pm_wait_finish(&holders[i]);
    }
}

int main(void)
{
    struct pm_net *net = make_net();
    CHECK(pm_gate_places() > 0, "there is a processor");
    CHECK(net != NULL, "a net");
    if (net) {
        test_many(net);
        test_line(net);
        pm_net_close(net);
    }
    return check_done();
}
