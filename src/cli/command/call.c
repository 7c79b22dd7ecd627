/*
 * bacm call: any operation of the contract, XML in and XML out.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bacm/operation.h>

#include "cli/command/commands.h"
#include "cli/command/session.h"
#include "cli/input/source.h"
#include "cli/terminal/confirm.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/message.h"
#include "cli/terminal/suggest.h"
#include "cli/terminal/text.h"

/* Longest request that is read. */
#define MAX_REQUEST_BYTES ((size_t)16 << 20)

enum { OPTION_INPUT, OPTION_LIST, OPTION_TEMPLATE, OPTION_YES };

static const struct option_info option_table[] = {
    [OPTION_INPUT] = {"input", 'i', "FILE", NULL, "request body; default: stdin"},
    [OPTION_LIST] = {"list", 'l', NULL, NULL, "write the names of all operations"},
    [OPTION_TEMPLATE] = {"template", 't', NULL, NULL, "write a request to fill in"},
    [OPTION_YES] = {"yes", 'y', NULL, NULL,
                    "do not ask before something is changed; bacm asks "
                    "when standard error is a terminal, and sends at once elsewhere"},
    {0},
};

static int list_operations(const struct session *session)
{
    for (size_t i = 0; i < bacm_operation_count(session->client); i++)
        puts(bacm_operation_name(session->client, i));
    return CLI_OK;
}

static bool known_operation(const struct session *session, const char *name)
{
    struct suggest near;

    suggest_begin(&near, name);
    for (size_t i = 0; i < bacm_operation_count(session->client); i++) {
        const char *operation = bacm_operation_name(session->client, i);

        if (strcmp(operation, name) == 0)
            return true;
        suggest_offer(&near, operation);
    }
    if (suggest_best(&near) != NULL)
        message_error("unknown operation '%s'; did you mean %s?", name, suggest_best(&near));
    else
        message_error("unknown operation '%s'; bacm call --list names them all", name);
    return false;
}

struct request {
    char *text;
    size_t size;
};

static bool append(struct request *request, const char *piece, size_t size)
{
    char *larger;

    if (request->size + size > MAX_REQUEST_BYTES) {
        message_error("the request is longer than %zu bytes", MAX_REQUEST_BYTES);
        return false;
    }
    larger = realloc(request->text, request->size + size);
    if (larger == NULL) {
        message_error("out of memory");
        return false;
    }
    memcpy(larger + request->size, piece, size);
    request->text = larger;
    request->size += size;
    return true;
}

static bool read_request(struct request *request, const char *path)
{
    struct source *source = source_open(path, "utf-8");
    struct problem problem = {0};
    const char *piece;
    size_t size;
    bool ok = true;

    if (source == NULL)
        return false;
    while (ok && source_piece(source, &piece, &size, &problem))
        ok = append(request, piece, size);
    if (problem.reason[0] != '\0') {
        problem_report(&problem, source_name(source));
        ok = false;
    } else if (ok && request->size == 0) {
        message_error("%s: empty; write the request of the operation", source_name(source));
        ok = false;
    }
    source_close(source);
    return ok;
}

static bool only_reads(const char *operation)
{
    return strncmp(operation, "Get", 3) == 0 || strncmp(operation, "Find", 4) == 0 ||
           strncmp(operation, "Search", 6) == 0;
}

static bool may_call(const struct cli *cli, const struct session *session, const char *operation)
{
    char question[MESSAGE_MAX_BYTES];

    if (cli->option[OPTION_YES] != NULL || only_reads(operation))
        return true;
    snprintf(question, sizeof question, "Send %s to %s?", operation, session_service(session));
    return confirm(question);
}

/* A terminal gets the reply without what could govern it. */
static int put_response(char *response)
{
    char *clean = isatty(STDOUT_FILENO) ? text_clean(response, true) : NULL;

    puts(clean != NULL ? clean : response);
    free(clean);
    bacm_text_free(response);
    return CLI_OK;
}

static int call(struct cli *cli, struct session *session, const struct request *request)
{
    const char *operation = cli->argument[0];
    bacm_status (*by_text)(char **, bacm_client *, const char *, const char *, size_t,
                           bacm_error *) =
        session->version->speaks_json ? bacm_operation_call_json : bacm_operation_call_xml;
    char *response = NULL;
    bacm_error error;

    if (!may_call(cli, session, operation))
        return CLI_PRECONDITION;
    if (by_text(&response, session->client, operation, request->text, request->size, &error) !=
        BACM_OK)
        return session_failed(&error);
    return put_response(response);
}

static int run_call(struct cli *cli, struct session *session)
{
    const char *path = cli->option[OPTION_INPUT];
    struct request request = {0};
    int code = CLI_USAGE;

    if (!known_operation(session, cli->argument[0]))
        return CLI_USAGE;
    if (cli->option[OPTION_TEMPLATE] != NULL) {
        fputs(bacm_operation_template(session->client, cli->argument[0]), stdout);
        return CLI_OK;
    }
    if (read_request(&request, path != NULL ? path : "-"))
        code = call(cli, session, &request);
    free(request.text);
    return code;
}

static int run(struct cli *cli)
{
    bool list = cli->option[OPTION_LIST] != NULL;
    struct session session;
    int code;

    if (!list && cli->argument_count == 0) {
        message_error("no operation; bacm call --list names them all");
        return CLI_USAGE;
    }
    code = session_open(&session, &cli->settings);
    if (code != CLI_OK)
        return code;
    code = list ? list_operations(&session) : run_call(cli, &session);
    session_close(&session);
    return code;
}

const struct command command_call = {
    .name = "call",
    .synopsis = "OPERATION",
    .summary = "call any operation of the service with JSON or XML",
    .description =
        "Reads a request body, adds the headers, sends it and writes the response body. Over SOAP "
        "that is XML, one element OPERATIONRequest in the namespace of the contract; over REST "
        "one JSON object with the members of the request. It is read by the types of the "
        "contract: what they do not know is refused. The rules that the other commands apply "
        "(Super Admin, at most 10 links) are left to the service here.",
    .examples = "  echo '{}' | bacm call --api v13-rest GetUser\n"
                "  bacm call --list\n"
                "  bacm call GetUser --template\n",
    .example_in_version =
        {"  echo '<GetUserRequest xmlns=\"https://bingads.microsoft.com/Customer/v11\"/>' |\n"
         "      bacm call GetUser\n",
         "  echo '<GetUserRequest xmlns=\"https://bingads.microsoft.com/Customer/v13\"/>' |\n"
         "      bacm call --api v13 GetUser\n"},
    .options = option_table,
    .max_arguments = 1,
    .run = run,
};
