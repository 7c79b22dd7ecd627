#include "suggest.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

static size_t min3(size_t a, size_t b, size_t c)
{
    size_t smaller = a < b ? a : b;

    return smaller < c ? smaller : c;
}

/* Levenshtein distance without regard to case; SIZE_MAX when a name is too long. */
static size_t distance(const char *a, const char *b)
{
    size_t row[SUGGEST_MAX_NAME + 1];
    size_t a_length = strlen(a);
    size_t b_length = strlen(b);

    if (a_length > SUGGEST_MAX_NAME || b_length > SUGGEST_MAX_NAME)
        return SIZE_MAX;
    for (size_t j = 0; j <= b_length; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        size_t diagonal = row[0];

        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t above = row[j];
            int differs = tolower((unsigned char)a[i - 1]) != tolower((unsigned char)b[j - 1]);

            row[j] = min3(above + 1, row[j - 1] + 1, diagonal + (size_t)differs);
            diagonal = above;
        }
    }
    return row[b_length];
}

void suggest_begin(struct suggest *suggest, const char *wanted)
{
    suggest->wanted = wanted;
    suggest->best = NULL;
    suggest->distance = SIZE_MAX;
}

void suggest_offer(struct suggest *suggest, const char *name)
{
    size_t d = distance(suggest->wanted, name);

    if (d < suggest->distance) {
        suggest->distance = d;
        suggest->best = name;
    }
}

const char *suggest_best(const struct suggest *suggest)
{
    size_t length = strlen(suggest->wanted);
    size_t allowed = length < 4 ? 1 : length / 3 + 1;

    return suggest->distance <= allowed ? suggest->best : NULL;
}
