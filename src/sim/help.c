#include "help.h"

#include <stdio.h>

static const char *const sections[] = {
    "bacm-sim - a simulator of the Bing Ads Customer Management service, v11 and v13\n"
    "\n"
    "  bacm-sim [options]\n"
    "\n"
    "It listens on loopback, prints one JSON line when it is ready (url, urlV13, tokenUrl,\n"
    "authorizeUrl, controlUrl, caFile, pid) and serves until SIGTERM or SIGINT. url is the\n"
    "endpoint of v11, urlV13 that of v13; both show the same accounts, users and links. The\n"
    "contracts are at url?wsdl and url?singleWsdl, and so for urlV13, with the simulator's\n"
    "own address; the root of the same port is a page for people.\n"
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
    "  --print-data            print the built-in data set, as an example, and end; a link\n"
    "                          may have clientCustomerId, customerLinkPermission instead of\n"
    "                          accountId: a link of a whole customer, for v13\n"
    "  --generate SPEC         add agencies=N,clients=N: agencies from 2100001 with access\n"
    "                          tokens GENERATED-AGENCY-1-TOKEN ..., accounts from 5000001\n"
    "  --state FILE            keep the state in an SQLite file that survives the end; a\n"
    "                          file that holds data already is used as it is\n"
    "  --log FILE              append one JSON line a request, before its reply is sent;\n"
    "                          tokens appear as the start of their SHA-256, the version of\n"
    "                          the service as api\n"
    "  --strict-echo           UpdateClientLinks wants every text back byte for byte, not\n"
    "                          only with the same value\n"
    "\n",

    "Time\n"
    "  --clock real|manual     manual: stands still until it is stepped\n"
    "  --clock-rate N          runs N times as fast\n"
    "  --transition-seconds N  how long LinkInProgress and UnlinkInProgress last in the\n"
    "                          simulated time; default 300\n"
    "\n",

    "Trouble\n"
    "  --rate-limit N          a user may make N calls in a minute of simulated time, then\n"
    "                          117; default 0, no limit\n"
    "  --fault SPEC            something goes wrong; may be given several times\n"
    "\n"
    "  SPEC is KIND[=VALUE][,KEY=VALUE]...; KIND is one of\n"
    "    refuse             close the connection as soon as it is accepted\n"
    "    drop-before        read the request, do nothing, cut the line\n"
    "    drop-after         carry the request out, then cut the line\n"
    "    stall=MS           wait before the request is carried out\n"
    "    delay=MS           carry it out, then wait before the reply\n"
    "    drip=MS            send the reply byte by byte, MS apart\n"
    "    truncate=N         cut the line after N bytes of the body; below 0: N bytes too early\n"
    "    fault=adapi:CODE   a fault with AdApiFaultDetail instead of carrying it out\n"
    "    fault=api:CODE     a fault with ApiFault\n"
    "    fault=bare         a fault without detail\n"
    "    fault=operation:CODE  a reply with OperationErrors\n"
    "    fault-after=...    the same, but the request was carried out\n"
    "    status=N           another HTTP status for the same reply\n"
    "    http=N             an HTML page with this status, nothing carried out\n"
    "    garbage, empty     another body\n"
    "    type=TEXT          another Content-Type\n"
    "    count=N            PartialErrors has N entries more, or fewer when below 0\n"
    "    nil=FORM           absent, nil, empty: PartialErrors when every link succeeded;\n"
    "                       entry-empty, entry-inner: the entry of a success;\n"
    "                       call-absent, call-empty: OperationErrors\n"
    "    gzip, chunked      how the body is sent\n"
    "    huge=BYTES, deep=LEVELS  filler in the reply\n"
    "    link-status=TEXT   the status of every link that a search finds\n"
    "    oauth-error=TEXT   the token request fails with this error\n"
    "    no-refresh-token   the token reply has none\n"
    "    expires-text       the token reply has expires_in as text\n"
    "  and KEY one of\n"
    "    op=NAME            an operation's name, token or authorize; default every one\n"
    "    api=v11, api=v13   calls of this version; default both, and OAuth\n"
    "    call=N, call=N-M   by number among the calls of op and api, from 1\n"
    "    every=N            each Nth\n"
    "    p=P, seed=N        by chance, the same for the same seed\n"
    "    times=N            at most so often\n"
    "  Where two rules set the same, the later one holds. refuse counts connections.\n"
    "\n",

    "OAuth\n"
    "  --token-lifetime N      seconds that an access token lives; default 3600\n"
    "  --oauth-strict          a refresh token serves once; otherwise old ones stay valid\n"
    "  --oauth-auto-consent[=USER]  the authorize address redirects at once, as this user\n"
    "                          (default agency.admin), instead of showing a page\n"
    "\n",

    "Control, at controlUrl, each with the header X-Bacm-Sim: 1 and JSON bodies\n"
    "  GET, POST /control/clock   {\"step\": SECONDS}, {\"rate\": N}, {\"now\": DATETIME}\n"
    "  GET, POST /control/faults  {\"add\": SPEC}, {\"clear\": true}\n"
    "  GET /control/links         every invitation with its history, by id; query accountId,\n"
    "                             clientCustomerId, managingCustomerId, after, limit\n"
    "  POST /control/links        {\"accountId\": N, \"managingCustomerId\": N}, of a link of a\n"
    "                             whole customer clientCustomerId, with status, held\n"
    "                             (the clock does not move it), willFail (its next transition),\n"
    "                             or clientAnswer: LinkAccepted, LinkDeclined by the rules\n"
    "  GET /control/customers, /control/accounts  query customerId, after, limit\n"
    "  GET /control/log           the newest requests; query after=SEQ\n"
    "  POST /control/tokens       {\"expireUser\": N}, {\"revokeUser\": N}\n"
    "  POST /control/reset        {}: the data set anew, no faults\n"
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
