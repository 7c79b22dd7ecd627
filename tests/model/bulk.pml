/*
 * The protocol of a bulk run for one pair: a lane, the journal, a process that may be
 * killed at any step and started again, a machine clock that may be wrong, and a service that
 * may lose requests and replies, carry requests out late, and show links late.
 *
 *     make model                    all of it, and the named counterexample
 *
 * Time is counted in ticks. What is assumed of the service has a name here; README lists it.
 * States of a row, events and arrows are those of src/bulk/row_state.c: FRESH, LOST, CLEARED,
 * BLOCKED, CLAIMED and the decided ones.
 */

/* --- what is assumed of the service ------------------------------------------------- */

#ifndef LATEST_EFFECT       /* a request whose reply was lost takes effect at most so many */
#define LATEST_EFFECT 0     /* searches later; 0: before any search that follows it */
#endif
#ifndef SEARCH_DELAY        /* searches that may still not show a link that is there */
#define SEARCH_DELAY 0
#endif
#ifndef CLIENT_MAY_REFUSE   /* the client may end an invitation before the run has settled it */
#define CLIENT_MAY_REFUSE 1
#endif
#ifndef REFUSES_DUPLICATES  /* a pair that waits or is active is refused with 1410 */
#define REFUSES_DUPLICATES 1
#endif
#ifndef DATES_ARE_TRUE      /* Date and LastModified are of one clock, within the tolerance */
#define DATES_ARE_TRUE 1
#endif

/* --- what the code does; a model with one of these changed must fail ------------------ */

#ifndef SEARCH_BEFORE_RESEND
#define SEARCH_BEFORE_RESEND 1
#endif
#ifndef JOURNAL_BEFORE_SEND
#define JOURNAL_BEFORE_SEND 1
#endif
#ifndef SERVICE_CLOCK       /* 0: the machine's clock judges */
#define SERVICE_CLOCK 1
#endif
#ifndef UNCLEAR_IS_UNKNOWN  /* 0: a link that has ended since is taken for none */
#define UNCLEAR_IS_UNKNOWN 1
#endif

#define TRIES 6              /* sends and searches of one process */
#define KILLS 2

mtype = {FRESH, LOST, CLEARED, BLOCKED, CLAIMED, ADDED, FAILED, UNKNOWN, NOT_SENT};
mtype = {NONE, PENDING, ENDED};                             /* the newest link of the pair */
mtype = {DONE, NOTHING, INVITED};                           /* what a request brings */
mtype = {J_NONE, J_SENDING, J_ADDED, J_FAILED, J_UNKNOWN};  /* the row in the journal */

/* the service */
mtype link = NONE;
bool link_is_ours = false;
bool link_is_new = false;   /* modified after our first open attempt began, by the true time */
bool late = false;          /* a request of ours is still under way */
byte late_left = 0;         /* searches that it may outlast */
byte hidden_left = 0;       /* searches that do not show the newest link yet */
byte invited = 0;           /* times that a client got an invitation of ours */
bool unproven = false;      /* one of them without a search that said "not there" */
bool ended_ours = false;    /* the client has said no to an invitation of ours */

/* the journal, which survives */
mtype on_disk = J_NONE;
bool timed = false;         /* the time of the first attempt is the service's */

/* the process */
mtype row = FRESH;
byte tries = 0;
byte kills = 0;
bool searched = false;      /* since the last request */
bool skewed = false;        /* the machine's clock is ahead */
bool over = false;

/* A request of ours takes effect. */
inline effect(reply) {
    if
    :: link == PENDING && REFUSES_DUPLICATES -> reply = INVITED
    :: else ->
        unproven = unproven || (invited > 0 && !searched);
        invited++;
        link = PENDING; link_is_ours = true; link_is_new = true;
        if
        :: SEARCH_DELAY > 0 -> hidden_left = SEARCH_DELAY
        :: hidden_left = 0
        fi;
        reply = DONE
    fi
}

/* One that is still under way may take effect now; it must before its last search. */
inline settle_late() {
    if
    :: late ->
        if
        :: true -> late = false; effect(scratch)
        :: late_left > 0 -> late_left--
        :: late = false     /* it never came */
        fi
    :: else
    fi
}

/* The service by itself, or the client: an invitation of ours comes to its end. */
inline client_acts() {
    if
    :: CLIENT_MAY_REFUSE && link == PENDING && link_is_ours && !ended_ours ->
        link = ENDED; ended_ours = true
    :: true
    fi
}

inline send_row() {
    assert(row == FRESH || row == CLEARED || row == BLOCKED);
    tries++;
    if
    :: true -> effect(reply)                            /* all goes well */
    :: reply = NOTHING                                  /* the request is lost */
    :: true -> effect(scratch); reply = NOTHING         /* the reply is lost */
    :: !late -> late = true; late_left = LATEST_EFFECT; reply = NOTHING
    fi;
    searched = false;
    if
    :: reply == DONE -> row = ADDED
    :: reply == NOTHING -> row = LOST
    :: reply == INVITED && (row == FRESH || row == BLOCKED) -> row = FAILED
    :: reply == INVITED && row == CLEARED -> row = CLAIMED
    fi
}

