/*
 * What became of links whose call had no reply: SearchClientLinks tells.
 */
#ifndef BACM_BULK_RECOVER_H
#define BACM_BULK_RECOVER_H

#include "bulk/lane.h"

/* What was found of a row, and what that says of its attempt. */
struct bulk_finding {
    enum bulk_event verdict; /* BULK_ABSENT to BULK_UNCLEAR */
    bool found;
    bacm_link_status status;
    char status_text[32];
    char modified[40];
    char tracking_id[64];
};

/*
 * Judge the newest link of a pair.
 *
 * found         NULL when there is none.
 * sent_ms       begin of the first attempt on the service's clock, at the earliest; 0 when
 *               not known: then no link that is there proves anything.
 * tolerance_ms  how far the service's clocks may differ.
 */
enum bulk_event bulk_judge(const bacm_client_link *found, int64_t sent_ms, int64_t tolerance_ms);

/*
 * Search for rows once. On BACM_OK findings[i] belongs to rows[i].
 * BACM_E_CANCELED and BACM_E_TIMEOUT when the run or the call's time is over,
 * else what the search has returned. Throttling has been told to the pacing.
 */
bacm_status bulk_resolve(struct bulk_lane *lane, struct bulk_row *const *rows, size_t n,
                         int64_t deadline_ms, struct bulk_finding *findings, bacm_error *error);

#endif
