/*
 * What became of links whose call had no reply: SearchClientLinks tells.
 */
#ifndef BACM_BULK_RESOLVE_H
#define BACM_BULK_RESOLVE_H

#include "bulk/lane.h"

enum bulk_verdict {
    BULK_ABSENT = 0, /* no link that could be in the way: none, or one that had ended before */
    BULK_ADDED,      /* a link that the attempt has made */
    BULK_BEFORE,     /* a link from before the attempt for which the pair is refused */
    BULK_UNCLEAR     /* changed after the attempt into a status that tells nothing about it */
};

struct bulk_finding {
    enum bulk_verdict verdict;
    char status[32];   /* of the link that was found */
    char modified[40]; /* the same */
    char tracking_id[64];
};

/*
 * Judge the newest link of a pair.
 *
 * found         NULL when there is none.
 * sent_ms       wall clock at the begin of the first attempt; 0 when not known.
 * tolerance_ms  how far the clocks may differ.
 */
enum bulk_verdict bulk_judge(const bacm_client_link *found, int64_t sent_ms, int64_t tolerance_ms);

/* Whether a link is the one of the pair that was to be invited. */
bool bulk_same_pair(const bacm_client_link *wanted, const bacm_client_link *found);

/* The service's time as milliseconds since 1970; 0 when the text is none or is before 2000. */
int64_t bulk_parse_time(const char *text);

/*
 * Search for rows once. On BACM_OK findings[i] belongs to rows[i].
 * BACM_E_CANCELED and BACM_E_TIMEOUT when the run or the call's time is over,
 * else what the search has returned. Throttling has been told to the pacing.
 */
bacm_status bulk_resolve(struct bulk_lane *lane, struct bulk_row *const *rows, size_t n,
                         int64_t deadline_ms, struct bulk_finding *findings, bacm_error *error);

#endif
