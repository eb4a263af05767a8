/* ask.c - the smallest program around the library.
 *
 *     cc examples/ask.c $(pkg-config --cflags --libs psyche-monitor) -o ask
 *     ./ask '{"action":"run_details","run_id":"consilience"}'
 *
 * Prints the answer to its argument, or to list_runs, and ends with the answer's exit status. It is
 * C and C++ alike. */

#include <psyche_monitor.h>

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    const char *request = argc > 1 ? argv[1] : "{\"action\":\"list_runs\"}";

    if (psyche_monitor_abi() != PSYCHE_MONITOR_ABI) {
        (void)fprintf(stderr, "ask: built for another version of the library\n");
        return 1;
    }
    psyche_monitor *monitor = psyche_monitor_open(NULL, 0);
    if (!monitor) {
        (void)fprintf(stderr, "ask: memory ran out\n");
        return 1;
    }

    psyche_monitor_reply *reply = psyche_monitor_call(monitor, request, strlen(request));
    (void)puts(psyche_monitor_reply_text(reply, NULL));
    int status = psyche_monitor_reply_status(reply);

    psyche_monitor_reply_free(reply);
    psyche_monitor_close(monitor);
    return status;
}
