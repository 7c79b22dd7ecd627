#include "bulk/service_clock.h"

#include <time.h>

/* A Date has whole seconds: the service's time was less than this later. */
enum { DATE_UNIT_MS = 1000 };

static int64_t read_clock(clockid_t id)
{
    struct timespec now;

    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t bulk_steady_ms(void)
{
    return read_clock(CLOCK_BOOTTIME);
}

bool bulk_service_clock_init(struct bulk_service_clock *clock, int64_t tolerance_ms)
{
    *clock = (struct bulk_service_clock){.tolerance_ms = tolerance_ms};
    return pthread_mutex_init(&clock->lock, NULL) == 0;
}

void bulk_service_clock_destroy(struct bulk_service_clock *clock)
{
    pthread_mutex_destroy(&clock->lock);
}

/* What two replies agree on; where they do not, what either says, if they are close. */
static void agree(struct bulk_service_clock *clock, int64_t least, int64_t most)
{
    bool later = least > clock->most_ms;
    bool earlier = most < clock->least_ms;

    if (least > clock->most_ms + clock->tolerance_ms ||
        most < clock->least_ms - clock->tolerance_ms)
        clock->contradicted = true;
    if (later)
        clock->most_ms = most;
    else if (earlier)
        clock->least_ms = least;
    else {
        clock->least_ms = least > clock->least_ms ? least : clock->least_ms;
        clock->most_ms = most < clock->most_ms ? most : clock->most_ms;
    }
}

void bulk_service_clock_note(struct bulk_service_clock *clock, int64_t date_ms, int64_t begun_ms,
                             int64_t ended_ms)
{
    int64_t least = date_ms - ended_ms;
    int64_t most = date_ms + DATE_UNIT_MS - begun_ms;

    if (!date_ms)
        return;
    pthread_mutex_lock(&clock->lock);
    if (clock->known) {
        agree(clock, least, most);
    } else {
        clock->known = true;
        clock->least_ms = least;
        clock->most_ms = most;
    }
    pthread_mutex_unlock(&clock->lock);
}

int64_t bulk_service_clock_at(struct bulk_service_clock *clock, const struct bulk_moment *moment)
{
    int64_t at = moment->service_ms;

    pthread_mutex_lock(&clock->lock);
    if (clock->contradicted)
        at = 0;
    else if (!at && moment->steady_ms && clock->known)
        at = moment->steady_ms + clock->least_ms;
    pthread_mutex_unlock(&clock->lock);
    return at;
}

struct bulk_moment bulk_moment_now(struct bulk_service_clock *clock)
{
    struct bulk_moment now = {.steady_ms = bulk_steady_ms(), .wall_ms = read_clock(CLOCK_REALTIME)};

    now.service_ms = bulk_service_clock_at(clock, &now);
    return now;
}
