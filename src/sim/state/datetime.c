#include "sim/state/datetime.h"

#include <ctype.h>
#include <stddef.h>
#include <stdio.h>
#include <time.h>

/* Reads exactly `digits` digits; advances *text; false when there are fewer. */
static bool read_number(const char **text, int digits, int *out)
{
    int value = 0;
    for (int i = 0; i < digits; i++) {
        if (!isdigit((unsigned char)(*text)[i]))
            return false;
        value = value * 10 + ((*text)[i] - '0');
    }
    *text += digits;
    *out = value;
    return true;
}

static bool skip(const char **text, char expected)
{
    if (**text != expected)
        return false;
    (*text)++;
    return true;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

static bool read_fraction(const char **text, int64_t *ticks)
{
    *ticks = 0;
    if (!skip(text, '.'))
        return true;
    if (!isdigit((unsigned char)**text))
        return false;
    int64_t unit = 1000000;
    for (; isdigit((unsigned char)**text); (*text)++) {
        *ticks += unit * (**text - '0');
        unit /= 10;
    }
    return true;
}

static bool read_zone(const char **text, enum datetime_zone *zone, int *offset_minutes)
{
    *offset_minutes = 0;
    if (skip(text, 'Z')) {
        *zone = DATETIME_ZONE_UTC;
        return true;
    }
    if (**text != '+' && **text != '-') {
        *zone = DATETIME_ZONE_NONE;
        return true;
    }
    int sign = **text == '-' ? -1 : 1;
    (*text)++;
    int hours;
    int minutes;
    if (!read_number(text, 2, &hours) || !skip(text, ':') || !read_number(text, 2, &minutes) ||
        hours > 14 || minutes > 59)
        return false;
    *zone = DATETIME_ZONE_OFFSET;
    *offset_minutes = sign * (hours * 60 + minutes);
    return true;
}

bool datetime_parse(const char *text, struct datetime *out)
{
    struct tm tm = {0};
    int year;
    int month;
    int offset_minutes;
    if (!read_number(&text, 4, &year) || !skip(&text, '-') || !read_number(&text, 2, &month) ||
        !skip(&text, '-') || !read_number(&text, 2, &tm.tm_mday) || !skip(&text, 'T') ||
        !read_number(&text, 2, &tm.tm_hour) || !skip(&text, ':') ||
        !read_number(&text, 2, &tm.tm_min) || !skip(&text, ':') ||
        !read_number(&text, 2, &tm.tm_sec) || !read_fraction(&text, &out->ticks) ||
        !read_zone(&text, &out->zone, &offset_minutes) || *text != '\0')
        return false;
    if (year < 1 || month < 1 || month > 12 || tm.tm_mday < 1 ||
        tm.tm_mday > days_in_month(year, month) || tm.tm_hour > 23 || tm.tm_min > 59 ||
        tm.tm_sec > 59)
        return false;
    tm.tm_year = year - 1900;
    tm.tm_mon = month - 1;
    int64_t seconds = (int64_t)timegm(&tm) - (int64_t)offset_minutes * 60;
    out->ms = seconds * 1000 + out->ticks / 10000;
    return true;
}

void datetime_format(int64_t ms, char text[DATETIME_TEXT_SIZE])
{
    time_t seconds = (time_t)(ms / 1000);
    struct tm tm;
    char date[24];
    gmtime_r(&seconds, &tm);
    strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(text, DATETIME_TEXT_SIZE, "%s.%03d", date, (int)(ms % 1000));
}
