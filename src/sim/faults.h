/*
 * Fault injection: rules say what goes wrong in which calls. The
 * grammar is explained by --help.
 */
#ifndef BACM_SIM_FAULTS_H
#define BACM_SIM_FAULTS_H

#include <jansson.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#define FAULTS_MAX        64
#define FAULT_SPEC_SIZE   128
#define FAULT_REASON_SIZE 160

/* The form that PartialErrors and OperationErrors take in a reply. */
enum nil_form {
    NIL_FORM_SERVICE,     /* the service's: nil entries, OperationErrors nil */
    NIL_FORM_ABSENT,      /* no PartialErrors, when every link succeeded */
    NIL_FORM_NIL,         /* PartialErrors nil, when every link succeeded */
    NIL_FORM_EMPTY,       /* PartialErrors empty, when every link succeeded */
    NIL_FORM_ENTRY_EMPTY, /* an empty entry for each success */
    NIL_FORM_ENTRY_INNER, /* an entry holding one nil error for each success */
    NIL_FORM_CALL_ABSENT, /* no OperationErrors */
    NIL_FORM_CALL_EMPTY   /* OperationErrors empty */
};

/* What a REST reply has that others, or the reference, would write in another way. */
enum json_form {
    JSON_FORM_SERVICE,
    JSON_FORM_IDS_NUMBER,      /* ids of 64 bits as numbers */
    JSON_FORM_IDS_OVERFLOW,    /* ids with more digits than 64 bits hold */
    JSON_FORM_UNKNOWN_MEMBERS, /* in every object */
    JSON_FORM_DUPLICATE,       /* the first member of every object again at its end */
    JSON_FORM_LOWER_CASE,      /* names begin with a small letter */
    JSON_FORM_LOWER_PAIRS,     /* key and value, as the reference prints them */
    JSON_FORM_SLOT_OBJECT,     /* a slot is its first error, not a list */
    JSON_FORM_SLOT_FLAT,       /* PartialErrors is one list, without the slots of success */
    JSON_FORM_NULLS_ABSENT,    /* members that are null are left out */
    JSON_FORM_ARRAY,           /* the object stands in an array */
    JSON_FORM_MARK,            /* a byte order mark in front */
    JSON_FORM_TRAILING,        /* text behind the object */
    JSON_FORM_TYPE_FIRST,      /* a fault begins with its type */
    JSON_FORM_NO_TYPE,         /* a fault has none */
    JSON_FORM_TRACKING_MOVED   /* the tracking id in the body, that of a fault in the header */
};

enum page_cap { PAGE_CAP_SERVICE, PAGE_CAP_REFUSE, PAGE_CAP_CUT, PAGE_CAP_NONE };

enum forced_channel { FORCED_NONE, FORCED_ADAPI, FORCED_API, FORCED_BARE, FORCED_OPERATION };

struct forced_fault {
    enum forced_channel channel;
    int code;
};

/* All that goes wrong in one call; zero is a call in which nothing does. */
struct fault_plan {
    bool refuse;                      /* the connection is closed as soon as it is accepted */
    bool drop_before;                 /* the request is read and forgotten */
    bool drop_after;                  /* the request is carried out and not answered */
    int64_t stall_ms;                 /* before the request is carried out */
    int64_t delay_ms;                 /* between that and the reply */
    struct forced_fault forced;       /* instead of carrying the request out */
    struct forced_fault forced_after; /* instead of the reply to what was carried out */
    int http_status;                  /* an HTML page with this status instead of an answer */
    int status;                       /* the answer's HTTP status is replaced */
    bool garbage;
    bool empty;
    bool truncated;
    int64_t truncate_at; /* below 0: counted from the end */
    int count_change;    /* PartialErrors entries too many or too few */
    enum nil_form nil_form;
    enum json_form json_form;
    enum page_cap page_cap;            /* what happens to a search for more than 100 links a page */
    bool two_identities;               /* a link needs both identities of its client */
    char retry_after[FAULT_SPEC_SIZE]; /* seconds, or "date:" and seconds from now */
    bool gzip;
    bool chunked;
    int64_t huge_bytes;
    int64_t deep_levels;
    int64_t drip_ms; /* between two bytes of the reply */
    char content_type[FAULT_SPEC_SIZE];
    char link_status[FAULT_SPEC_SIZE]; /* what a search says of every link */
    char oauth_error[FAULT_SPEC_SIZE];
    bool no_refresh_token;
    bool expires_as_text;
};

struct fault_rule;

struct faults {
    pthread_mutex_t lock;
    struct fault_rule *rules[FAULTS_MAX];
    int count;
};

void faults_init(struct faults *faults);
void faults_clear(struct faults *faults);

/* Adds a rule; false with the reason. */
bool faults_add(struct faults *faults, const char *spec, char reason[FAULT_REASON_SIZE]);

/*
 * Counts a call of `operation` by an API ("v11", "v13-rest"; NULL: it is none of the
 * service) and collects the rules that hit it, with their specs.
 */
void faults_plan(struct faults *faults, const char *api, const char *operation,
                 struct fault_plan *plan, json_t **out_specs);

/* Counts a new connection: true when it is to be closed at once. */
bool faults_refuse(struct faults *faults);

/* The rules with how often each one was met and hit. */
json_t *faults_list(struct faults *faults);

#endif
