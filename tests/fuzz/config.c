/*
 * A configuration file: it is refused, or what was taken from it can be written
 * down and is then taken again.
 */
#include "fuzz.h"

#include <stdio.h>
#include <string.h>

#include "cli/profile/config.h"
#include "cli/profile/private_file.h"

enum { MAX_FILE = 16 << 10 }; /* no more is tried here, and room for more takes time */

/* Stands before the function: the room that is taken for a file is limited. */
enum private_file_result __wrap_private_file_read(const char *path, size_t limit, char **text,
                                                  size_t *size);
enum private_file_result __real_private_file_read(const char *path, size_t limit, char **text,
                                                  size_t *size);

enum private_file_result __wrap_private_file_read(const char *path, size_t limit, char **text,
                                                  size_t *size)
{
    REQUIRE(limit == CONFIG_MAX_BYTES);
    return __real_private_file_read(path, MAX_FILE, text, size);
}

static bool read_file(struct settings *settings, const char *path)
{
    memset(settings, 0, sizeof *settings);
    REQUIRE(settings_set(settings, SETTING_CONFIG, path, SOURCE_OPTION, "--config"));
    return config_read(settings);
}

static char *write_down(const struct settings *settings, size_t *size)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, size);

    REQUIRE(out != NULL);
    fputs("[default]\n", out);
    for (int id = 0; id < SETTING_COUNT; id++) {
        if (settings->source[id] != SOURCE_FILE)
            continue;
        REQUIRE(setting_in_file((enum setting_id)id));
        REQUIRE(settings->value[id] != NULL && settings->value[id][0] != '\0');
        fprintf(out, "%s = %s\n", setting_table[id].name, settings->value[id]);
    }
    REQUIRE(fclose(out) == 0);
    return text;
}

static void check_again(const struct settings *settings)
{
    struct settings again;
    size_t size = 0;
    char *text = write_down(settings, &size);

    if (size <= MAX_FILE) {
        REQUIRE(read_file(&again, fuzz_file(text, size)));
        for (int id = 0; id < SETTING_COUNT; id++) {
            REQUIRE(again.source[id] == settings->source[id]);
            REQUIRE(again.source[id] != SOURCE_FILE ||
                    strcmp(again.value[id], settings->value[id]) == 0);
        }
        settings_free(&again);
    }
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct settings settings;

    if (read_file(&settings, fuzz_file(bytes, size)))
        check_again(&settings);
    settings_free(&settings);
    return 0;
}
