#include "help.h"

#include <stdio.h>

static const char *const sections[] = {
    "bacm-sim - a simulator of the Bing Ads Customer Management service, version 11\n"
    "\n"
    "  bacm-sim [options]\n"
    "\n"
    "It listens on loopback, prints one JSON line when it is ready (url, tokenUrl,\n"
    "authorizeUrl, controlUrl, caFile, pid) and serves until SIGTERM or SIGINT.\n"
    "\n"
    "  bacm-sim --log requests.ndjson &\n"
    "  BACM_ENDPOINT=<url> BACM_CA_FILE=<caFile> \\\n"
    "  BACM_DEVELOPER_TOKEN=DEV-DEMO BACM_ACCESS_TOKEN=AGENCY-ADMIN-TOKEN bacm whoami\n"
    "\n",

    "Network\n"
    "  --listen HOST:PORT      where to listen; default 127.0.0.1:0, port 0 is any free one\n"
    "  --plain-http            no TLS\n"
    "  --certificate KIND      good (default), or one that a client must refuse: expired,\n"
    "                          wrong-name, name-in-cn, star, unknown-ca, self-signed\n"
    "  --ca-out FILE           where the CA certificate goes; default a temporary file that\n"
    "                          is removed at the end\n"
    "  --max-connections N     open at once, further ones wait; default 256\n"
    "  --max-request-bytes N   of a request's body; default 4194304\n"
    "  --idle-seconds N        how long a connection may be idle; default 120\n"
    "  --latency-ms N          wait before every reply\n"
    "\n",

    "Data\n"
    "  --data FILE             JSON data set; default a built-in one\n"
    "  --print-data            print the built-in data set, as an example, and end\n"
    "  --generate SPEC         add agencies=N,clients=N: agencies from 2100001 with access\n"
    "                          tokens GENERATED-AGENCY-1-TOKEN ..., accounts from 5000001\n"
    "  --state FILE            keep the state in an SQLite file that survives the end; a\n"
    "                          file that holds data already is used as it is\n"
    "  --log FILE              append one JSON line a request, before its reply is sent;\n"
    "                          tokens appear as the start of their SHA-256\n"
    "  --strict-echo           UpdateClientLinks wants every text back byte for byte, not\n"
    "                          only with the same value\n"
    "\n",

    "Time\n"
    "  --clock real|manual     manual: stands still until it is stepped\n"
    "  --clock-rate N          runs N times as fast\n"
    "  --transition-seconds N  how long LinkInProgress and UnlinkInProgress last in the\n"
    "                          simulated time; default 300\n"
    "\n",

    "Other\n"
    "  --exit-with-stdin       end when standard input does\n"
    "  --help, --version\n",
};

void help_print(void)
{
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++)
        fputs(sections[i], stdout);
}
