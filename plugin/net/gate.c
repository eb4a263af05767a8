/* gate.c - how many calls compute at a time.
 *
 * A call whose replies are at hand needs a processor for a tenth of a millisecond and nothing else.
 * Of many such at once the system's scheduler lets each thread go on for milliseconds, one after the
 * other, so that the last of them waits a thousand times as long as it works. Therefore only a few
 * calls of a handle compute at a time: the others sleep, and go on in the order in which they came.
 * A call that waits for a source is not among them: it leaves its place, and lines up again when
 * there is news. Whoever's time is up, or who is cancelled, goes on at once. */

#include "net/inside.h"

#include <sched.h>

#define PLACES_PER_PROCESSOR 2 /* one is at work while the other is being woken */
#define PLACES_AT_ALL 64       /* when nobody says how many processors there are */

unsigned pm_gate_places(void)
{
    cpu_set_t usable;
    int count = sched_getaffinity(0, sizeof usable, &usable) == 0 ? CPU_COUNT(&usable) : 0;
    return count > 0 ? PLACES_PER_PROCESSOR * (unsigned)count : PLACES_AT_ALL;
}

static void line_up(struct gate *gate, struct pm_wait *wait)
{
    wait->behind = NULL;
    if (gate->last) {
        gate->last->behind = wait;
    } else {
        gate->first = wait;
    }
    gate->last = wait;
}

static void step_out(struct gate *gate, const struct pm_wait *wait)
{
    struct pm_wait *before = NULL;
    for (struct pm_wait *each = gate->first; each != wait; each = each->behind) {
        before = each;
    }
    if (before) {
        before->behind = wait->behind;
    } else {
        gate->first = wait->behind;
    }
    if (gate->last == wait) {
        gate->last = before;
    }
}

bool pm_gate_init(struct gate *gate)
{
    size_t made = 0;
    gate->places = pm_gate_places();
    while (made < TURNS && pm_net_init_cond(&gate->turns[made])) {
        made++;
    }
    for (size_t i = 0; made < TURNS && i < made; i++) {
        pthread_cond_destroy(&gate->turns[i]);
    }
    return made == TURNS;
}

void pm_gate_finish(struct gate *gate)
{
    for (size_t i = 0; i < TURNS; i++) {
        pthread_cond_destroy(&gate->turns[i]);
    }
}

void pm_gate_enter(struct pm_net *net, struct pm_wait *wait, int64_t until_mono_ms)
{
    struct gate *gate = &net->gate;
    struct timespec until = pm_net_moment(until_mono_ms);
    if (gate->inside < gate->places) { /* then nobody is waiting */
        gate->inside++;
        wait->is_inside = true;
        return;
    }
    wait->turn = gate->next_turn++ % TURNS;
    line_up(gate, wait);
    while (!wait->is_inside && !wait->is_cancelled && pm_clock_mono_ms() < until_mono_ms) {
        (void)pthread_cond_timedwait(&gate->turns[wait->turn], &net->lock, &until);
    }
    if (!wait->is_inside) {
        step_out(gate, wait);
        gate->inside++;
        wait->is_inside = true;
    }
}

/* Whom to wake when the lock is let go: who is woken before has to sleep once more. NULL: nobody.
 * It is the gate's own, for the call that waits there may be gone by then. */
static pthread_cond_t *give_place(struct gate *gate, struct pm_wait *wait)
{
    struct pm_wait *next = gate->first;
    wait->is_inside = false;
    if (next && gate->inside <= gate->places) { /* the place goes from hand to hand */
        step_out(gate, next);
        next->is_inside = true;
        return &gate->turns[next->turn];
    }
    gate->inside--;
    return NULL;
}

bool pm_gate_leave(struct pm_net *net, struct pm_wait *wait)
{
    bool was_inside = wait->is_inside;
    pthread_cond_t *turn = was_inside ? give_place(&net->gate, wait) : NULL;
    if (turn) {
        pthread_cond_broadcast(turn);
    }
    return was_inside;
}

void pm_net_enter(struct pm_net *net, struct pm_wait *wait, int64_t until_mono_ms)
{
    pthread_mutex_lock(&net->lock);
    pm_gate_enter(net, wait, until_mono_ms);
    pthread_mutex_unlock(&net->lock);
}

void pm_net_exit(struct pm_net *net, struct pm_wait *wait)
{
    pthread_mutex_lock(&net->lock);
    pthread_cond_t *turn = wait->is_inside ? give_place(&net->gate, wait) : NULL;
    pthread_mutex_unlock(&net->lock);
    if (turn) {
        pthread_cond_broadcast(turn);
    }
}