/* Who made the link that a search shows: by the service's time, if it is known. */
inline judge() {
    if
    :: hidden_left > 0 && link_is_ours -> hidden_left--; verdict = NONE
    :: else -> verdict = link
    fi;
    if
    :: verdict == NONE -> seen_new = false
    :: verdict != NONE && SERVICE_CLOCK && DATES_ARE_TRUE -> seen_new = link_is_new
    :: verdict != NONE && !(SERVICE_CLOCK && DATES_ARE_TRUE) -> seen_new = link_is_new && !skewed
    fi;
    if
    :: verdict == NONE -> row = (row == CLAIMED -> CLAIMED : CLEARED)
    :: verdict != NONE && !timed && SERVICE_CLOCK -> row = UNKNOWN
    :: verdict == PENDING && seen_new && (timed || !SERVICE_CLOCK) -> row = ADDED
    :: verdict == PENDING && !seen_new && (timed || !SERVICE_CLOCK) ->
        row = (row == CLAIMED -> FAILED : BLOCKED)
    :: verdict == ENDED && seen_new && (timed || !SERVICE_CLOCK) ->
        row = (UNCLEAR_IS_UNKNOWN -> UNKNOWN : CLEARED)
    :: verdict == ENDED && !seen_new && (timed || !SERVICE_CLOCK) ->
        row = (row == CLAIMED -> CLAIMED : CLEARED)
    fi
}

inline search_row() {
    assert(row == LOST || row == CLAIMED);
    tries++;
    settle_late();
    if
    :: true -> judge(); searched = true                 /* an answer */
    :: true                                             /* none */
    fi
}

inline write_down() {
    if
    :: row == ADDED -> on_disk = J_ADDED
    :: row == FAILED -> on_disk = J_FAILED
    :: row == NOT_SENT
    :: row == UNKNOWN -> on_disk = J_UNKNOWN
    fi
}

/* A new process takes up what the journal has. */
inline recall() {
    tries = 0; searched = false;
    if
    :: on_disk == J_NONE -> row = FRESH
    :: on_disk == J_SENDING || on_disk == J_UNKNOWN -> row = LOST
    :: on_disk == J_ADDED -> row = ADDED
    :: on_disk == J_FAILED -> row = FAILED
    fi;
    if
    :: skewed = false
    :: skewed = true
    fi
}

/* The end of a row is true, whatever happened. */
inline judge_the_end() {
    assert(row == ADDED || row == FAILED || row == UNKNOWN || row == NOT_SENT); /* none is lost */
    assert(row != ADDED || invited > 0);                 /* added is true */
    assert(row != FAILED || invited == 0);               /* failed is true */
    assert(row != NOT_SENT || invited == 0);             /* so is not sent */
    assert(on_disk != J_NONE || row == NOT_SENT);        /* and the journal knows it */
    assert(invited < 2 || !ended_ours);                  /* nobody is asked again who said no */
    assert(invited < 2);
    assert(!unproven)
}

active proctype process()
{
    mtype reply = NOTHING, scratch = NOTHING, verdict = NONE;
    bool seen_new = false;

    if                                                   /* what was there before */
    :: link = NONE
    :: link = PENDING
    :: link = ENDED
    fi;
    recall();
    do
    /* the journal: a reply has told the time, or the clock of this boot will do, or neither */
    :: !over && row == FRESH && on_disk == J_NONE && JOURNAL_BEFORE_SEND ->
        on_disk = J_SENDING;
        if
        :: timed = true
        :: timed = false
        fi
    :: !over && row == FRESH && (on_disk != J_NONE || !JOURNAL_BEFORE_SEND) ->
        if
        :: atomic { send_row(); client_acts() }
        :: row = NOT_SENT; on_disk = J_NONE              /* the run was stopped before it */
        fi
    :: !over && (row == CLEARED || row == BLOCKED) && tries < TRIES ->
        atomic { send_row(); client_acts() }
    :: !over && row == LOST && tries < TRIES ->
        if
        :: SEARCH_BEFORE_RESEND -> atomic { search_row(); client_acts() }
        :: else -> row = CLEARED
        fi
    :: !over && row == CLAIMED && tries < TRIES -> atomic { search_row(); client_acts() }
    :: !over && (row == LOST || row == CLEARED || row == BLOCKED || row == CLAIMED) ->
        row = UNKNOWN                                    /* tries or time are used up */
    :: !over && (row == ADDED || row == FAILED || row == UNKNOWN || row == NOT_SENT) ->
        write_down();
        over = true
    :: late && late_left > 0 -> atomic { late = false; effect(scratch) }
    :: kills < KILLS && !over -> kills++; recall()       /* kill -9 at any step, and again */
    :: kills < KILLS && over && row == UNKNOWN -> kills++; over = false; recall()
    :: over -> break
    od;
    atomic {
        if
        :: late && late_left > 0 -> late = false; effect(scratch)
        :: else
        fi;
        judge_the_end()
    }
}
